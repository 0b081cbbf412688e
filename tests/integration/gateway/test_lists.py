"""What every list shares: cursors that stay true and cannot be bent, and the whole of it as a CSV that harms nobody."""

import base64
import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from regulars.ids import new_id
from regulars.store.session import transaction
from regulars.store.visits import ensure_month
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person, add_visit

MANY = 10_000
_MANY_VISITS = text("""
insert into visits (tenant_id, visit_id, started_at, ended_at, site_id, customer_id, status, gender, direction,
    sightings, created_at)
select :tenant_id, gen_random_uuid(), cast(:since as timestamptz) + n * interval '1 second',
    cast(:since as timestamptz) + n * interval '1 second', :site_id, null, 'undetermined', 'unknown', 'in', 1, :since
from generate_series(1, :many) n
""")


def pages(client: httpx.Client, path: str, **wanted: Any) -> list[dict[str, Any]]:
    """Follow the cursors to the end."""
    seen: list[dict[str, Any]] = []
    while True:
        page = client.get(path, params=wanted).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            return seen
        wanted["cursor"] = page["next_cursor"]


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(world: World, chain: Chain) -> None:
    now = world.clock()
    there = [str(add_visit(world, chain, now - timedelta(minutes=number))) for number in range(6)]
    owner = world.logged_in(chain.emails["owner"])
    first = owner.get("/v1/visits", params={"limit": 3}).json()
    add_visit(world, chain, now + timedelta(minutes=1))
    late = str(add_visit(world, chain, now - timedelta(minutes=4, seconds=30)))
    rest = pages(owner, "/v1/visits", limit=2, cursor=first["next_cursor"])
    told = [one["visit_id"] for one in [*first["items"], *rest]]
    assert told == [*there[:5], late, there[5]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (["-started_at", "2026-01-01", str(new_id())], "a text is no time"),
        (["started_at", ["2026-01-01T00:00:00+00:00"], str(new_id())], "of another order"),
        (["-sightings", 3, str(new_id())], "of another column"),
        (["-started_at", ["2026-01-01T00:00:00"], str(new_id())], "no zone"),
        (["-started_at", ["0001-01-01T00:00:00+23:00"], str(new_id())], "before the first year"),
        (["-started_at", ["2026-01-01T00:00:00+00:00"], "1 or 1=1"], "no id"),
        (["-started_at", ["'; drop table visits; --"], str(new_id())], "no time"),
        ({"sort": "-started_at"}, "another shape"),
        ([["deep"]], "nested"),
    ],
)
def test_a_bent_cursor_is_refused(world: World, chain: Chain, content: Any, why: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    answer = world.logged_in(chain.emails["owner"]).get("/v1/visits", params={"cursor": cursor})
    assert (answer.status_code, answer.json().get("reason")) == (422, "bad_cursor"), why


def test_a_name_in_a_cursor_is_only_ever_a_name(world: World, chain: Chain) -> None:
    customer = add_person(world, chain, world.clock())
    add_visit(world, chain, world.clock(), customer_id=customer, status="new")
    owner = world.logged_in(chain.emails["owner"])
    for name in ("' or true --", "\0", "\ud800", 5, True):
        content = json.dumps(["name", name, str(new_id())]).encode()
        cursor = base64.urlsafe_b64encode(content).decode().rstrip("=")
        answer = owner.get("/v1/customers", params={"sort": "name", "cursor": cursor})
        assert answer.status_code == (200 if name == "' or true --" else 422), name
    assert owner.get("/v1/customers", params={"sort": "name; drop table visits"}).status_code == 422


@pytest.mark.parametrize("visits", [2**31, -(2**62)])
def test_a_number_that_no_column_holds_is_no_place(world: World, chain: Chain, visits: int) -> None:
    content = json.dumps(["-visits", visits, str(new_id())]).encode()
    asked = {"sort": "-visits", "cursor": base64.urlsafe_b64encode(content).decode().rstrip("=")}
    answer = world.logged_in(chain.emails["owner"]).get("/v1/customers", params=asked)
    assert (answer.status_code, answer.json()["reason"]) == (422, "bad_cursor")


def test_no_cell_is_a_formula_and_every_text_comes_back_whole(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    said = [
        "=1+1",
        "+84 90",
        "-5",
        "@SUM(A1)",
        'a "quoted", name',
        "=cmd|' /C calc'!A0",
        "Nguyễn",
        "a;=1+1",
        "a - b; c",
    ]
    for number, name in enumerate(said):
        customer = add_person(world, chain, world.clock() + timedelta(seconds=number))
        add_visit(world, chain, world.clock() - timedelta(hours=number), customer_id=customer, status="new")
        assert owner.patch(f"/v1/customers/{customer}", json={"name": name}).status_code == 200, name
    answer = owner.get("/v1/customers", params={"format": "csv", "limit": 1})
    assert answer.content.startswith(b"\xef\xbb\xbfcustomer_id,name,handle,")
    assert b"\r\n" in answer.content
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="customers-{world.clock():%Y-%m-%d}.csv"'
    told = [row["name"] for row in table(answer)]
    assert told == [f"'{name}" if name[0] in "=+-@" else name.replace(";=", ";'=") for name in said]


def test_times_are_told_in_utc_and_by_the_sites_clock(world: World, chain: Chain) -> None:
    at = world.clock().replace(year=2026, month=3, day=2, hour=18, minute=30, second=0, microsecond=0)
    customer = add_person(world, chain, at)
    add_visit(world, chain, at, customer_id=customer, status="new")
    [row] = table(world.logged_in(chain.emails["owner"]).get("/v1/visits", params={"format": "csv"}))
    assert (row["started_at"], row["started_at_local"]) == ("2026-03-02T18:30:00Z", "2026-03-03 01:30:00")
    assert (row["customer.customer_id"], row["customer.name"], row["has_face"]) == (str(customer), "", "false")


def test_ten_thousand_rows_come_in_pieces_and_none_is_of_another_chain(world: World, chain: Chain) -> None:
    other = world.add_chain("Bún Chả")
    add_visit(world, other, world.clock())
    begun = world.clock() - timedelta(hours=12)
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        ensure_month(connection, begun)
        ensure_month(connection, begun + timedelta(seconds=MANY))
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        values = {"tenant_id": chain.tenant_id, "site_id": chain.site_id, "since": begun, "many": MANY}
        connection.execute(_MANY_VISITS, values)
    client = world.logged_in(chain.emails["owner"])
    with client.stream("GET", "/v1/visits", params={"format": "csv", "sort": "started_at"}) as answer:
        pieces = [piece for piece in answer.iter_raw() if piece]
    assert answer.headers.get("content-length") is None
    rows = list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))
    assert len({row["visit_id"] for row in rows}) == len(rows) == MANY
    assert [row["started_at"] for row in rows] == sorted(row["started_at"] for row in rows)
    assert {UUID(row["site_id"]) for row in rows} == {chain.site_id}


def test_a_bad_filter_of_a_csv_is_told_as_a_problem(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    for wanted in ({"format": "csv", "status": "x"}, {"format": "xlsx"}, {"limit": 0}, {"limit": 201}, {"q": "\x00"}):
        answer = owner.get("/v1/visits", params=wanted)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), wanted
    assert world.logged_in(chain.emails["analyst"]).get("/v1/visits?format=csv").status_code == 403
