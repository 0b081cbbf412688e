"""Customers as the portal lists, reads and changes them: whom a chain sees, what it shares, and what is its own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from regulars.store.audit import AuditEntry, entries
from regulars.store.people import put_first_visit
from regulars.store.session import transaction
from regulars.tenancy import NETWORK_SCOPE_ID, Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person, add_visit

PICTURE = b"\xff\xd8 a face \xff\xd9"


def regular(world: World, chain: Chain, *days_ago: int, **what: Any) -> UUID:
    """Add a customer with a visit that many days ago each, the oldest first."""
    now = world.clock()
    customer = add_person(world, chain, now - timedelta(days=days_ago[0]))
    for number, days in enumerate(days_ago):
        status = "returning" if number else "new"
        add_visit(world, chain, now - timedelta(days=days), customer_id=customer, status=status, **what)
    return customer


def found(client: httpx.Client, **wanted: object) -> list[str]:
    answer = client.get("/v1/customers", params={name: str(value) for name, value in wanted.items()})
    assert answer.status_code == 200, answer.text
    return [one["customer_id"] for one in answer.json()["items"]]


def noted(world: World, chain: Chain) -> list[AuditEntry]:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        return entries(connection, chain.tenant_id)


def test_customers_are_sorted_filtered_and_found_by_what_people_say(world: World, chain: Chain) -> None:
    often, once, gone = (
        str(one)
        for one in (
            regular(world, chain, 9, 5, 2, gender="female"),
            regular(world, chain, 1),
            regular(world, chain, 60, 50),
        )
    )
    owner = world.logged_in(chain.emails["owner"])
    said = {"name": "Nguyễn Thị Đào", "phone": "+84 903 123-456"}
    assert owner.patch(f"/v1/customers/{often}", json=said).status_code == 200
    assert found(owner) == [once, often, gone]
    assert found(owner, sort="first_visit_at") == [gone, often, once]
    assert found(owner, sort="-visits") == [often, gone, once]
    assert found(owner, sort="-name")[0] == often
    for q in ("nguyen thi dao", "NGUYỄN", "0903123", "903123", often[-6:], often[-6:].upper()):
        assert found(owner, q=q) == [often], q
    assert found(owner, q="Tran") == found(owner, q="0904") == []
    now = world.clock()
    assert found(owner, **{"from": now - timedelta(days=3)}) == [once, often]
    assert found(owner, **{"from": now - timedelta(days=55), "to": now - timedelta(days=40)}) == [gone]
    assert found(owner, new_from=now - timedelta(days=10), new_to=now - timedelta(days=5)) == [often]
    assert found(owner, gender="female") == [often]
    assert found(owner, has_name="true") == [often]
    assert found(owner, has_name="false") == [once, gone]
    assert found(owner, site_id=chain.site_id, limit=1) == [once]


def test_a_customers_page_tells_the_rhythm_by_the_sites_clock(world: World, chain: Chain) -> None:
    # Sundays 18:30 UTC are Mondays 01:30 in Ho Chi Minh City.
    world.clock.now = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    customer = regular(world, chain, 21, 14, 7, 0)
    owner = world.logged_in(chain.emails["owner"])
    told = owner.get(f"/v1/customers/{customer}").json()
    assert told["hours"] == [{"weekday": 1, "hour": 1, "visits": 4}]
    assert (told["visits"], told["usual_absence_days"]) == (4, 7.0)
    assert [(site["site_id"], site["visits"]) for site in told["sites"]] == [(str(chain.site_id), 4)]
    assert (told["handle"], told["note"], told["has_face"]) == (customer.hex[-6:].upper(), None, False)


def test_the_profile_is_shared_and_the_note_is_not(world: World, chain: Chain) -> None:
    customer = regular(world, chain, 1)
    other = world.add_chain("Bún Chả")
    with transaction(world.parts.engine, Tenancy(other.tenant_id, NETWORK_SCOPE_ID)) as connection:
        put_first_visit(connection, other.tenant_id, NETWORK_SCOPE_ID, customer, world.clock())
    add_visit(world, other, world.clock(), customer_id=customer, status="new")
    here, there = (world.logged_in(one.emails["owner"]) for one in (chain, other))
    said = {"name": "Hà", "birth_year": 1990, "phone": "0903 123 456", "note": "no peanuts"}
    assert here.patch(f"/v1/customers/{customer}", json=said).json()["note"] == "no peanuts"
    told = there.get(f"/v1/customers/{customer}").json()
    assert (told["name"], told["birth_year"], told["note"]) == ("Hà", 1990, None)
    assert there.patch(f"/v1/customers/{customer}", json={"note": "window seat", "phone": None}).status_code == 200
    told = here.get(f"/v1/customers/{customer}").json()
    assert (told["note"], told["phone"], told["visits"]) == ("no peanuts", None, 1)
    [change] = [one for one in noted(world, chain) if one.action == "customer.changed"]
    assert change.detail == {"fields": ["birth_year", "name", "note", "phone"]}


def test_a_stale_change_is_refused_and_bad_fields_are_named(world: World, chain: Chain) -> None:
    path = f"/v1/customers/{regular(world, chain, 1)}"
    owner = world.logged_in(chain.emails["owner"])
    read = owner.get(path).headers["etag"]
    changed = owner.patch(path, json={"name": "Hà"}, headers={"If-Match": read})
    assert changed.status_code == 200
    late = owner.patch(path, json={"name": "Hoa"}, headers={"If-Match": read})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    fresh = changed.headers["etag"]
    assert owner.patch(path, json={"name": None}, headers={"If-Match": fresh}).json()["name"] is None
    bad = owner.patch(path, json={"birth_year": 12, "phone": "call me", "nick": "x"}).json()
    assert {one["field"] for one in bad["errors"]} == {"body.birth_year", "body.phone", "body.nick"}


def test_the_latest_kept_picture_is_a_link_and_every_look_says_why(world: World, chain: Chain) -> None:
    customer = regular(world, chain, 3, 1, picture=PICTURE)
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get(f"/v1/customers/{customer}").json()["has_face"] is True
    link = owner.get(f"/v1/customers/{customer}/face").json()
    assert httpx.get(link["url"]).content == PICTURE
    [look] = [one for one in noted(world, chain) if one.action == "face.seen"]
    assert (look.subject_kind, look.subject_id, look.detail) == ("customer", str(customer), {"why": "customer_seen"})
    world.clock.pass_by(timedelta(days=31).total_seconds())
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get(f"/v1/customers/{customer}").json()["has_face"] is False
    assert owner.get(f"/v1/customers/{customer}/face").status_code == 404


def test_another_chains_customers_are_not_there(world: World, chain: Chain) -> None:
    other = world.add_chain("Bún Chả")
    customer = regular(world, other, 1, picture=PICTURE)
    owner = world.logged_in(chain.emails["owner"])
    assert found(owner) == []
    for path in ("", "/face"):
        assert owner.get(f"/v1/customers/{customer}{path}").status_code == 404
    assert owner.patch(f"/v1/customers/{customer}", json={"name": "x"}).status_code == 404
