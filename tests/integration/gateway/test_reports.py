"""A report in one answer: what the owner sees, what an analyst does not, what a file holds."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from regulars.domain.gender import Gender
from regulars.domain.visits import VisitStatus
from regulars.ids import new_id
from regulars.steps.roll_up import roll_up
from regulars.store.session import transaction
from regulars.store.tenants import Site, add_site
from regulars.store.visits import Visit, ensure_month, open_visit
from regulars.tenancy import Tenancy
from regulars.vision.pack_file import find_pack, read_pack_file
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person, add_visit

MARCH = {"from": "2026-03-02", "to": "2026-03-08"}


@pytest.fixture
def week(world: World, chain: Chain) -> Chain:
    """Noon of every day sees 12 regulars, Friday evening two strangers; the site is Ho Chi Minh City's."""
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        began = datetime(2026, 2, 1, tzinfo=UTC)
        add_site(connection, Site(chain.tenant_id, chain.site_id, "Noon", "Asia/Ho_Chi_Minh", 30.0, began))
    people = [add_person(world, chain, datetime(2026, 2, 1, tzinfo=UTC)) for _ in range(12)]
    noons = [datetime(2026, 3, day, 5, 10, tzinfo=UTC) for day in range(2, 9)]
    visits = [_visit(chain, at, person, "returning", "female") for at in noons for person in people]
    for minute in (1, 2):
        stranger = datetime(2026, 3, 6, 13, minute, tzinfo=UTC)
        visits.append(_visit(chain, stranger, add_person(world, chain, stranger), "new", "male"))
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        ensure_month(connection, noons[0])
        for visit in visits:
            open_visit(connection, visit)
    world.clock.now = datetime(2026, 3, 8, 16, 0, tzinfo=UTC)
    return chain


def _visit(chain: Chain, at: datetime, person: UUID, status: VisitStatus, gender: Gender) -> Visit:
    ends = at + timedelta(minutes=20)
    return Visit(chain.tenant_id, new_id(), at, ends, chain.site_id, person, status, gender, "in", 1, at)


