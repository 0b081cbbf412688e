"""The audit log as it is read: who saw which face and why, by name, filtered, as CSV, and never another chain's."""

import csv
import io
from datetime import timedelta

from regulars.ids import new_id
from regulars.store.audit import AuditEntry, record
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_visit


def test_who_saw_which_face_and_why_is_told_by_name(world: World, chain: Chain) -> None:
    visit = add_visit(world, chain, world.clock(), picture=b"\xff\xd8 a face \xff\xd9")
    manager = world.logged_in(chain.emails["manager"])
    assert manager.get(f"/v1/visits/{visit}/face").status_code == 200
    owner = world.logged_in(chain.emails["owner"])
    told = owner.get("/v1/audit", params={"action": "face.seen"}).json()
    [look] = told["items"]
    assert (look["actor_name"], look["subject_id"], look["detail"]) == (
        chain.emails["manager"],
        str(visit),
        {"why": "visit_seen"},
    )
    now = world.clock()
    for wanted, expected in (
        ({"subject_id": str(visit)}, 1),
        ({"subject_kind": "customer"}, 0),
        ({"actor": look["actor"], "action": "face.seen"}, 1),
        ({"actor": f"user:{new_id()}"}, 0),
        ({"from": (now + timedelta(seconds=1)).isoformat()}, 0),
        ({"to": now.isoformat(), "action": "face.seen"}, 0),
    ):
        assert len(owner.get("/v1/audit", params=wanted).json()["items"]) == expected, wanted


def test_it_is_exported_and_the_export_is_noted(world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    assert owner.get("/v1/visits", params={"format": "csv"}).status_code == 200
    told = owner.get("/v1/audit", params={"format": "csv", "action": "list.exported"})
    rows = list(csv.DictReader(io.StringIO(told.content.decode("utf-8-sig"))))
    assert [(row["actor_name"], row["subject_id"]) for row in rows] == [(chain.emails["owner"], "visits")]
    exported = owner.get("/v1/audit", params={"action": "list.exported"}).json()["items"]
    assert [one["subject_id"] for one in exported] == ["audit", "visits"]


def test_the_operator_sees_what_the_platform_did_and_no_chains_people(world: World, chain: Chain) -> None:
    operator = world.logged_in(world.operator_email)
    visit = add_visit(world, chain, world.clock(), picture=b"face")
    assert world.logged_in(chain.emails["owner"]).get(f"/v1/visits/{visit}/face").status_code == 200
    subject = str(new_id())
    with transaction(world.parts.engine, PLATFORM) as connection:
        record(connection, AuditEntry(None, "purge", "shots.purged", "bucket", subject, {}, world.clock()))
    assert operator.get("/v1/audit", params={"subject_id": str(visit)}).json()["items"] == []
    [own] = operator.get("/v1/audit", params={"subject_id": subject}).json()["items"]
    assert (own["actor"], own["actor_name"]) == ("purge", None)
    other = world.add_chain("Bún Chả")
    assert (
        world.logged_in(other.emails["owner"]).get("/v1/audit", params={"subject_id": str(visit)}).json()["items"] == []
    )
    assert world.logged_in(chain.emails["manager"]).get("/v1/audit").status_code == 403
