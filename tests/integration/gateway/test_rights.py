"""The rights of a person through the gateway: consents noted, an erasure asked for and its receipt read."""

import io
from datetime import timedelta
from uuid import UUID

import pytest
from pypdf import PdfReader

from functions.gateway.rights.proof import GOOD_FOR, prove
from regulars.store.people import put_first_visit
from regulars.store.session import transaction
from regulars.tenancy import NETWORK_SCOPE_ID, Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_visit


@pytest.fixture
def customer_id(world: World, chain: Chain) -> UUID:
    """A customer with a visit and a look."""
    began_at = world.clock() - timedelta(hours=2)
    customer_id = add_person(world, chain, began_at)
    add_visit(world, chain, began_at, customer_id=customer_id)
    add_look(world, chain, customer_id)
    return customer_id


def test_an_owner_erases_a_customer_and_reads_the_receipt(world: World, chain: Chain, customer_id: UUID) -> None:
    owner = world.logged_in(chain.emails["owner"])
    answer = owner.post(f"/v1/customers/{customer_id}/erasure", json={})
    assert answer.status_code == 201, answer.text
    erasure = answer.json()
    assert (erasure["state"], erasure["whole"]) == ("in_progress", True)
    assert erasure["removed"]["face_templates"] == erasure["removed"]["customers"] == 1
    assert str(customer_id) not in answer.text
    assert owner.get(f"/v1/customers/{customer_id}").status_code == 404
    assert owner.post(f"/v1/customers/{customer_id}/erasure", json={}).json()["code"] == "not_found"
    [visit] = owner.get("/v1/visits").json()["items"]
    assert visit["customer"] is None
    assert owner.get(f"/v1/erasures/{erasure['erasure_id']}").json() == erasure
    [listed] = owner.get("/v1/erasures").json()["items"]
    assert listed["erasure_id"] == erasure["erasure_id"]
    for language, words in (("vi", "Biên nhận xóa dữ liệu"), ("en", "Receipt of an erasure")):
        page = owner.get(f"/v1/erasures/{erasure['erasure_id']}", params={"format": "pdf", "language": language})
        told = PdfReader(io.BytesIO(page.content)).pages[0].extract_text()
        assert words in told
        assert erasure["erasure_id"] in told
        assert str(customer_id) not in told


def test_only_an_owner_may_erase_and_only_own_customers(world: World, chain: Chain, customer_id: UUID) -> None:
    for role in ("manager", "analyst"):
        answer = world.logged_in(chain.emails[role]).post(f"/v1/customers/{customer_id}/erasure", json={})
        assert answer.status_code == 403
    other = world.add_chain("Bún Bò")
    stranger = world.logged_in(other.emails["owner"])
    assert stranger.post(f"/v1/customers/{customer_id}/erasure", json={}).status_code == 404
    assert world.logged_in(chain.emails["owner"]).get(f"/v1/customers/{customer_id}").status_code == 200


def test_with_a_proof_the_whole_person_goes_and_without_one_the_chains_part(
    world: World, chain: Chain, customer_id: UUID
) -> None:
    other = world.add_chain("Bún Bò")
    _know(world, other, customer_id)
    owner, secret = world.logged_in(other.emails["owner"]), world.settings.secret_key
    path = f"/v1/customers/{customer_id}/erasure"
    late = prove(secret, other.tenant_id, customer_id, world.clock() - GOOD_FOR)
    elsewhere = prove(secret, chain.tenant_id, customer_id, world.clock())
    for proof in ("nonsense", late, elsewhere):
        assert owner.post(path, json={"proof": proof}).json()["reason"] == "not_proven"
    good = prove(secret, other.tenant_id, customer_id, world.clock())
    assert owner.post(path, json={"proof": good}).json()["whole"] is True
    assert world.logged_in(chain.emails["owner"]).get(f"/v1/customers/{customer_id}").status_code == 404


def test_what_is_the_chains_own_goes_where_others_know_the_person(
    world: World, chain: Chain, customer_id: UUID
) -> None:
    other = world.add_chain("Bún Bò")
    _know(world, other, customer_id)
    erasure = world.logged_in(chain.emails["owner"]).post(f"/v1/customers/{customer_id}/erasure", json={}).json()
    assert (erasure["whole"], erasure["removed"]["face_templates"]) == (False, 1)
    assert world.logged_in(other.emails["owner"]).get(f"/v1/customers/{customer_id}").status_code == 200


def test_consents_are_added_to_and_never_changed(world: World, chain: Chain, customer_id: UUID) -> None:
    owner, path = world.logged_in(chain.emails["owner"]), f"/v1/customers/{customer_id}/consents"
    given = {"purpose": "recognition", "given": True, "how": "on paper at the desk", "text_version": "2026-03"}
    assert owner.post(path, json=given).status_code == 201
    world.clock.pass_by(60)
    assert owner.post(path, json=given | {"given": False, "how": "by telephone"}).status_code == 201
    told = owner.get(path).json()["items"]
    assert [(one["given"], one["how"]) for one in told] == [(False, "by telephone"), (True, "on paper at the desk")]
    assert owner.post(path, json=given | {"purpose": "anything"}).status_code == 422
    assert world.logged_in(world.add_chain("Bún Bò").emails["owner"]).get(path).status_code == 404


def test_an_objection_is_noted_listed_and_withdrawn(world: World, chain: Chain, customer_id: UUID) -> None:
    owner = world.logged_in(chain.emails["owner"])
    answer = owner.post(f"/v1/customers/{customer_id}/objection", json={"how": "at the desk"})
    assert answer.status_code == 201, answer.text
    objection = answer.json()
    assert (objection["how"], objection["everywhere"]) == ("at the desk", False)
    assert owner.get("/v1/objections").json()["items"] == [objection]
    assert owner.get(f"/v1/customers/{customer_id}").status_code == 404
    path = f"/v1/objections/{objection['objection_id']}"
    stranger = world.logged_in(world.add_chain("Bún Bò").emails["owner"])
    assert stranger.delete(path).status_code == 404
    assert (owner.delete(path).status_code, owner.delete(path).status_code) == (204, 404)


def _know(world: World, chain: Chain, customer_id: UUID) -> None:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id, NETWORK_SCOPE_ID)) as connection:
        put_first_visit(connection, chain.tenant_id, NETWORK_SCOPE_ID, customer_id, world.clock())
    add_visit(world, chain, world.clock(), customer_id=customer_id)


def test_an_owner_lets_the_chain_leave_by_its_name_and_may_think_again(world: World, chain: Chain) -> None:
    owner, path = world.logged_in(chain.emails["owner"]), "/v1/tenant/departure"
    assert owner.get(path).status_code == owner.delete(path).status_code == 404
    assert owner.post(path, json={"name": "another"}).json()["reason"] == "another_name"
    assert world.logged_in(chain.emails["manager"]).post(path, json={"name": "Phở Ngon"}).status_code == 403
    asked = owner.post(path, json={"name": "Phở Ngon"})
    assert asked.status_code == 201, asked.text
    assert owner.get(path).json() == asked.json()
    assert asked.json()["state"] == "waiting"
    assert owner.post(path, json={"name": "Phở Ngon"}).json()["reason"] == "leaving_already"
    assert (owner.delete(path).status_code, owner.get(path).status_code) == (204, 404)
