"""A member of staff is erased: nothing of them is found anywhere, their sightings stay nobody's, no restore helps."""

import io
import json
import zipfile
from typing import Literal
from uuid import UUID

import pytest
from sqlalchemy import Engine

from compose.onebox.servers.milvus_lite import MilvusLiteServer
from regulars.errors import NotFound
from regulars.ports import ObjectStore
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.correct_visit import this_is_staff
from regulars.steps.enroll_staff import Photograph, enroll_staff
from regulars.steps.erase_member import erase_member
from regulars.steps.export_member import export_member
from regulars.steps.export_person import write_archive
from regulars.steps.recognize import Recognizer
from regulars.steps.undo_correction import undo_correction
from regulars.store.erasures import Erasure
from regulars.store.session import transaction
from regulars.store.staff import change_member, put_sites, templates_of_member
from tests.everywhere import Everywhere, hexadecimal
from tests.fake_pack import photograph_of
from tests.integration.rights.test_replay import dumped, replay, restore
from tests.people_seen import MUCH_LATER, audited, looks_of, put_right
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import sightings_of, visits_of

NAME, PHONE, EMAIL = "Planted Member", "+84 90 555 01 88", "planted@example.vn"
PLANTED = {"face_templates", "sightings", "staff", "staff_photographs", "staff_sites"}


@pytest.fixture
def everywhere(
    owner: Engine, objects: ObjectStore, recognizer: Recognizer, milvus_server: MilvusLiteServer
) -> Everywhere:
    return Everywhere(owner, objects, recognizer, milvus_server.url)


def employed(shop: Shop, recognizer: Recognizer, person: int) -> UUID:
    """Let somebody be staff, with all that is noted of staff, and be seen at work; return their id."""
    pictures = [Photograph(f"{likeness}.jpg", photograph_of(person, likeness)) for likeness in (100, 90)]
    staff_id = enroll_staff(NAME, pictures, tenant=shop.tenant, recognizer=recognizer).member.staff_id
    with transaction(shop.engine, shop.tenancy()) as connection:
        change_member(connection, shop.tenant.tenant_id, staff_id, phone=PHONE, email=EMAIL)
        put_sites(connection, shop.tenant.tenant_id, staff_id, [shop.site_id])
    recognizer.handle(shop.walk_in(person, at(0)))
    assert sightings_of(shop)[-1].staff_id == staff_id
    return staff_id


def tracks_of(shop: Shop, staff_id: UUID) -> list[str]:
    return [str(one.track_id) for one in sightings_of(shop) if one.staff_id == staff_id]


def test_nothing_of_an_erased_member_is_found_anywhere(
    opens: OpenShop, recognizer: Recognizer, everywhere: Everywhere
) -> None:
    shop = opens(sharing="network")
    staff_id = employed(shop, recognizer, 91)
    recognizer.handle(shop.walk_in(92, at(60)))
    [visit] = visits_of(shop)
    withdrawn = looks_of(shop, visit.customer_id)
    said = put_right(shop, this_is_staff, visit.visit_id, staff_id)
    with transaction(shop.engine, shop.tenancy()) as connection:
        looks = [*templates_of_member(connection, shop.tenant.tenant_id, staff_id), *withdrawn]
    words = (str(staff_id), staff_id.hex, NAME, PHONE, EMAIL, *(hexadecimal(one.vector) for one in looks))
    tracks = tracks_of(shop, staff_id)
    assert (len(looks), len(tracks)) == (3, 2)
    assert set(everywhere.rows_with(*words)) >= PLANTED
    assert everywhere.entries_with(str(staff_id))
    assert everywhere.objects_with(str(staff_id), *tracks)

    put_right(shop, erase_member, staff_id)
    [done] = [one for one in finish_all(shop, recognizer) if one.of_staff]

    assert everywhere.rows_with(*words, except_in=("audit_log",)) == {}
    assert everywhere.rows_with(NAME, PHONE, EMAIL) == {}, "the audit log knows an id, and no name"
    assert everywhere.entries_with(str(staff_id), *(str(one.template_id) for one in looks)) == []
    assert everywhere.objects_with(*words, *tracks) == []
    removed = done.receipt["removed"]
    assert (removed["staff"], removed["photographs"], removed["face_templates"]) == (1, 2, 3)
    assert (removed["sightings_unlinked"], removed["corrections"], removed["vectors"]) == (2, 1, 3)
    assert [(one["where"], one["remaining"]) for one in done.receipt["verified"]] == [
        ("postgresql", 0),
        ("vectors", 0),
        ("objects", 0),
    ]
    assert [(one.outcome, one.reason, one.shots) for one in sightings_of(shop)] == [("staff", "erased", [])] * 2
    assert visits_of(shop) == [], "they were at work, and still made no visit"
    assert audited(shop).count("staff.deleted") == 1
    with pytest.raises(NotFound):
        put_right(shop, undo_correction, said.correction_id)
    with pytest.raises(NotFound):
        put_right(shop, erase_member, staff_id)


def finish_all(shop: Shop, recognizer: Recognizer) -> list[Erasure]:
    """Carry out what is in progress; return what was done for the shop's chain."""
    done = carry_out_erasures(
        engine=shop.engine, objects=shop.objects, vectors=recognizer.vectors, actor="caretaker", now=MUCH_LATER
    )
    return [one for one in done if one.tenant_id == shop.tenant.tenant_id]


def test_all_that_is_kept_of_a_member_is_told(shop: Shop, recognizer: Recognizer) -> None:
    staff_id = employed(shop, recognizer, 95)
    told = put_right(shop, export_member, staff_id, pictures_since=at(-60))
    archive = io.BytesIO()
    write_archive(told, archive, objects=shop.objects)
    with zipfile.ZipFile(archive) as opened:
        about, names = json.loads(opened.read("about.json")), opened.namelist()
    assert (about["profile"]["name"], about["profile"]["phone"], about["works_at"]) == (
        NAME,
        PHONE,
        [str(shop.site_id)],
    )
    assert (len(about["photographs"]), len(about["looks"]), len(about["sightings"])) == (2, 2, 1)
    assert len(names) == 1 + 2 + 3, "photographs and the pictures of the sighting"
    assert {one["action"] for one in about["who_looked_or_changed"]} == {"staff.enrolled", "staff.exported"}
    assert "vector" not in json.dumps(about)


def test_from_the_first_commit_on_nobody_is_taken_for_them(shop: Shop, recognizer: Recognizer) -> None:
    staff_id = employed(shop, recognizer, 93)
    put_right(shop, erase_member, staff_id)
    recognizer.handle(shop.walk_in(93, at(200)))
    assert [one.outcome for one in sightings_of(shop)] == ["staff", "new"]


@pytest.mark.parametrize("sharing", ["network", "isolated"])
def test_who_is_back_by_a_restore_is_erased_again(
    opens: OpenShop, recognizer: Recognizer, owner: Engine, sharing: Literal["network", "isolated"]
) -> None:
    shop = opens(sharing=sharing)
    staff_id = employed(shop, recognizer, 94)
    before = dumped(owner, shop)
    put_right(shop, erase_member, staff_id)
    finish_all(shop, recognizer)
    assert replay(shop, recognizer).people == 0
    restore(owner, before)
    assert tracks_of(shop, staff_id)
    assert replay(shop, recognizer).people == 1
    assert tracks_of(shop, staff_id) == []
    with pytest.raises(NotFound):
        put_right(shop, erase_member, staff_id)
    assert replay(shop, recognizer).people == 0
