"""People put right through the routes: what a human sees, decides and takes back."""

from datetime import timedelta

from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_proposal, add_visit


def test_not_this_person_and_back(world: World, chain: Chain) -> None:
    customer = add_person(world, chain, world.clock())
    add_look(world, chain, customer)
    add_visit(world, chain, world.clock() - timedelta(days=1), customer_id=customer, status="new")
    wrong = add_visit(world, chain, world.clock(), customer_id=customer, status="returning")
    owner = world.logged_in(chain.emails["manager"])
    done = owner.post(f"/v1/visits/{wrong}/not-this-person").json()
    assert (done["kind"], done["customer_ids"], done["made"]) == ("not_this_person", [str(customer)], None)
    assert owner.get(f"/v1/visits/{wrong}").json()["customer"] is None
    assert [one["correction_id"] for one in owner.get("/v1/corrections").json()["items"]] == [done["correction_id"]]
    assert owner.post(f"/v1/visits/{wrong}/not-this-person").json()["reason"] == "nobody_named"
    undone = owner.post(f"/v1/corrections/{done['correction_id']}/undo").json()
    assert undone["undone_at"] is not None
    assert owner.get(f"/v1/visits/{wrong}").json()["customer"]["customer_id"] == str(customer)
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = [(entry.action, entry.actor[:5]) for entry in entries(connection, chain.tenant_id)]
    assert noted == [("correction.undone", "user:"), ("visit.not_this_person", "user:")]


def test_a_proposal_is_told_in_words_and_decided(world: World, chain: Chain) -> None:
    one, other = (add_person(world, chain, world.clock() + timedelta(seconds=number)) for number in range(2))
    visits = [
        add_visit(world, chain, world.clock() - timedelta(days=days), customer_id=customer, status="new")
        for customer, days in ((one, 2), (other, 1))
    ]
    add_proposal(world, chain, one, other)
    owner = world.logged_in(chain.emails["owner"])

    def proposals() -> list[dict[str, str]]:
        return owner.get("/v1/merge-proposals").json()["items"]

    [told] = proposals()
    assert told["words"] == "They look alike, but not beyond doubt."
    assert not [name for name in told if "score" in name or "cosine" in name]
    path = f"/v1/merge-proposals/{told['proposal_id']}"
    refused = owner.post(path, json={"decision": "refuse"}).json()
    assert (refused["kind"], proposals()) == ("kept_apart", [])
    again = owner.post(f"/v1/customers/{one}/merge", json={"other_id": str(other)})
    assert (again.status_code, again.json()["reason"]) == (422, "kept_apart")
    owner.post(f"/v1/corrections/{refused['correction_id']}/undo")
    assert proposals() == [told]
    assert owner.post(path, json={"decision": "merge"}).json()["kind"] == "merged"
    seen = [owner.get(f"/v1/visits/{visit}").json() for visit in visits]
    assert [visit["customer"]["customer_id"] for visit in seen] == [str(one), str(one)]
    assert [visit["status"] for visit in seen] == ["new", "returning"]
    assert owner.post(path, json={"decision": "merge"}).status_code == 404


def test_looks_are_listed_without_a_vector_and_one_is_undone(world: World, chain: Chain) -> None:
    customer = add_person(world, chain, world.clock())
    looks = [add_look(world, chain, customer) for _ in range(2)]
    owner = world.logged_in(chain.emails["owner"])
    told = owner.get(f"/v1/customers/{customer}/looks").json()["items"]
    assert [look["template_id"] for look in told] == [str(look) for look in looks]
    assert set(told[0]) == {"template_id", "visit_id", "learned_at"}
    assert owner.delete(f"/v1/customers/{customer}/looks/{looks[1]}").json()["kind"] == "addition_undone"
    assert len(owner.get(f"/v1/customers/{customer}/looks").json()["items"]) == 1
    last = owner.delete(f"/v1/customers/{customer}/looks/{looks[0]}")
    assert (last.status_code, last.json()["reason"]) == (422, "last_look")


def test_a_split_by_looks_or_by_visits_and_nothing_else(world: World, chain: Chain) -> None:
    customer = add_person(world, chain, world.clock())
    for _ in range(2):
        add_look(world, chain, customer)
    chosen = add_visit(world, chain, world.clock(), customer_id=customer, status="new")
    owner = world.logged_in(chain.emails["owner"])
    path = f"/v1/customers/{customer}/split"
    assert owner.post(path, json={}).json()["code"] == "invalid_request"
    assert owner.post(path, json={"by_looks": True}).json()["reason"] == "one_person"
    made = owner.post(path, json={"visit_ids": [str(chosen)]}).json()["made"]
    assert owner.get(f"/v1/visits/{chosen}").json()["customer"]["customer_id"] == made


def test_a_gender_set_by_hand_is_what_visits_say(world: World, chain: Chain) -> None:
    customer = add_person(world, chain, world.clock())
    visit = add_visit(world, chain, world.clock(), customer_id=customer, status="new", gender="female")
    owner = world.logged_in(chain.emails["owner"])
    for said, expected in (("male", "male"), ("unknown", "unknown")):
        assert owner.patch(f"/v1/customers/{customer}", json={"gender": said}).json()["gender_set"] == said
        assert owner.get(f"/v1/visits/{visit}").json()["gender"] == expected
