"""Staff from the first entry to the last photograph: judged, known, seen by link, forgotten; and whose they are."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from regulars.ids import new_id
from regulars.steps.index_templates import collection_of
from regulars.steps.recognize import Recognizer
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.store.staff import folder_of, templates_of_member
from regulars.tenancy import Tenancy
from tests.fake_pack import photograph_of
from tests.gateway_and_recognize import LogIn
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import sightings_of, visits_of

LAN = {"name": "Lan", "gender": "female", "birth_year": 1994, "phone": "0901 234 567", "email": "lan@example.vn"}
TOO_OLD, NOBODY = {"birth_year": 1890}, {"customer_id": str(new_id())}
WRONG = [TOO_OLD, NOBODY, {"phone": "call me"}, {"email": "lan"}, {"name": "\u0000"}, {"gender": "x"}, {"note": "x"}]


def add(client: httpx.Client, **different: Any) -> str:
    answer = client.post("/v1/staff", json=LAN | different)
    assert answer.status_code == 201, answer.text
    return answer.json()["staff_id"]


def send(client: httpx.Client, staff_id: str, picture: bytes) -> httpx.Response:
    path = f"/v1/staff/{staff_id}/photographs"
    return client.post(path, content=picture, headers={"Content-Type": "image/jpeg"})


def known(shop: Shop, recognizer: Recognizer, staff_id: str) -> tuple[int, int, int]:
    """Return how many templates PostgreSQL and the index have of a member, and how many objects the store."""
    tenant_id, member_id = shop.tenant.tenant_id, UUID(staff_id)
    with transaction(shop.engine, shop.tenancy()) as connection:
        templates = templates_of_member(connection, tenant_id, member_id)
    indexed = recognizer.vectors.find(collection_of(recognizer.pack.digest), subject_ids=[member_id])
    return len(templates), len(indexed), len(list(recognizer.objects.list(folder_of(tenant_id, member_id))))


def test_two_good_photographs_make_somebody_staff(shop: Shop, recognizer: Recognizer, log_in: LogIn) -> None:
    owner = log_in(shop)
    staff_id = add(owner, site_ids=[str(shop.site_id)])
    path = f"/v1/staff/{staff_id}"
    assert owner.get(path).json()["enrolled"] == "not_yet_active"
    first = send(owner, staff_id, photograph_of(60))
    assert (first.status_code, first.json()["photographs"], first.json()["enrolled"]) == (201, 1, "not_yet_active")
    recognizer.handle(shop.walk_in(60, at(0)))
    assert len(visits_of(shop)) == 1, "one photograph is not enough"
    second = send(owner, staff_id, photograph_of(60, 90))
    assert (second.json()["enrolled"], owner.get(path).json()["enrolled"]) == ("enrolled", "enrolled")
    assert known(shop, recognizer, staff_id) == (2, 2, 2)
    recognizer.handle(shop.walk_in(60, at(100)))
    other_site = shop.open_another_site()
    recognizer.handle(other_site.walk_in(60, at(200)))
    assert [one.outcome for one in sightings_of(shop)] == ["new", "staff", "staff"], "at every site of the chain"
    assert len(visits_of(shop)) == 1
    assert len(visits_of(other_site)) == 1, "the very same one: of the chain"


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (photograph_of(61, people=2), "several_faces"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (photograph_of(61)[:2000], "corrupt_picture"),
        (photograph_of(61) + bytes(10_000_000), "file_too_large"),
    ],
)
def test_a_photograph_of_no_use_is_refused_with_the_reason(
    picture: bytes, reason: str, shop: Shop, recognizer: Recognizer, log_in: LogIn
) -> None:
    owner = log_in(shop)
    staff_id = add(owner)
    refused = send(owner, staff_id, picture)
    assert (refused.status_code, refused.json()["reason"]) == (422, reason)
    assert known(shop, recognizer, staff_id) == (0, 0, 0)


def test_photographs_of_different_people_are_refused_one_by_one(shop: Shop, log_in: LogIn) -> None:
    owner = log_in(shop)
    staff_id = add(owner)
    send(owner, staff_id, photograph_of(62))
    refused = send(owner, staff_id, photograph_of(63))
    assert (refused.status_code, refused.json()["reason"]) == (422, "different_people")
    assert owner.get(f"/v1/staff/{staff_id}").json()["photographs"] == 1


def test_deleting_photographs_lets_staff_be_visitors_again(shop: Shop, recognizer: Recognizer, log_in: LogIn) -> None:
    owner = log_in(shop)
    staff_id = add(owner)
    path = f"/v1/staff/{staff_id}/photographs"
    ids = [send(owner, staff_id, photograph_of(64, likeness)).json()["photograph_id"] for likeness in (100, 95, 90)]
    assert [one["photograph_id"] for one in owner.get(path).json()["items"]] == ids
    assert owner.delete(f"{path}/{ids[0]}").status_code == 204
    assert known(shop, recognizer, staff_id) == (2, 2, 2)
    assert owner.delete(f"{path}/{ids[1]}").status_code == 204
    assert known(shop, recognizer, staff_id) == (0, 0, 1)
    assert owner.get(f"/v1/staff/{staff_id}").json()["enrolled"] == "not_yet_active"
    recognizer.handle(shop.walk_in(64, at(0)))
    assert len(visits_of(shop)) == 1
    assert owner.delete(f"{path}/{ids[1]}").status_code == 404
    assert send(owner, staff_id, photograph_of(64, 85)).json()["enrolled"] == "enrolled"


def test_a_photograph_is_seen_through_a_link_that_the_audit_log_notes(shop: Shop, log_in: LogIn) -> None:
    owner = log_in(shop)
    staff_id = add(owner)
    photograph_id = send(owner, staff_id, photograph_of(65)).json()["photograph_id"]
    path = f"/v1/staff/{staff_id}/photographs/{photograph_id}"
    link = owner.get(path).json()
    kept = httpx.get(link["url"])
    assert (kept.status_code, kept.headers["content-type"], kept.content[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert b"Exif" not in kept.content
    with transaction(shop.engine, Tenancy(shop.tenant.tenant_id)) as connection:
        noted = [(one.action, one.subject_id) for one in entries(connection, shop.tenant.tenant_id)]
    assert noted.count(("face.seen", staff_id)) == 1
    assert ("staff.photograph_added", staff_id) in noted
    assert log_in(shop, "analyst").get(path).status_code == 403


def test_who_leaves_is_a_visitor_again_and_who_is_deleted_is_gone(
    shop: Shop, recognizer: Recognizer, log_in: LogIn
) -> None:
    owner = log_in(shop)
    staff_id = add(owner)
    path = f"/v1/staff/{staff_id}"
    for likeness in (100, 95):
        send(owner, staff_id, photograph_of(66, likeness))
    recognizer.handle(shop.walk_in(66, at(0)))
    assert owner.patch(path, json={"active": False}).json()["active"] is False
    recognizer.handle(shop.walk_in(66, at(60)))
    assert [one.outcome for one in sightings_of(shop)] == ["staff", "new"]
    stale = owner.get(path).headers["ETag"]
    owner.patch(path, json={"name": "Lan Anh"})
    assert owner.delete(path, headers={"If-Match": stale}).status_code == 412
    erasure = owner.delete(path)
    assert (erasure.status_code, erasure.json()["removed"]["photographs"]) == (200, 2)
    assert owner.get(f"/v1/erasures/{erasure.json()['erasure_id']}").json() == erasure.json()
    assert known(shop, recognizer, staff_id)[0] == 0
    assert (owner.get(path).status_code, owner.delete(path).status_code) == (404, 404)
    assert [one.outcome for one in sightings_of(shop)] == ["staff", "new"]


def test_a_customer_who_becomes_staff_makes_no_visits_any_more(
    shop: Shop, recognizer: Recognizer, log_in: LogIn
) -> None:
    # Their own looks are more like them than their photographs are.
    for minutes, likeness in ((0, 100), (60, 80), (120, 78)):
        recognizer.handle(shop.walk_in(67, at(minutes), likeness_percent=likeness))
    [customer_id] = {one.customer_id for one in visits_of(shop)}
    owner = log_in(shop)
    staff_id = add(owner)
    path = f"/v1/staff/{staff_id}"
    assert send(owner, staff_id, photograph_of(67, 75)).json()["looks_like_customer"] is False
    assert send(owner, staff_id, photograph_of(67, 74)).json()["looks_like_customer"] is True
    assert owner.get(path).json()["customer_id"] == str(customer_id)
    recognizer.handle(shop.walk_in(67, at(300)))
    assert sightings_of(shop)[-1].outcome == "staff"
    assert len(visits_of(shop)) == 3, "those that were stay"
    assert owner.patch(path, json={"customer_id": None}).json()["looks_like_customer"] is False
    owner.delete(path)
    recognizer.handle(shop.walk_in(67, at(400)))
    assert sightings_of(shop)[-1].customer_id == customer_id


def test_staff_are_listed_by_site_and_name_and_as_a_table(shop: Shop, log_in: LogIn) -> None:
    owner = log_in(shop)
    second = shop.open_another_site()
    add(owner, name="Ánh", site_ids=[str(shop.site_id)])
    add(owner, name="Bình", site_ids=[str(second.site_id)], phone="+84 90 111 22 33")
    gone = add(owner, name="=cmd()", active=False)

    def names(**query: Any) -> list[str]:
        return [one["name"] for one in owner.get("/v1/staff", params=query).json()["items"]]

    assert names() == ["Ánh", "Bình", "=cmd()"]
    assert names(sort="-name", active=True) == ["Bình", "Ánh"]
    assert names(q="anh") == ["Ánh"]
    assert names(q="111 22") == ["Bình"]
    assert names(site_id=str(second.site_id)) == ["Bình"]
    assert owner.get(f"/v1/staff/{gone}").json()["site_ids"] == []
    table = owner.get("/v1/staff", params={"format": "csv"}).text
    assert "'=cmd()" in table
    assert len(table.splitlines()) == 4


def test_a_manager_knows_the_staff_of_the_own_site_only(shop: Shop, log_in: LogIn) -> None:
    owner, manager = log_in(shop), log_in(shop, "manager")
    second = shop.open_another_site()
    here = add(owner, site_ids=[str(shop.site_id), str(second.site_id)])
    there = add(owner, site_ids=[str(second.site_id)])
    nowhere = add(owner)
    assert [one["staff_id"] for one in manager.get("/v1/staff").json()["items"]] == [here]
    assert manager.get(f"/v1/staff/{here}").json()["site_ids"] == [str(shop.site_id)]
    for hidden in (there, nowhere, str(new_id())):
        assert manager.get(f"/v1/staff/{hidden}").status_code == 404
        assert manager.patch(f"/v1/staff/{hidden}", json={"name": "x"}).status_code == 404
        assert manager.delete(f"/v1/staff/{hidden}").status_code == 404
        assert send(manager, hidden, photograph_of(68)).status_code == 404
    assert manager.post("/v1/staff", json=LAN | {"site_ids": [str(second.site_id)]}).status_code == 404
    assert manager.post("/v1/staff", json=LAN).json()["reason"] == "no_site"
    mine = add(manager, site_ids=[str(shop.site_id)])
    assert manager.patch(f"/v1/staff/{mine}", json={"site_ids": []}).json()["reason"] == "no_site"
    manager.patch(f"/v1/staff/{here}", json={"site_ids": [str(shop.site_id)]})
    both = owner.get(f"/v1/staff/{here}").json()["site_ids"]
    assert sorted(both) == sorted([str(shop.site_id), str(second.site_id)]), "what a manager does not see stays"


def test_another_chains_staff_are_nobody(opens: OpenShop, recognizer: Recognizer, log_in: LogIn) -> None:
    here, there = opens(), opens()
    owner, stranger = log_in(here), log_in(there)
    staff_id = add(owner)
    photograph_id = send(owner, staff_id, photograph_of(69)).json()["photograph_id"]
    path = f"/v1/staff/{staff_id}"
    for method, ending, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "mine"}),
        ("DELETE", "", None),
        ("GET", "/photographs", None),
        ("GET", f"/photographs/{photograph_id}", None),
        ("DELETE", f"/photographs/{photograph_id}", None),
    ):
        told = stranger.request(method, path + ending, json=body)
        missing = stranger.request(method, f"/v1/staff/{new_id()}{ending}", json=body)
        assert (told.status_code, told.json()["detail"]) == (404, missing.json()["detail"]), (method, ending)
    assert send(stranger, staff_id, photograph_of(69)).status_code == 404
    assert stranger.post("/v1/staff", json=LAN | {"site_ids": [str(here.site_id)]}).status_code == 404
    assert stranger.get("/v1/staff").json()["items"] == []
    assert known(here, recognizer, staff_id) == (0, 0, 1)
    send(owner, staff_id, photograph_of(69, 90))
    recognizer.handle(there.walk_in(69, at(0)))
    assert len(visits_of(there)) == 1, "one chain's staff are another's visitors"


@pytest.mark.parametrize("wrong", WRONG)
def test_what_nobody_is_like_is_refused(wrong: dict[str, Any], shop: Shop, log_in: LogIn) -> None:
    owner = log_in(shop)
    assert owner.post("/v1/staff", json=LAN | wrong).status_code == 422
    assert owner.patch(f"/v1/staff/{add(owner)}", json=wrong).status_code == 422
