"""One visit in full: who saw it and why it was decided so, its pictures, and that it was staff, said and taken back."""

from datetime import timedelta
from typing import get_args
from uuid import UUID

import httpx
from sqlalchemy import select

from functions.gateway.visits.reasons import WORDS
from regulars.domain.matching import Reason as Decided
from regulars.ids import new_id
from regulars.steps.change_hands import Reason as PutRight
from regulars.store.audit import entries
from regulars.store.correction_tables import dirty_days
from regulars.store.session import transaction
from regulars.store.staff import Member, add_staff, put_sites
from regulars.tenancy import Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_proposal, add_visit

PICTURE = b"\xff\xd8 a face \xff\xd9"


def add_member(world: World, chain: Chain) -> UUID:
    staff_id = new_id()
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        add_staff(connection, Member(chain.tenant_id, staff_id, "Lan", "female", True, world.clock()))
        put_sites(connection, chain.tenant_id, staff_id, [chain.site_id])
    return staff_id


def looks(world: World, chain: Chain) -> list[tuple[str, str, str]]:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = entries(connection, chain.tenant_id)
    return [(one.subject_kind, one.subject_id, one.detail["why"]) for one in noted if one.action == "face.seen"]


def test_every_reason_that_is_ever_written_has_words() -> None:
    assert set(WORDS) >= {*get_args(Decided), *get_args(PutRight)}
    assert not [words for words in WORDS.values() if any(letter.isdigit() for letter in words)]


def test_a_visit_tells_which_camera_saw_it_and_why_nobody_was_named(world: World, chain: Chain) -> None:
    camera = world.add_camera(chain)
    visit = add_visit(world, chain, world.clock(), camera_id=camera, lost_because="too_dark", picture=PICTURE)
    told = world.logged_in(chain.emails["owner"]).get(f"/v1/visits/{visit}").json()
    [seen] = told["seen_by"]
    assert (seen["camera_id"], seen["camera_name"], seen["lost_because"]) == (str(camera), "door", "too_dark")
    assert (seen["reason"], seen["words"]) == (
        "not_enough_quality_to_match",
        "The face was not seen well enough to be compared.",
    )
    assert (seen["shots"], told["corrections"], told["can"]) == (1, [], ["this_is_staff"])
    assert not {"quality", "score", "gender_weight", "shots_quality"} & set(seen)


def test_all_kept_pictures_are_links_and_the_look_is_noted_once(world: World, chain: Chain) -> None:
    visit = add_visit(world, chain, world.clock(), picture=PICTURE)
    owner = world.logged_in(chain.emails["owner"])
    [shot] = owner.get(f"/v1/visits/{visit}/shots").json()["items"]
    assert httpx.get(shot["url"]).content == PICTURE
    assert looks(world, chain) == [("visit", str(visit), "shots_compared")]
    world.clock.pass_by(timedelta(days=31).total_seconds())
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get(f"/v1/visits/{visit}/shots").json()["items"] == []
    assert len(looks(world, chain)) == 1, "nothing was there to be looked at"


def test_a_visit_of_staff_stops_counting_and_comes_back_under_its_id(world: World, chain: Chain) -> None:
    customer = add_person(world, chain, world.clock())
    add_look(world, chain, customer)
    first = add_visit(world, chain, world.clock() - timedelta(days=1), customer_id=customer, status="new")
    visit = add_visit(world, chain, world.clock(), customer_id=customer, status="returning")
    member = add_member(world, chain)
    owner = world.logged_in(chain.emails["manager"])
    told = owner.get(f"/v1/visits/{visit}").json()
    assert told["can"] == ["not_this_person", "split", "merge", "this_is_staff"]
    unknown = owner.post(f"/v1/visits/{visit}/this-is-staff", json={"staff_id": str(new_id())})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    answer = owner.post(f"/v1/visits/{visit}/this-is-staff", json={"staff_id": str(member)})
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["kind"], done["customer_ids"]) == ("was_staff", [str(customer)])
    assert owner.get(f"/v1/visits/{visit}").status_code == 404
    assert owner.get(f"/v1/customers/{customer}").json()["visits"] == 1
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        assert set(connection.scalars(select(dirty_days.c.reason))) == {"was_staff"}
    undone = owner.post(f"/v1/corrections/{done['correction_id']}/undo").json()
    assert undone["undone_at"] is not None
    back = owner.get(f"/v1/visits/{visit}").json()
    assert (back["customer"]["customer_id"], back["status"]) == (str(customer), "returning")
    assert [one["correction_id"] for one in back["corrections"]] == [done["correction_id"]]
    assert owner.get(f"/v1/visits/{first}").json()["corrections"] == []


def test_both_of_a_proposal_are_shown_and_both_looks_are_noted(world: World, chain: Chain) -> None:
    one, other = (add_person(world, chain, world.clock() + timedelta(seconds=number)) for number in range(2))
    add_visit(world, chain, world.clock(), customer_id=one, status="new", picture=PICTURE)
    add_visit(world, chain, world.clock(), customer_id=other, status="new")
    proposal = add_proposal(world, chain, one, other)
    told = world.logged_in(chain.emails["owner"]).get(f"/v1/merge-proposals/{proposal}/faces").json()
    assert httpx.get(told["one"]["url"]).content == PICTURE
    assert told["other"] is None
    assert looks(world, chain) == [("customer", str(one), "merge_decided")]
