"""A person at the desk: found by a selfie and a time, told all that is kept, forgotten by proof; from end to end."""

import io
import json
import zipfile
from datetime import datetime
from uuid import UUID

import httpx
import pytest

from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from regulars.store.audit import entries
from tests.fake_pack import photograph_of
from tests.gateway_and_recognize import LogIn
from tests.people_seen import read
from tests.shop import Shop, at
from tests.visits_seen import visits_of


@pytest.fixture
def owner_of_shop(shop: Shop, log_in: LogIn) -> httpx.Client:
    """The shop's owner, logged in."""
    return log_in(shop)


def find(
    client: httpx.Client, shop: Shop, picture: bytes, when: datetime, site_id: UUID | None = None
) -> httpx.Response:
    about = {"site_id": str(site_id or shop.site_id), "visited_at": when.isoformat()}
    return client.post("/v1/rights/find-me", params=about, content=picture, headers={"content-type": "image/jpeg"})


def test_a_person_is_found_by_a_selfie_and_the_time_and_nothing_is_stored(
    shop: Shop, recognizer: Recognizer, owner_of_shop: httpx.Client
) -> None:
    recognizer.handle(shop.walk_in(50, at(0)))
    recognizer.handle(shop.walk_in(51, at(10)))
    before = [one.key for one in shop.objects.list("")]
    [found] = find(owner_of_shop, shop, photograph_of(50), at(45)).json()["candidates"]
    visit = visits_of(shop)[0]
    assert (found["customer_id"], found["visit_id"], found["verdict"]) == (
        str(visit.customer_id),
        str(visit.visit_id),
        "match",
    )
    assert set(found) == {"customer_id", "verdict", "visit_id", "visited_at", "proof"}, "no score"
    [perhaps] = find(owner_of_shop, shop, photograph_of(50, 38), at(45)).json()["candidates"]
    assert (perhaps["verdict"], perhaps["proof"]) == ("possible", None)
    assert find(owner_of_shop, shop, photograph_of(50), at(60 * 24)).json() == {"candidates": []}
    assert find(owner_of_shop, shop, photograph_of(50), at(0), new_id()).status_code == 404
    assert find(owner_of_shop, shop, b"no picture", at(0)).json()["reason"] == "not_a_picture"
    assert [one.key for one in shop.objects.list("")] == before
    noted = [one for one in read(shop, entries, shop.tenant.tenant_id) if one.action == "person.searched"]
    assert [one.detail for one in noted] == [{"found": 0}, {"found": 1}, {"found": 1}]


def test_by_the_proof_of_their_face_a_person_is_erased(
    shop: Shop, recognizer: Recognizer, owner_of_shop: httpx.Client
) -> None:
    recognizer.handle(shop.walk_in(52, at(0)))
    [found] = find(owner_of_shop, shop, photograph_of(52), at(0)).json()["candidates"]
    erasure = owner_of_shop.post(f"/v1/customers/{found['customer_id']}/erasure", json={"proof": found["proof"]})
    assert (erasure.status_code, erasure.json()["whole"]) == (201, True)
    assert find(owner_of_shop, shop, photograph_of(52), at(0)).json() == {"candidates": []}


def test_a_person_is_told_all_that_is_kept_of_them_and_no_vector(
    shop: Shop, recognizer: Recognizer, owner_of_shop: httpx.Client
) -> None:
    recognizer.handle(shop.walk_in(53, at(-60)))
    recognizer.handle(shop.walk_in(54, at(-30)))
    customer_id = visits_of(shop)[0].customer_id
    path = f"/v1/customers/{customer_id}"
    said = {"purpose": "profile", "given": True, "how": "at the desk", "text_version": "1"}
    assert owner_of_shop.post(f"{path}/consents", json=said).status_code == 201
    assert owner_of_shop.patch(path, json={"name": "Lan", "phone": "+84 90 1"}).status_code == 200
    answer = owner_of_shop.get(f"{path}/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        about = json.loads(archive.read("about.json"))
        pictures = [name for name in archive.namelist() if name != "about.json"]
        assert all(archive.read(name)[:2] == b"\xff\xd8" for name in pictures)
    assert sorted(about["pictures"]) == sorted(pictures)
    assert len(pictures) == 3
    assert (about["profile"]["name"], about["consents"][0]["purpose"]) == ("Lan", "profile")
    assert [one["reason"] for one in about["sightings"]] == ["first_seen"]
    assert [one["customer_id"] for one in about["visits"]] == [str(customer_id)]
    assert [(one["in_use"], one["brought_by_this_chain"]) for one in about["looks"]] == [(True, True)]
    assert {"consent.noted", "customer.exported"} <= {one["action"] for one in about["who_looked_or_changed"]}
    assert "vector" not in json.dumps(about)
    assert "quality" not in json.dumps(about)
    assert owner_of_shop.get(f"/v1/customers/{new_id()}/export").status_code == 404
