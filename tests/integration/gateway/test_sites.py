"""Sites as their owner sets them up: where, when open, given up or deleted, and nobody's change lost."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from regulars.ids import new_id
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.tenants import Site, find_site
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_visit

BAR: dict[str, Any] = {
    "name": "Quán 7",
    "address": "12 Lê Lợi, Quận 1",
    "time_zone": "Asia/Ho_Chi_Minh",
    "opening_hours": [
        {"weekday": "saturday", "opens": "18:00", "closes": "02:00"},
        {"weekday": "monday", "opens": "17:00", "closes": "23:30"},
        {"weekday": "monday", "opens": "11:00", "closes": "14:00"},
    ],
}


def hours(*spans: tuple[str, str, str]) -> dict[str, Any]:
    return {"opening_hours": [dict(zip(("weekday", "opens", "closes"), span, strict=True)) for span in spans]}


def stored(world: World, chain: Chain, site_id: str) -> Site | None:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        return find_site(connection, chain.tenant_id, UUID(site_id))


def test_a_site_keeps_its_hours_in_the_order_of_the_week(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    made = owner.post("/v1/sites", json=BAR)
    assert made.status_code == 201
    told = made.json()
    assert [(one["weekday"], one["opens"]) for one in told["opening_hours"]] == [
        ("monday", "11:00:00"),
        ("monday", "17:00:00"),
        ("saturday", "18:00:00"),
    ]
    assert owner.get(f"/v1/sites/{told['site_id']}").json() == told
    site = stored(world, chain, told["site_id"])
    assert site is not None
    assert (site.address, len(site.opening_hours), site.active) == ("12 Lê Lợi, Quận 1", 3, True)
    # Monday, 2 March 2026, 23:29 and 23:31 there; Sunday 01:59 still belongs to Saturday.
    days = [site.rule.business_day(datetime(2026, 3, 2, 16, minute, tzinfo=UTC)).day for minute in (29, 31)]
    assert days == [2, 3]
    assert site.rule.business_day(datetime(2026, 3, 7, 18, 59, tzinfo=UTC)).day == 7


@pytest.mark.parametrize(
    ("change", "told", "code"),
    [
        ({"time_zone": "Hanoi"}, "IANA", ("not_a_time_zone", None)),
        ({"time_zone": "../../etc/passwd"}, "IANA", ("not_a_time_zone", None)),
        (hours(("monday", "08:00", "12:00"), ("monday", "11:59", "13:00")), "run into", ("overlapping_hours", None)),
        (hours(("sunday", "20:00", "03:00"), ("monday", "02:00", "04:00")), "run into", ("overlapping_hours", None)),
        (hours(("monday", "00:00", "00:00"), ("tuesday", "00:00", "00:00")), "", None),
        (hours(("monday", "22:30+07:00", "23:00")), "without seconds or offset", ("not_a_time_of_day", None)),
        (hours(("monday", "22:30:30", "23:00")), "without seconds or offset", ("not_a_time_of_day", None)),
        (hours(("funday", "08:00", "12:00")), "monday", ("literal_error", None)),
        (hours(*(("monday", "08:00", "12:00"),) * 43), "at most", ("too_long", 42)),
        ({"name": ""}, "at least 1", ("string_too_short", 1)),
        ({"address": "x" * 301}, "at most 300", ("string_too_long", 300)),
        ({"visit_gap_minutes": -1}, "greater than", ("greater_than_equal", 0)),
        ({"closes_at": "22:00"}, "Extra", ("extra_forbidden", None)),
    ],
)
def test_what_no_shop_can_have_is_refused_by_field(
    world: World, chain: Chain, change: dict[str, Any], told: str, code: tuple[str, int | None] | None
) -> None:
    answer = world.logged_in(chain.emails["owner"]).patch(f"/v1/sites/{chain.site_id}", json=change)
    assert answer.status_code == (422 if told else 200), answer.text
    if told:
        fault = answer.json()["errors"][0]
        assert told in fault["message"]
        assert (fault["code"], fault.get("limit")) == code


def test_two_who_change_a_site_at_once_do_not_overwrite_each_other(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    path = f"/v1/sites/{chain.site_id}"
    read = owner.get(path).headers["ETag"]
    first = owner.patch(path, json={"visit_gap_minutes": 5}, headers={"If-Match": read})
    assert (first.status_code, first.json()["visit_gap_minutes"]) == (200, 5)
    second = owner.patch(path, json={"name": "other"}, headers={"If-Match": read})
    assert (second.status_code, second.json()["code"]) == (412, "changed_meanwhile")
    again = owner.patch(path, json={"name": "other"}, headers={"If-Match": first.headers["ETag"]}).json()
    assert (again["name"], again["visit_gap_minutes"]) == ("other", 5)
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = [(one.action, one.detail) for one in entries(connection, chain.tenant_id)]
    assert noted == [("site.changed", {"fields": ["name"]}), ("site.changed", {"fields": ["visit_gap_minutes"]})]


def test_a_site_with_a_history_is_given_up_and_an_empty_one_deleted(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    path = f"/v1/sites/{chain.site_id}"
    camera_id = world.add_camera(chain)
    add_visit(world, chain, world.clock(), camera_id=camera_id)
    refused = owner.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "1 cameras, 1 tracks, 1 visits" in refused.json()["detail"]
    running = owner.patch(path, json={"active": False})
    assert (running.status_code, running.json()["code"]) == (409, "in_use")
    owner.patch(f"/v1/cameras/{camera_id}", json={"wanted_state": "stopped"})
    assert owner.patch(path, json={"active": False}).json()["active"] is False
    assert [one["site_id"] for one in owner.get("/v1/sites?active=false").json()["items"]] == [str(chain.site_id)]
    empty = owner.post("/v1/sites", json=BAR).json()["site_id"]
    assert owner.delete(f"/v1/sites/{empty}").status_code == 204
    assert owner.get(f"/v1/sites/{empty}").status_code == 404
    assert owner.delete(f"/v1/sites/{empty}").status_code == 404


def test_sites_are_listed_sorted_searched_and_as_a_table(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    for name in ("Zebra", "Anh Đào"):
        owner.post("/v1/sites", json=BAR | {"name": name})
    listed = owner.get("/v1/sites", params={"sort": "-name", "limit": 2}).json()
    assert [one["name"] for one in listed["items"]] == ["Zebra", "Phở Ngon 1"]
    rest = owner.get("/v1/sites", params={"sort": "-name", "limit": 2, "cursor": listed["next_cursor"]}).json()
    assert [one["name"] for one in rest["items"]] == ["Anh Đào"]
    assert len(owner.get("/v1/sites", params={"q": "le loi"}).json()["items"]) == 2
    table = owner.get("/v1/sites", params={"format": "csv"}).text.splitlines()
    assert table[0].removeprefix("\ufeff").startswith("name,address,time_zone,opening_hours")
    assert len(table) == 4


def test_another_chains_site_is_no_site(world: World, chain: Chain) -> None:
    stranger = world.logged_in(world.add_chain("Bún Bò").emails["owner"])
    before = stored(world, chain, str(chain.site_id))
    for method, body in (("GET", None), ("PATCH", {"name": "mine"}), ("DELETE", None)):
        told = stranger.request(method, f"/v1/sites/{chain.site_id}", json=body)
        missing = stranger.request(method, f"/v1/sites/{new_id()}", json=body)
        assert (told.status_code, told.json()["detail"]) == (404, missing.json()["detail"])
    assert before is not None
    assert stored(world, chain, str(chain.site_id)) == before
    assert asdict(before)["name"] == "Phở Ngon 1"


def test_it_says_what_hangs_on_a_site(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    use = f"/v1/sites/{chain.site_id}/use"
    nothing = {"cameras": 0, "cameras_running": 0, "tracks": 0, "visits": 0, "staff": 0}
    assert owner.get(use).json() == nothing
    world.add_camera(chain)
    world.add_camera(chain, name="till", wanted_state="stopped")
    add_visit(world, chain, world.clock())
    told = owner.get(use).json()
    assert (told["cameras"], told["cameras_running"], told["visits"]) == (2, 1, 1)
    assert owner.get(f"/v1/sites/{new_id()}/use").json()["code"] == "not_found"
