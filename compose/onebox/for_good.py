"""An installation that a shop lives by: the first start makes its chain and owner, no later one changes them."""

import json

from compose.onebox.box import Onebox
from compose.onebox.first_start import OWNER_EMAIL, PASSWORD_LENGTH, open_chain
from regulars.settings import Settings
from regulars.steps.set_up import DEFAULT_GAP_MINUTES
from regulars.store.session import connect, transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM

_TIME_ZONE = "Asia/Ho_Chi_Minh"


def open_for_good(box: Onebox, settings: Settings, *, as_json: bool) -> None:
    """Make the chain where there is none yet, and print where the portal and the owner's first password are."""
    engine = connect(box.database_url, pool_size=1)
    with transaction(engine, PLATFORM) as connection:
        is_first = not list_tenants(connection)
    if is_first:
        open_chain(
            box.place,
            engine,
            name="Our chain",
            site_name="First shop",
            time_zone=_TIME_ZONE,
            visit_gap_minutes=DEFAULT_GAP_MINUTES,
        )
    engine.dispose()
    portal, file = settings.public_url or box.gateway_url, box.place.secret_file("owner-password")
    if as_json:
        print(json.dumps({"portal": portal, "email": OWNER_EMAIL, "password_file": str(file)}), flush=True)
        return
    print(
        f"\n  Regulars is running.\n\n    portal          {portal}\n    e-mail          {OWNER_EMAIL}\n"
        f"    first password  the first {PASSWORD_LENGTH} characters of {file}\n\n"
        f"  Choose another password and the shop's time zone in the portal.\n  Data and logs: {box.place.root}\n",
        flush=True,
    )
