"""Before everything else, beside the environments: `prepare.py` has this build the portal into `.regulars/portal`.

Standard library only. `npm ci` fetches what `package-lock.json` names, with its hashes; a stamp holds the digest of all
that the portal is made from, so a second start costs nothing. A build that fails leaves the one before it in place.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "frontend"
HOME = ROOT / ".regulars"
BUILT = HOME / "portal"
MADE_FROM = ("package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json", "src", "public")


def main() -> int:
    """Install what the portal is made with, and build it unless `--only-packages`; the exit code."""
    HOME.mkdir(exist_ok=True)
    with (HOME / "portal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            install()
            if "--only-packages" not in sys.argv:
                build()
        except subprocess.CalledProcessError as failure:
            print(f"run: the portal: {' '.join(failure.cmd)} failed ({failure.returncode}).", file=sys.stderr)
            print(f"{failure.stdout}{failure.stderr}\nStart again to go on.", file=sys.stderr)
            return 1
        except OSError as failure:
            print(f"run: the portal: {failure}.", file=sys.stderr)
            return 1
        except KeyboardInterrupt:  # prepare.py says it
            return 130
    return 0


def install() -> None:
    """Bring `frontend/node_modules` to the state of the lock. Raises CalledProcessError."""
    stamp = SOURCE / "node_modules" / ".made-from"
    wanted = digest("package-lock.json")
    if not stamp.is_file() or stamp.read_text() != wanted:
        _npm("ci", "--no-audit", "--no-fund", "--ignore-scripts")
        stamp.write_text(wanted)


def build() -> None:
    """Build the portal. Raises CalledProcessError."""
    stamp, wanted = BUILT / ".made-from", digest(*MADE_FROM)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    fresh = HOME / "portal-new"
    _npm("run", "--silent", "build", "--", "--outDir", str(fresh), "--emptyOutDir", "--logLevel", "warn")
    (fresh / ".made-from").write_text(wanted)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)


def digest(*names: str) -> str:
    """Return the digest of these files and folders of `frontend/`, names and contents."""
    told = hashlib.sha256(str(SOURCE).encode())
    for name in names:
        place = SOURCE / name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file():
                told.update(f"{file.relative_to(SOURCE)}\0".encode() + file.read_bytes())
    return told.hexdigest()


def _npm(*words: str) -> None:
    environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    npm = shutil.which("npm") or "npm"
    command = [npm, *words]
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    subprocess.run(command, cwd=SOURCE, env=environment, check=True, **quiet)


if __name__ == "__main__":
    sys.exit(main())
