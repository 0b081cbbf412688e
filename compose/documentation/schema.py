"""`./run docs`: writes docs/schema.md from a PostgreSQL that is made, migrated and thrown away for it."""

import sys
import tempfile
from pathlib import Path

from compose.onebox.box import Say
from compose.onebox.first_start import APPLICATION_ROLE
from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.words import timed_progress
from regulars.errors import RegularsError
from regulars.settings import CHECKOUT
from regulars.store.columns import metadata
from regulars.store.describe import describe
from regulars.store.migrate import migrate
from regulars.store.session import as_role, connect

PAGE = CHECKOUT / "docs" / "schema.md"


def main() -> int:
    """Write the page; return the exit code."""
    try:
        _write(timed_progress())
    except RegularsError as failure:
        print(f"{failure.code}: {failure}", file=sys.stderr)
        return 2
    return 0


def _write(say: Say) -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-docs-", ignore_cleanup_errors=True) as folder:
        place = Place(Path(folder))
        with Supervisor(place.run_dir) as keeping:
            server = PostgresServer(place, keeping)
            server.start()
            owner = connect(server.url, pool_size=1)
            migrate(owner, as_role(server.url, APPLICATION_ROLE, place.secret("application")))
            with owner.connect() as connection:
                page = describe(connection)
            owner.dispose()
    PAGE.write_text(page, encoding="utf-8")
    say(f"{PAGE.relative_to(CHECKOUT)}: {len(metadata.tables)} tables")


if __name__ == "__main__":
    sys.exit(main())