def report(client: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = client.get("/v1/reports", params=MARCH | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_owner_sees_every_figure(world: World, week: Chain) -> None:
    seen = report(world.logged_in(week.emails["owner"]))
    total = seen["now"]["total"]
    assert (total["visits"], total["visitors"], total["new"], total["returning"]) == (86, 14, 2, 84)
    assert (total["new_visitors"], total["returning_visitors"], total["female"], total["male"]) == (2, 12, 84, 2)
    assert [row["visits"] for row in seen["now"]["series"]] == [12, 12, 12, 12, 14, 12, 12]
    assert seen["now"]["series"][0]["name"] == "2026-03-02"
    assert {(cell["day_of_week"], cell["hour"]) for cell in seen["heat_map"] if cell["visits"] == 2} == {("friday", 20)}
    assert (seen["before"]["from"], seen["before"]["total"]["visits"]) == ("2026-02-23", 0)
    assert seen["last_year"]["from"] == "2025-03-03"
    assert [row["visitors"] for row in seen["recency"]] == [14, 0, 0, 0, 0, 0]
    assert seen["least_people_shown"] is None
    measured = read_pack_file(find_pack("default")).off_by
    assert set(measured) <= set(total), "each is a figure of the report"
    assert seen["off_by"] == measured
    assert not any(row["hidden"] for row in seen["now"]["series"])


def test_the_same_report_comes_from_rollups_and_from_visits(world: World, week: Chain) -> None:
    owner = world.logged_in(week.emails["owner"])
    before = [report(owner, bucket=bucket) for bucket in ("day", "hour_of_day", "week")]
    done = list(roll_up(week.tenant_id, engine=world.parts.engine, objects=world.parts.objects, now=world.clock.now))
    assert sum(one.visits for one in done) == 74, "today is not over there"
    assert [report(owner, bucket=bucket) for bucket in ("day", "hour_of_day", "week")] == before
    add_visit(world, week, datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    assert report(owner)["now"]["series"][1]["undetermined"] == 1, "a late track counts at once"


def test_filters_narrow_it(world: World, week: Chain) -> None:
    owner = world.logged_in(week.emails["owner"])
    evening = report(owner, hour_from=18, hour_to=2)["now"]["total"]
    assert (evening["visits"], evening["visitors"], evening["occupancy_peak"]) == (2, 2, None)
    assert report(owner, gender="male")["now"]["total"]["visits"] == 2
    assert report(owner, site_id=str(week.site_id))["sites"][0]["name"] == "Noon"
    assert owner.get("/v1/reports", params=MARCH | {"site_id": str(new_id())}).status_code == 404


def test_an_analyst_is_not_told_of_few_people(world: World, week: Chain) -> None:
    seen = report(world.logged_in(week.emails["analyst"]))
    assert seen["least_people_shown"] == 10
    total = seen["now"]["total"]
    assert total["visits"] == 86
    assert (total["new"], total["male"], total["new_visitors"], total["returning_visitors"]) == (None,) * 4
    assert {"new", "male"} <= set(total["hidden"])
    evening = next(cell for cell in seen["heat_map"] if (cell["day_of_week"], cell["hour"]) == ("friday", 20))
    noon = next(cell for cell in seen["heat_map"] if (cell["day_of_week"], cell["hour"]) == ("friday", 12))
    assert (evening["visits"], evening["hidden"], noon["visits"], noon["hidden"]) == (None, True, None, True)
    assert all(row["size"] is None for row in seen["cohorts"])


def test_files_hide_the_same_from_everybody(world: World, week: Chain) -> None:
    owner = world.logged_in(week.emails["owner"])
    answer = owner.get("/v1/reports", params=MARCH | {"format": "csv", "table": "series"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == [f"2026-03-0{day}" for day in range(2, 9)]
    assert rows[4]["new"] == ""
    assert "new" in rows[4]["hidden"]
    for table in ("sites", "heat_map", "cohorts", "recency"):
        assert owner.get("/v1/reports", params=MARCH | {"format": "csv", "table": table}).status_code == 200
    log = owner.get("/v1/audit").json()
    assert "report.exported" in str(log)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-03-09"},
        {"from": "2020-01-01"},
        {"from": "0001-01-01"},
        {"hour_from": 9},
        {"hour_from": 24, "hour_to": 3},
        {"bucket": "fortnight"},
    ],
)
def test_what_cannot_be_asked_is_refused(world: World, chain: Chain, asked: dict[str, Any]) -> None:
    answer = world.logged_in(chain.emails["owner"]).get("/v1/reports", params=MARCH | asked)
    assert answer.status_code == 422, answer.text


def test_a_manager_is_told_of_the_named_sites_only(world: World, week: Chain) -> None:
    other = new_id()
    with transaction(world.parts.engine, Tenancy(week.tenant_id)) as connection:
        add_site(connection, Site(week.tenant_id, other, "Elsewhere", "UTC", 30.0, datetime(2026, 3, 1, tzinfo=UTC)))
    seen = report(world.logged_in(week.emails["owner"]))
    assert {UUID(row["site_id"]) for row in seen["sites"]} == {week.site_id, other}
    manager = world.logged_in(week.emails["manager"]).get("/v1/reports", params=MARCH)
    assert {UUID(row["site_id"]) for row in manager.json()["sites"]} <= {week.site_id, other}


def test_no_day_is_ahead_of_now(world: World, week: Chain) -> None:
    later = {"from": "2026-03-08", "to": (world.clock.now + timedelta(days=5)).date().isoformat()}
    seen = report(world.logged_in(week.emails["owner"]), **later)
    assert [row["visits"] for row in seen["now"]["series"]] == [12, 0, 0, 0, 0, 0]
