"""The files of a backup: the dump, people sealed one by one, copies of objects, and the data keys that lie apart."""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from regulars.errors import ConfigurationRefused, NotFound
from regulars.store.personal_rows import Whose

DUMP, PEOPLE, OBJECTS, TOLD = "postgresql.dump", "people.jsonl.gz", "objects", "backup.json"
_KEYS = "data-keys.jsonl.gz"
UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class BackupFolders:
    """Where backups lie, each in a folder named by its moment, and where the newest data keys and erasures lie.

    The two must be apart: whoever keeps old keys with the backups keeps the erased. Raises ConfigurationRefused.
    """

    backups: Path
    keys: Path

    def __post_init__(self) -> None:
        """Refuse one inside the other."""
        one, other = self.backups.resolve(), self.keys.resolve()
        if one == other or one in other.parents or other in one.parents:
            raise ConfigurationRefused("Backups and data keys must lie apart, neither in a folder of the other.")

    def finished(self) -> list[Path]:
        """Return the whole backups, oldest first."""
        return sorted(one.parent for one in self.backups.glob(f"*Z/{TOLD}"))

    def newest(self) -> Path:
        """Return the newest whole backup. Raises NotFound when there is none."""
        if not (found := self.finished()):
            raise NotFound(f"There is no backup in {self.backups}.")
        return found[-1]

    @property
    def key_file(self) -> Path:
        """The only copy of the data keys; each backup replaces it."""
        return self.keys / _KEYS

    @property
    def ledger(self) -> Path:
        """Copies of the ledger's entries: an older backup does not know whom it must not bring back."""
        return self.keys / "erasures"


def moment_of(backup: Path) -> datetime:
    """Return the moment (UTC) of which a whole backup tells."""
    return datetime.fromisoformat(json.loads((backup / TOLD).read_text(encoding="utf-8"))["moment"])


def write_lines(file: Path, rows: Iterable[object]) -> int:
    """Write a file of JSON, a line each, whole or not at all; readable by its owner only. Return how many lines."""
    partial, count = file.with_name(file.name + UNFINISHED), 0
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    with gzip.open(partial, "wt", encoding="utf-8") as writing:
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last is the answer
            writing.write(json.dumps(row) + "\n")
    partial.replace(file)
    return count


def read_lines(file: Path) -> Iterator[Any]:
    """Yield what stands in each line. Raises NotFound when the file is not there."""
    if not file.is_file():
        raise NotFound(f"There is no {file}.")
    with gzip.open(file, "rt", encoding="utf-8") as reading:
        yield from map(json.loads, reading)


def write_keys(file: Path, keys: Iterable[tuple[str, Whose, bytes]]) -> None:
    """Replace the copy of the data keys: those that were destroyed are then nowhere."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_lines(file, ([table, str(scope), str(of), text_of(key)] for table, (scope, of), key in keys))


def read_keys(file: Path) -> list[tuple[str, Whose, bytes]]:
    """Return the data keys of the copy. Raises NotFound."""
    return [(table, (UUID(scope), UUID(of)), bytes_of(key)) for table, scope, of, key in read_lines(file)]


def text_of(content: bytes) -> str:
    """Return bytes as text for JSON."""
    return b64encode(content).decode("ascii")


def bytes_of(told: str) -> bytes:
    """Return the bytes that `text_of` wrote."""
    return b64decode(told)
