"""What the demo opens once everything runs: its chain with a first shop and a camera, told to the person."""

import json

from compose.onebox.box import Onebox
from compose.onebox.first_start import Chain, open_chain
from compose.onebox.past_beside import PastBeside
from compose.onebox.portal import Portal
from regulars.store.session import connect

_GAP_MINUTES = 0.5
"""The sample's people are out of sight for up to 17 s before they leave, and come back a minute after: a new visit."""


def open_shop(box: Onebox, camera: dict[str, object] | None) -> Chain:
    """Return the demo's chain, made if need be, in whose shop exactly the camera of this setup runs, if any."""
    engine = connect(box.database_url, pool_size=1)
    chain = open_chain(
        box.place,
        engine,
        name="Demo chain",
        site_name="First shop",
        time_zone="Asia/Ho_Chi_Minh",
        visit_gap_minutes=_GAP_MINUTES,
    )
    engine.dispose()
    _set_cameras(box, chain, camera)
    return chain


def _set_cameras(box: Onebox, chain: Chain, wanted: dict[str, object] | None) -> None:
    """Let exactly the camera that was asked for run; cameras that the user added in the portal stay as they are."""
    portal = Portal(box.gateway_url, chain.email, chain.password)
    for camera in portal.cameras():
        ours = camera["name"] in ("Sample door", "Your camera")
        if ours and (wanted is None or (camera["name"], camera["type"]) != (wanted["name"], wanted["type"])):
            portal.change_camera(camera["camera_id"], {"wanted_state": "stopped"})
    if wanted is not None:
        portal.put_camera({"site_id": str(chain.site.site_id), **wanted})
    portal.close()


def tell(box: Onebox, chain: Chain, past: PastBeside, *, as_json: bool) -> None:
    """Print how to log in, as one line of JSON if so asked, and begin the chain with a past."""
    there = past.start()
    if as_json:
        print(json.dumps({"portal": box.gateway_url, "email": chain.email, "password": chain.password}), flush=True)
        return
    when = "" if there else " (being made, in a minute)"
    print(
        f"\n  Regulars is running.\n\n    portal    {box.gateway_url}\n    e-mail    {chain.email}\n"
        f"    password  {chain.password}\n\n  A second chain has a year behind it, of nobody who ever lived{when}:\n\n"
        f"    e-mail    {past.login.email}\n    password  {past.login.password}\n\n"
        f"  Data and logs: {box.place.root}\n  Ctrl-C stops everything.\n",
        flush=True,
    )
