"""Builds images without an engine and prints their sizes: `python -m tests.dockerfiles [NAME…]`, as root on Linux."""

import sys

from tests.conftest import CHECKOUT
from tests.dockerfiles.building import Builder
from tests.dockerfiles.context import fresh_context
from tests.dockerfiles.reading import read_dockerfile

IMAGES = CHECKOUT / "compose" / "images"


def main() -> None:
    """Print a line per image: what it adds to its base, uncompressed."""
    folder = CHECKOUT / ".regulars" / "images"
    builder = Builder(folder, fresh_context(CHECKOUT, folder))
    for name in sys.argv[1:] or sorted(path.name.removesuffix(".Dockerfile") for path in IMAGES.iterdir()):
        image = builder.build(read_dockerfile(IMAGES / f"{name}.Dockerfile"))
        sys.stdout.write(f"{name:<10} {image.own_bytes() / 1e6:>4.0f} MB above its base\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
