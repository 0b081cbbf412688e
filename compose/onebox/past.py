"""The demo's chain with a past: `python -m compose.onebox.past`, run by the launcher beside a onebox that is running.

Thirteen months of three shops that never were, in a tenant of its own, rolled up, so that reports have something to
show on the first day. Its owner's account is made last: where that is, all of it is.
"""

import argparse
import sys
from datetime import UTC, datetime, timedelta

from compose.onebox.past_login import PastLogin, is_made, login
from compose.onebox.place import Place
from compose.simulation.loading import load_past
from compose.simulation.main import owner_url
from compose.simulation.past import Asked, make_past
from functions.gateway.auth.passwords import Passwords
from regulars import wiring
from regulars.chores.roll_up import roll_up
from regulars.commands.main import main as regulars
from regulars.commands.telling import say
from regulars.errors import RegularsError
from regulars.ids import new_id
from regulars.settings import load_settings
from regulars.store.session import connect, transaction
from regulars.store.tenants import list_tenants
from regulars.store.users import User, add_user
from regulars.tenancy import PLATFORM

NAME = "Chain with a past (simulated)"
_SITES, _DAYS, _VISITS_A_DAY, _SEED = 3, 396, 80.0, 1


def main() -> int:
    """Make it unless it is there; return the exit code."""
    argparse.ArgumentParser(prog="compose.onebox.past", description=__doc__).parse_args()
    try:
        settings = load_settings(roll_up.needs)
        engine = wiring.engine(settings, pool_size=1)
        if is_made(engine):
            return 0
        with transaction(engine, PLATFORM) as connection:
            half_made = any(one.name == NAME for one in list_tenants(connection))
        if half_made and (refused := regulars(["offboard", NAME])):
            return refused
        _make(owner_url(settings), login(Place(settings.data_dir)))
        engine.dispose()
    except RegularsError as failure:
        print(f"{failure.code}: {failure}", file=sys.stderr)
        return 2
    return 0


def _make(url: str, account: PastLogin) -> None:
    now = datetime.now(UTC)
    asked = Asked(_SITES, (now - timedelta(days=_DAYS)).date(), now, _VISITS_A_DAY, _SEED)
    owner = connect(url, pool_size=1)
    loaded = load_past(make_past(asked), asked, NAME, owner=owner, say=say)
    roll_up.run(None, "platform", say)
    hashed = Passwords().hash(account.password)
    with transaction(owner, PLATFORM) as connection:
        add_user(connection, User(new_id(), loaded.tenant_id, account.email, hashed, "owner", now))
    owner.dispose()


if __name__ == "__main__":
    sys.exit(main())
