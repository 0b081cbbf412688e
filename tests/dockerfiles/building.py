"""Executes a Dockerfile's own lines without an engine: each stage is an overlay on the stage below, each RUN a chroot.

What this shows: that every line works on a clean Debian and what the image then holds, as which user it runs and that
its root may be read-only. What it does not: the engine's own behaviour (its cache, its export, other processors than
this one), and the base image itself: the base is Debian's minimal system of the same release, made by mmdebstrap.
"""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.dockerfiles.context import digest_of
from tests.dockerfiles.reading import Dockerfile, Instruction, Stage

_TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
"""What this machine trusts: a registry may be reached through a proxy with a certificate of its own."""
_TRUSTED_THERE = "/run/trusted.crt"
_PROXIES = {
    name: value for name, value in os.environ.items() if name.lower() in {"http_proxy", "https_proxy", "no_proxy"}
}
_BUILDER = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    **dict.fromkeys(("PIP_CERT", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"), _TRUSTED_THERE),
    **_PROXIES,
}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass
class Image:
    """What a stage came to: layers from the lowest to the topmost, and the configuration."""

    layers: list[Path]
    env: dict[str, str] = field(default_factory=dict[str, str])
    labels: dict[str, str] = field(default_factory=dict[str, str])
    user: str = "0:0"
    workdir: str = "/"
    volumes: list[str] = field(default_factory=list[str])
    ports: list[int] = field(default_factory=list[int])
    command: list[str] = field(default_factory=list[str])
    health: list[str] = field(default_factory=list[str])
    stop_signal: str = "SIGTERM"

    def lower(self) -> str:
        """Return the layers as overlayfs takes them."""
        return ":".join(str(layer) for layer in reversed(self.layers))

    def own_bytes(self) -> int:
        """Return what lies in the layers above the base."""
        files = (file for layer in self.layers[1:] for file in layer.rglob("*"))
        return sum(file.lstat().st_size for file in files if not file.is_symlink() and file.is_file())


Made = Callable[[str], Image]


class Builder:
    """Builds images in a folder; a stage made from the same lines and files is made once."""

    def __init__(self, folder: Path, context: Path) -> None:
        self._folder, self._context = folder.resolve(), context.resolve()
        self._cache = self._folder / "cache"
        self._cache.mkdir(parents=True, exist_ok=True)

    def build(self, dockerfile: Dockerfile) -> Image:
        """Execute the stages that the last one needs. Raises AssertionError with the words of the line that failed."""
        platform_name = f"linux/{_ARCHITECTURES[platform.machine()]}"
        variables = {**dockerfile.defaults, "BUILDPLATFORM": platform_name}
        images: dict[str, Image] = {}

        def made(name: str) -> Image:
            stage = dockerfile.stage(name)
            if stage is None:
                return Image([self._base(name)])
            if name not in images:
                images[name] = self._stage(stage, made(stage.parent), made, variables)
            return images[name]

        return made(dockerfile.stages[-1].name)

    def _base(self, name: str) -> Path:
        """Return a stand-in for `debian:SUITE-slim`."""
        system, _, tag = name.partition(":")
        assert system == "debian", f"there is no stand-in for {name}"
        place = self._folder / f"base-{tag}"
        if not place.exists():
            part = place.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            left_out = [f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in ("doc", "man", "locale", "info")]
            _run(["mmdebstrap", "--variant=minbase", "--quiet", *left_out, tag.removesuffix("-slim"), str(part)])
            part.rename(place)
        return place

    def _stage(self, stage: Stage, parent: Image, made: Made, variables: dict[str, str]) -> Image:
        told = hashlib.sha256(parent.lower().encode())
        arguments = variables | stage.arguments()
        sources = [self._source(one.filled(arguments), made) for one in stage.instructions if one.word == "COPY"]
        for instruction in stage.instructions:
            told.update(repr(instruction).encode())
        for root, names in sources:
            told.update("".join(digest_of(root / name) for name in names).encode() if root == self._context else b"")
            told.update(str(root).encode())
        layer = self._folder / "stages" / told.hexdigest()[:24]
        work = Work(layer, Image([*parent.layers], dict(parent.env), {}, parent.user, parent.workdir), self._cache)
        copies = iter(sources)
        for instruction in stage.instructions:
            if instruction.word == "COPY":
                work.copy(*next(copies), instruction.rest.split()[-1])
            else:
                work.carry_out(instruction, arguments)
        return work.finished()

    def _source(self, copy: Instruction, made: Made) -> tuple[Path, list[str]]:
        names = [name.lstrip("/") for name in copy.rest.split()[:-1]]
        stage = copy.option("from")
        if stage is None:
            return self._context, names
        image = made(stage)
        [root] = [layer for layer in image.layers if all((layer / name).exists() for name in names)]
        return root, names


class Work:
    """One stage being made: nothing of it is executed where its layer is there already."""

    def __init__(self, layer: Path, image: Image, cache: Path) -> None:
        self._layer, self.image, self._cache = layer, image, cache
        self._done = layer.exists()
        self._upper = layer.with_suffix(".part")
        if not self._done:
            shutil.rmtree(self._upper, ignore_errors=True)
            self._upper.mkdir(parents=True)

    def carry_out(self, instruction: Instruction, arguments: dict[str, str]) -> None:
        image, rest = self.image, instruction.rest
        match instruction.word:
            case "RUN":
                self._execute(instruction)
            case "ARG":
                pass
            case "ENV":
                image.env |= instruction.pairs(arguments | image.env)
            case "LABEL":
                image.labels |= instruction.pairs(arguments | image.env)
            case "WORKDIR":
                image.workdir = rest
                if not self._done:
                    (self._upper / rest[1:]).mkdir(parents=True, exist_ok=True)
            case _:
                _configure(image, instruction)

    def copy(self, root: Path, names: list[str], to: str) -> None:
        """Copy files, and folders' contents, as COPY does: owned by root."""
        if self._done:
            return
        target = self._upper / to.lstrip("/") if to.startswith("/") else self._upper / self.image.workdir[1:] / to
        into_folder = to.endswith("/") or len(names) > 1
        for name in names:
            source = root / name
            assert source.exists(), f"COPY {name}: it is not in the context"
            place = target / source.name if source.is_file() and into_folder else target
            place.parent.mkdir(parents=True, exist_ok=True)
            _run(["cp", "-a", "--no-preserve=ownership", f"{source}/." if source.is_dir() else str(source), str(place)])

    def finished(self) -> Image:
        if not self._done:
            self._upper.rename(self._layer)
        self.image.layers.append(self._layer)
        return self.image

    def _execute(self, instruction: Instruction) -> None:
        if self._done:
            return
        root = self._upper.with_suffix(".root")
        scratch = self._upper.with_suffix(".work")
        for folder in (root, scratch):
            folder.mkdir(exist_ok=True)
        lower = self.image.lower()
        lines = [
            f"mount -t overlay overlay -o lowerdir={lower},upperdir={self._upper},workdir={scratch} {root}",
            f"mount -t proc proc {root}/proc",
            f"mount --rbind /dev {root}/dev",
        ]
        for here, there in (("/etc/resolv.conf",) * 2, ("/etc/hosts",) * 2, (str(_TRUSTED), _TRUSTED_THERE)):
            lines += [f"touch {root}{there}", f"mount --bind {here} {root}{there}"]
        for kind, what in instruction.options:
            cached, _, target = what.partition(",target=")
            assert (kind, cached) == ("mount", "type=cache")
            kept = self._cache / target.strip("/").replace("/", "-")
            kept.mkdir(parents=True, exist_ok=True)
            lines += [f"mkdir -p {root}{target}", f"mount --bind {kept} {root}{target}"]
        environment = [f"{name}={value}" for name, value in (_BUILDER | self.image.env).items()]
        inside = ["/usr/bin/env", "-i", "-C", self.image.workdir, *environment, *instruction.command()]
        lines.append("exec " + shlex.join(["chroot", str(root), *inside]))
        _run(["unshare", "--mount", "--pid", "--fork", "sh", "-ec", "\n".join(lines)])
        scratch_inner = scratch / "work"
        if scratch_inner.exists():
            shutil.rmtree(scratch)


def _configure(image: Image, instruction: Instruction) -> None:
    rest = instruction.rest
    match instruction.word:
        case "USER":
            image.user = rest
        case "VOLUME":
            image.volumes.append(rest)
        case "EXPOSE":
            image.ports.append(int(rest))
        case "CMD":
            image.command = instruction.command()
        case "HEALTHCHECK":
            image.health = Instruction("CMD", (), rest.removeprefix("CMD ")).command()
        case other:
            assert other == "STOPSIGNAL"
            image.stop_signal = rest


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
