"""Every page and dialog, as the round of `./run screenshots` walks them: nothing too wide, and no serious fault."""

import re
from datetime import timedelta

import pytest

from regulars.settings import CHECKOUT
from regulars.store.users import Role
from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.e2e.tour.stops import LOOKS, STOPS, Look, Stop, at_stops, first_ids
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_proposal, add_visit

PAGES, DIALOGS = (tuple(stop for stop in STOPS if bool(stop.presses) is dialog) for dialog in (False, True))
PHONE, DESK, WALL = LOOKS
ROUNDS = (
    pytest.param(PHONE, PAGES, id="pages on a phone"),
    pytest.param(DESK, DIALOGS, id="dialogs at a desk"),
    pytest.param(WALL, PAGES[::3], id="every third page on a wall"),
)


@pytest.fixture
def furnished(world: World, chain: Chain) -> Chain:
    """Return a chain that has one of everything that a page is about."""
    one, other = (add_person(world, chain, world.clock() - timedelta(days=9)) for _ in range(2))
    add_look(world, chain, one)
    add_proposal(world, chain, one, other)
    for days, status in ((9, "new"), (2, "returning"), (0, "returning")):
        at = world.clock() - timedelta(days=days)
        add_visit(world, chain, at, customer_id=one, status=status)  # pyright: ignore[reportArgumentType]
    add_visit(world, chain, world.clock() - timedelta(days=9), customer_id=other, status="new")
    world.add_camera(chain)
    owner = world.logged_in(chain.emails["owner"])
    hook = {"name": "till", "url": "https://203.0.113.9/hook", "events": ["visit.started"]}
    for path, body in (("/v1/staff", {"name": "Lan", "site_ids": [str(chain.site_id)]}), ("/v1/webhooks", hook)):
        assert owner.post(path, json=body).status_code == 201
    chain.emails["operator"] = world.operator_email
    return chain


@pytest.mark.parametrize(("look", "stops"), ROUNDS)
def test_every_stop_is_readable_to_everybody(
    opens: Opens, furnished: Chain, look: Look, stops: tuple[Stop, ...]
) -> None:
    found = dict[str, object]()
    for role in dict.fromkeys(stop.role for stop in stops):
        of_role = tuple(stop for stop in stops if stop.role == role)
        with opens("/sign-in", role) as page:
            ids = first_ids(page) if role else {}
            seen = set[Stop]()
            for stop, closed in at_stops(page, of_role, ids, look):
                seen.add(stop)
                faults = closed or faults_found(page) or is_too_wide(page)
                if faults:
                    found[stop.name] = faults
            assert seen == set(of_role), "the furnished chain has something for every stop"
    assert found == {}


def test_the_round_knows_every_page_of_the_menu() -> None:
    listed = (CHECKOUT / "frontend" / "src" / "app" / "pages.tsx").read_text("utf-8")
    paths = set(re.findall(r'path: "(/\w+)"', listed))
    assert paths
    assert paths <= {stop.path.partition("?")[0] for stop in STOPS}


def test_a_role_sees_only_the_menu_it_may_use(opens: Opens, furnished: Chain) -> None:
    shown: dict[Role, set[str]] = {}
    roles: tuple[Role, ...] = ("owner", "manager", "analyst", "operator")
    for role in roles:
        with opens("/", role) as page:
            page.get_by_role("navigation").get_by_role("link").first.wait_for()
            shown[role] = set(page.get_by_role("navigation").get_by_role("link").all_inner_texts())
    assert shown["analyst"] == {"Today", "Reports", "Sites"}
    assert {"Users", "API keys", "Privacy", "Objections", "Chains", "System"}.isdisjoint(shown["manager"])
    assert {"Visits", "Customers", "Live view"} <= shown["manager"] < shown["owner"]
    assert "Chains" not in shown["owner"]
    assert {"Visits", "Customers"}.isdisjoint(shown["operator"])
