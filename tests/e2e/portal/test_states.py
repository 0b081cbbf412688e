"""What every list says while it waits, when nothing answers, when there is nothing, and to whom it is not for."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from regulars.store.users import Role
from tests.e2e.portal.conftest import Opens, faults_found
from tests.e2e.tour.stops import go
from tests.integration.gateway.conftest import Chain, World

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

OF_A_CHAIN = {
    "/today": (r"/visits\?", "People appear here as they walk in."),
    "/live": (r"/cameras\?", "Add one to see your shop."),
    "/visits": (r"/visits\?", "Everybody a camera sees at the door appears here."),
    "/customers": (r"/customers\?", "They appear here once a camera has seen their face well."),
    "/customers/merges": (r"/merge-proposals\?", "There is no proposal."),
    "/staff": (r"/staff\?", "Add them, so that they are not counted as visitors."),
    "/cameras": (r"/cameras\?", "Add the one at the door to begin counting."),
    "/reports": (r"/saved-reports\?", "Choose filters, then “Save and schedule”."),
    "/sites": (r"/sites\?(?!limit=200)", "Add the first one, then give it a camera."),
    "/users": (r"/users\?", "Invite the first one."),
    "/keys": (r"/keys\?", "Make one for a machine or a program that needs the data."),
    "/audit": (r"/audit\?", "Nothing has been noted yet."),
    "/webhooks": (r"/webhooks\?", "Add one to tell other programs of visits or failed cameras."),
    "/webhooks/{webhook}": (r"/deliveries\?", "Press “Send a test” to try it."),
    "/objections": (r"/objections\?", "Nobody has objected."),
    "/privacy": (r"/erasures\?", "Nobody was erased yet."),
}
OF_THE_PLATFORM = {
    "/tenants": (r"/tenants\?", "Open the first one."),
    "/system": (r"/cameras\?", "No chain has cameras yet."),
    "/system?q=none": (r"/sightings/set-aside\?", "Nothing matches this text."),
}


def problem(status: int, code: str) -> "Callable[[Route], None]":
    """Return what answers a question with this problem in the gateway's place."""
    told = {"code": code, "status": status, "title": "", "detail": "", "type": "about:blank", "retry": False}
    body = json.dumps({**told, "errors": None, "reason": None, "request_id": ""})
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=body)


AWAY, REFUSED = problem(503, "dependency_away"), problem(403, "not_allowed")


def show(page: "Page", path: str) -> None:
    go(page, path)
    if path == "/reports":
        page.get_by_role("button", name="Saved reports").click()


@pytest.mark.parametrize(("role", "lists"), [("owner", OF_A_CHAIN), ("operator", OF_THE_PLATFORM)])
def test_every_list_has_its_four_states(
    opens: Opens, world: World, chain: Chain, role: Role, lists: dict[str, tuple[str, str]]
) -> None:
    chain.emails["operator"] = world.operator_email
    hook = {"name": "till", "url": "https://203.0.113.9/hook", "events": ["visit.started"]}
    webhook = world.logged_in(chain.emails["owner"]).post("/v1/webhooks", json=hook).json()["webhook_id"]
    with opens("/account", role) as page:

        def look_and_fail(route: "Route") -> None:
            page.get_by_role("status", name="Loading").first.wait_for()
            AWAY(route)

        for path, (question, empty) in lists.items():
            asked, place = re.compile("/v1.*" + question), path.format(webhook=webhook)
            page.route(asked, look_and_fail)
            show(page, place)
            page.get_by_text("A part of the system does not answer now").first.wait_for()
            page.unroute(asked)
            page.route(asked, REFUSED)
            page.get_by_role("button", name="Try again").first.click()
            page.get_by_text("You may not see this page").first.wait_for()
            page.unroute(asked)
            page.route(asked, lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
            show(page, place)
            page.get_by_text(empty).first.wait_for()
            assert faults_found(page) == [], path
            page.unroute(asked)
