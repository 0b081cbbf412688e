"""The folder that COPY reads: the checkout without what .dockerignore leaves out."""

import hashlib
import re
import shutil
from pathlib import Path


def fresh_context(checkout: Path, folder: Path) -> Path:
    """Copy what a builder would be sent into `folder`/context, and return it."""
    into = folder / "context"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    rules = _rules((checkout / ".dockerignore").read_text())
    for top in sorted(checkout.iterdir()):
        if top.name not in {".git", ".regulars"}:
            _lay(top, Path(top.name), into, rules)
    return into


def digest_of(place: Path) -> str:
    """Return a digest of a file's or a folder's names, modes and contents."""
    told = hashlib.sha256()
    for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
        content = file.read_bytes() if file.is_file() else b""
        told.update(f"{file.relative_to(place.parent)} {file.stat().st_mode:o} {len(content)}\0".encode() + content)
    return told.hexdigest()


def _lay(source: Path, name: Path, into: Path, rules: list[tuple[re.Pattern[str], bool]]) -> None:
    if source.is_symlink():
        return
    if source.is_dir():
        if not _ignored(name, rules) or any(keeps for _, keeps in rules):
            if source.name == "node_modules":  # large, and left out by name
                return
            for inner in sorted(source.iterdir()):
                _lay(inner, name / inner.name, into, rules)
    elif not _ignored(name, rules):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, into / name)


def _ignored(name: Path, rules: list[tuple[re.Pattern[str], bool]]) -> bool:
    """The last rule that matches the file or a folder above it decides."""
    ignored = False
    places = [str(one) for one in (name, *name.parents)][:-1]
    for pattern, keeps in rules:
        if any(pattern.fullmatch(place) for place in places):
            ignored = not keeps
    return ignored


def _rules(text: str) -> list[tuple[re.Pattern[str], bool]]:
    found: list[tuple[re.Pattern[str], bool]] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pattern = re.escape(line.lstrip("!").rstrip("/"))
            pattern = pattern.replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
            found.append((re.compile(pattern), line.startswith("!")))
    return found
