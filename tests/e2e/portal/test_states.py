"""What every list says while it waits, when nothing answers, when there is nothing, and to whom it is not for."""

import json
import re

from playwright.sync_api import Route

from tests.e2e.portal.conftest import Opens, faults_found
from tests.integration.gateway.conftest import Chain

LISTS = {
    "/visits": ("visits", "No visits yet."),
    "/customers": ("customers", "No customer fits."),
    "/staff": ("staff", "No staff fits."),
    "/cameras": ("cameras", "There is no camera yet."),
    "/keys?q=none": ("keys", "No key matches these filters."),
    "/webhooks": ("webhooks", "No webhooks yet."),
    "/objections": ("objections", "Nobody has objected."),
    "/customers/merges": ("merge-proposals", "There is no proposal."),
}


def test_every_list_has_its_four_states(opens: Opens, chain: Chain) -> None:
    refused = {"code": "not_allowed", "status": 403, "title": "", "detail": "", "type": "about:blank", "retry": False}

    def refuse(route: Route) -> None:
        route.fulfill(status=403, content_type="application/problem+json", body=json.dumps(refused))

    with opens("/account") as page:
        for path, (noun, empty) in LISTS.items():
            asked = re.compile(rf"/v1/{noun}\?")
            page.route(asked, lambda route: route.abort())
            page.goto(path)
            page.get_by_role("status", name="Loading").first.wait_for()  # it tries three times before it gives up
            page.get_by_text("The server does not answer.").first.wait_for()
            page.unroute(asked)
            page.route(asked, refuse)
            page.get_by_role("button", name="Try again").first.click()
            page.get_by_text("You may not see this page").first.wait_for()
            assert faults_found(page) == [], path
            page.unroute(asked)
            page.reload()
            page.get_by_text(empty).first.wait_for()
