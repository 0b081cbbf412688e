"""`python -m compose.simulation.main`: a chain with a past, straight into PostgreSQL as a tenant of its own."""

import argparse
import math
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from compose.onebox.place import Place
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.words import timed_progress
from compose.simulation.loading import load_past
from compose.simulation.past import Asked, make_past
from functions.gateway.auth.passwords import Passwords
from regulars.errors import RegularsError
from regulars.ids import new_id
from regulars.settings import EMBEDDED, Settings, load_settings
from regulars.store.session import Engine, connect, transaction
from regulars.store.users import User, add_user
from regulars.tenancy import PLATFORM

_DAYS_A_MONTH = 365.25 / 12


def main(words: Sequence[str] | None = None) -> int:
    """Simulate; print the tenant, the rows and the time. Return the exit code."""
    arguments = _parser().parse_args(words)
    say, begun_s = timed_progress(), time.monotonic()
    until = arguments.until or datetime.now(UTC)
    first = (until - timedelta(days=round(arguments.months * _DAYS_A_MONTH))).date()
    asked = Asked(arguments.sites, first, until, arguments.visits_per_day, arguments.seed)
    try:
        database_url = owner_url(load_settings(("database_url",)))
        past = make_past(asked)
        say(f"{past.visits['at_us'].size:,} visits of {past.people:,} people imagined")
        owner = connect(database_url, pool_size=1)
        loaded = load_past(past, asked, arguments.name, owner=owner, say=say)
        email, password = _open_account(owner, loaded.tenant_id)
        owner.dispose()
    except RegularsError as failure:
        print(f"{failure.code}: {failure}", file=sys.stderr)
        return 2
    rows = ", ".join(f"{count:,} {table}" for table, count in loaded.rows.items())
    print(f"tenant {loaded.tenant_id} ({arguments.name}), {first} to {until:%Y-%m-%d}: {rows}")
    print(f"{sum(loaded.rows.values()):,} rows in {time.monotonic() - begun_s:.1f} s")
    print(f"log in as {email} with the password {password}")
    return 0


def _open_account(owner: Engine, tenant_id: UUID) -> tuple[str, str]:
    """Give the tenant an owner's account; return its e-mail and password."""
    email, password = f"owner-{tenant_id.hex[-6:]}@example.com", secrets.token_urlsafe(12)
    user = User(new_id(), tenant_id, email, Passwords().hash(password), "owner", datetime.now(UTC))
    with transaction(owner, PLATFORM) as connection:
        add_user(connection, user)
    return email, password


def owner_url(settings: Settings) -> str:
    """Return how to connect as the schema's owner: as the settings say, or to the onebox of their data folder."""
    if settings.database_owner_url != EMBEDDED:
        return settings.database_owner_url
    place = Place(settings.data_dir)
    port = place.pinned_port(PostgresServer.name)
    return f"postgresql://postgres:{place.secret('postgres-superuser')}@127.0.0.1:{port}/regulars"


def _moment(words: str) -> datetime:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        at = None
    if at is None or not 2000 <= at.year < 2200:
        raise argparse.ArgumentTypeError("a time of the years 2000 to 2199, like 2026-05-01T12:00")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _number(kind: type[float], least: float, most: float) -> Callable[[str], float]:
    """Return what reads a number of this kind between the two."""

    def read(words: str) -> float:
        try:
            number = kind(words)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            whole = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"{whole} from {least:g} to {most:g}")
        return number

    return read


def _name(words: str) -> str:
    if not 1 <= len(words.strip()) <= 80:
        raise argparse.ArgumentTypeError("1 to 80 letters")
    return words.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run simulate", description=__doc__, allow_abbrev=False)
    parser.add_argument("--months", type=_number(float, 0, 240), default=13, help="how long the past is (13)")
    parser.add_argument("--sites", type=_number(int, 1, 10_000), default=12, help="how many shops the chain has (12)")
    parser.add_argument(
        "--visits-per-day", type=_number(float, 0, 1e6), default=800, help="of a usual shop on a usual day (800)"
    )
    parser.add_argument("--seed", type=_number(int, 0, 2**63), default=1, help="the same seed makes the same past (1)")
    parser.add_argument("--until", type=_moment, help="the past ends here, ISO 8601, UTC (now)")
    parser.add_argument("--name", type=_name, default="Simulated chain", help="the tenant's name")
    return parser


if __name__ == "__main__":
    sys.exit(main())
