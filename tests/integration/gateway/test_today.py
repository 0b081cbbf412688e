"""Today as the portal shows it: who is inside, the hours beside such weekdays, whether cameras run."""

from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.domain.tracks import Direction
from regulars.ids import new_id
from regulars.steps.roll_up import roll_up
from regulars.store.session import transaction
from regulars.store.tables import sightings
from regulars.store.tenants import Site, add_site
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_visit

# A Tuesday, 12:30 in Ho Chi Minh City.
NOON_THERE = datetime(2026, 3, 3, 5, 30, tzinfo=UTC)


def today(world: World, chain: Chain, role: Any = "owner") -> list[dict[str, Any]]:
    answer = world.logged_in(chain.emails[role]).get("/v1/figures/today")
    assert answer.status_code == 200, answer.text
    return answer.json()["sites"]


def moved(world: World, chain: Chain, began: datetime, came_in: int, went_out: int) -> None:
    for number in range(came_in + went_out):
        direction: Direction = "in" if number < came_in else "out"
        add_visit(world, chain, began + timedelta(minutes=number), direction=direction)


def rolled_up(world: World, chain: Chain) -> None:
    parts = world.parts
    list(roll_up(chain.tenant_id, engine=parts.engine, objects=parts.objects, now=world.clock()))


def test_inside_is_who_came_in_and_did_not_go_out(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    [site] = today(world, chain)
    assert (site["inside"], site["inside_unknown"], site["visits"]) == (None, "not_yet", 0)
    moved(world, chain, NOON_THERE - timedelta(days=1), 20, 18)
    rolled_up(world, chain)
    moved(world, chain, NOON_THERE - timedelta(hours=1), 3, 1)
    [site] = today(world, chain)
    assert (site["inside"], site["came_in"], site["went_out"]) == (2, 3, 1)
    assert site["inside_unknown"] is None


def test_inside_is_not_told_where_few_were_seen_to_leave_on_the_days_before(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    moved(world, chain, NOON_THERE - timedelta(days=8), 40, 40)
    moved(world, chain, NOON_THERE - timedelta(days=2), 20, 17)
    rolled_up(world, chain)
    moved(world, chain, NOON_THERE - timedelta(hours=1), 1, 1)
    [site] = today(world, chain)
    assert (site["inside"], site["inside_unknown"]) == (None, "few_leaving")


def test_inside_is_told_again_the_day_after_a_camera_was_mended(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    moved(world, chain, NOON_THERE - timedelta(days=2), 120, 0)
    moved(world, chain, NOON_THERE - timedelta(days=1), 100, 95)
    rolled_up(world, chain)
    moved(world, chain, NOON_THERE - timedelta(hours=1), 3, 1)
    [site] = today(world, chain)
    assert (site["inside"], site["inside_unknown"]) == (2, None)


def test_before_any_day_is_over_the_day_itself_must_show_that_people_leave(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    moved(world, chain, NOON_THERE - timedelta(hours=2), 20, 18)
    [site] = today(world, chain)
    assert site["inside"] == 2
    moved(world, chain, NOON_THERE - timedelta(hours=1), 10, 0)
    [site] = today(world, chain)
    assert (site["inside"], site["inside_unknown"]) == (None, "not_yet")


def test_in_and_out_are_of_customers_as_in_reports(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    for minutes in (50, 40, 30):
        visit_id = add_visit(world, chain, NOON_THERE - timedelta(minutes=minutes), direction="in")
    add_visit(world, chain, NOON_THERE - timedelta(minutes=20), direction="out")
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        was_staff = sightings.update().where(sightings.c.visit_id == visit_id).values(outcome="staff")
        connection.execute(was_staff)
    [site] = today(world, chain)
    assert (site["came_in"], site["went_out"]) == (2, 1)
    day = {"from": site["day"], "to": site["day"]}
    report = world.logged_in(chain.emails["owner"]).get("/v1/reports", params=day).json()
    total = report["now"]["total"]
    assert (total["came_in"], total["went_out"]) == (2, 1)


def test_the_hours_stand_beside_the_median_of_such_weekdays(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    for weeks, visits in ((1, 1), (2, 3), (3, 5), (9, 50)):
        for number in range(min(visits, 5)):
            add_visit(world, chain, NOON_THERE - timedelta(weeks=weeks, minutes=number))
    add_visit(world, chain, NOON_THERE - timedelta(days=1))
    add_visit(world, chain, NOON_THERE)
    [site] = today(world, chain)
    hours = {hour["hour"]: (hour["visits"], hour["usual"]) for hour in site["hours"]}
    assert len(hours) == 24
    assert (hours[12], hours[11]) == ((1, 3.0), (0, 0.0))
    [site] = today(world, chain, "analyst")
    assert site["hours"] is None, "an hour of one person tells an analyst who that was"


def test_an_analyst_is_not_told_of_few_people(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    figures = ("visits", "new", "returning", "undetermined", "came_in", "went_out")
    for number in range(12):
        add_visit(world, chain, NOON_THERE - timedelta(minutes=number), status="new" if number < 10 else "returning")
    for number in range(9):
        add_visit(world, chain, NOON_THERE - timedelta(minutes=number), direction="out")
    [site] = today(world, chain)
    assert [site[name] for name in figures] == [21, 10, 2, 9, 12, 9]
    assert site["few_people"] is False
    [site] = today(world, chain, "analyst")
    assert [site[name] for name in figures] == [21, None, None, None, None, None], "of two and of nine it would tell"
    assert (site["inside"], site["few_people"]) == (None, True)
    for number in range(10):
        add_visit(world, chain, NOON_THERE - timedelta(minutes=number), direction="out", status="returning")
    [site] = today(world, chain, "analyst")
    assert [site[name] for name in figures] == [31, None, None, None, 12, 19], "nine are not told, nor what tells them"


def test_nothing_is_usual_before_three_such_days(world: World, chain: Chain) -> None:
    world.clock.now = NOON_THERE
    for weeks in (0, 1, 2):
        add_visit(world, chain, NOON_THERE - timedelta(weeks=weeks))
    [site] = today(world, chain)
    assert {hour["usual"] for hour in site["hours"]} == {None}


def test_cameras_that_should_run_are_counted_and_a_manager_sees_the_own_site(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    world.add_camera(chain, wanted_state="stopped")
    running = world.add_camera(chain)
    [held] = world.beat(chain.worker_key, "w", 1).cameras
    state = {"camera_id": str(held.camera_id), "lease_id": str(held.lease_id), "state": "running"}
    world.beat(chain.worker_key, "w", 1, [state])
    assert running is not None
    elsewhere = Site(chain.tenant_id, new_id(), "elsewhere", "UTC", 30.0, world.clock())
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        add_site(connection, elsewhere)
    told = {site["site_id"]: site["cameras"] for site in today(world, chain)}
    assert told == {
        str(chain.site_id): {"wanted": 2, "running": 1},
        str(elsewhere.site_id): {"wanted": 0, "running": 0},
    }
    assert [site["site_id"] for site in today(world, chain, "manager")] == [str(chain.site_id)]
    world.clock.pass_by(3600)
    told = {site["site_id"]: site["cameras"]["running"] for site in today(world, chain)}
    assert told[str(chain.site_id)] == 0, "nobody holds it any more"
