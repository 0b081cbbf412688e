"""Dumps of PostgreSQL by its own programs: those of a named folder, or those on the PATH."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from regulars.errors import ConfigurationRefused, DependencyAway

_LONGEST_S = 6 * 3600
_MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")
Section = Literal["pre-data", "data", "post-data"]


class PostgresDumps:
    """Writes and reads dumps of the database at an owner's URL. Raises ConfigurationRefused when no program fits it.

    `programs` is the folder that they were found in, the given one first.

    The password goes into the programs' environment, never on their command line, where every user could read it.
    """

    def __init__(self, url: str, server_major: int, programs: Path | None = None) -> None:
        parts = urlsplit(url)
        self._where = {
            "PGHOST": parts.hostname or "localhost",
            "PGPORT": str(parts.port or 5432),
            "PGUSER": unquote(parts.username or ""),
            "PGPASSWORD": unquote(parts.password or ""),
            "PGDATABASE": unquote(parts.path.lstrip("/")),
        }
        self.programs = _programs(server_major, programs)

    def write(self, file: Path, snapshot: str, without_rows_of: Sequence[str]) -> None:
        """Write the database as that snapshot sees it; of some tables only their shape. Raises DependencyAway."""
        left_out = [f"--exclude-table-data=public.{table}" for table in without_rows_of]
        self._run("pg_dump", "--format=custom", f"--snapshot={snapshot}", *left_out, f"--file={file}")

    def read(self, file: Path, section: Section) -> None:
        """Restore a section of a dump into the database, all or nothing. Raises DependencyAway."""
        how = ("--exit-on-error", "--single-transaction", "--no-owner", f"--section={section}")
        self._run("pg_restore", *how, f"--dbname={self._where['PGDATABASE']}", str(file))

    def _run(self, program: str, *words: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        try:
            done = subprocess.run(
                [str(self.programs / program), "--no-password", *words],
                env=environment | self._where | {"LC_ALL": "C"},
                capture_output=True,
                text=True,
                timeout=_LONGEST_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise DependencyAway(f"{program} did not end ({type(failure).__name__}); nothing was kept.") from failure
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no reason told"])[0]
            raise DependencyAway(f"{program} could not do it: {said[:300]}")


def _programs(server_major: int, given: Path | None) -> Path:
    """Return the folder of programs that are not older than the server: an older pg_dump refuses a newer server."""
    on_path = shutil.which("pg_dump")
    for folder in (given, Path(on_path).parent if on_path else None):
        if folder is None or not (folder / "pg_dump").is_file():
            continue
        told = subprocess.run(
            [folder / "pg_dump", "--version"], capture_output=True, text=True, timeout=30, check=False
        )
        if (found := _MAJOR.search(told.stdout)) and int(found[1]) >= server_major:
            return folder
    raise ConfigurationRefused(
        f"No pg_dump of PostgreSQL {server_major} or newer was found: install its client programs and put them on PATH,"
        " or name their folder in REGULARS_POSTGRES_PROGRAMS_DIR."
    )
