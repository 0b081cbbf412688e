"""Before everything else, behind the environments: `prepare.py` has this fetch the models, with that of the onebox.

Standard library only: `fetch_models.py PYTHON`. Once all were compared with the digests that the packs name, a stamp
holds which were asked for and the size and time of change of each file. While it holds they are not read again: it
says that none is missing, not that nobody has touched one. Whoever loads a model compares its digest then, and
refuses another one (`regulars/vision/packs.py`); the sample pictures are only drawn from.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / ".regulars" / "models"
STAMP = ROOT / ".regulars" / "models.checked"


def main(python: str) -> int:
    """Fetch what is missing; it keeps its own lock. The exit code."""
    pack = os.environ.get("REGULARS_PACK", "default")
    if STAMP.is_file() and STAMP.read_text() == there(pack):
        return 0
    command = [python, "-m", "regulars.vision.fetch", "--into", str(MODELS), "--pack", pack]
    try:
        failed = subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:  # prepare.py says it
        return 130
    if not failed:
        STAMP.write_text(there(pack))
    return failed


def there(pack: str) -> str:
    """Return the digest of what is asked for and of the size and time of change of what is there."""
    described = [*sorted((ROOT / "regulars" / "vision").rglob("*.toml")), Path(pack)]
    told = hashlib.sha256(pack.encode() + b"".join(toml.read_bytes() for toml in described if toml.is_file()))
    for file in sorted(MODELS.rglob("*")):
        told.update(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return told.hexdigest()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
