"""A deployment goes from one model pack to another: side by side, from kept pictures, and the old one fades."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from regulars.domain.faces import FloatArray, Image
from regulars.ids import new_id
from regulars.ports import ObjectStore, VectorIndex
from regulars.steps.enroll_staff import Photograph, enroll_staff
from regulars.steps.fade_packs import KEPT_AFTER_SWITCH, fade_packs
from regulars.steps.index_templates import collection_of, index_pending
from regulars.steps.purge_raw_faces import purge_raw_faces
from regulars.steps.recognize import Recognizer
from regulars.steps.reembed import not_reembedded, reembed
from regulars.store.migrate import migrate
from regulars.store.session import as_role, connect, transaction
from regulars.store.staff import folder_of
from regulars.store.templates import StoredTemplate, add_template
from tests.fake_pack import DIMENSION, FakeDetector, FakeEmbedder, fake_pack, photograph_of
from tests.people_seen import looks_of
from tests.sealing import DATA_KEYS
from tests.shop import Shop, open_shop
from tests.visits_seen import people, visits_of

NOW = datetime.now(UTC)
LONG_AGO, LATELY = NOW - timedelta(days=40), NOW - timedelta(days=2)
ENROLLED_LATELY, SEEN_TWICE, SEEN_ONCE, GONE, MEMBER = 1, 2, 3, 4, 5


class OtherEmbedder(FakeEmbedder):
    """FAKE: another network's vectors, that have nothing to do with the first one's."""

    def embed(self, crops: Sequence[tuple[Image, FloatArray]]) -> FloatArray:
        return np.ascontiguousarray(super().embed(crops)[:, ::-1])


@pytest.fixture
def old(empty_database_url: str, objects: ObjectStore, vectors: VectorIndex) -> Iterator[Recognizer]:
    """The recognize function before the switch, in a database of its own: packs fade in all of a deployment."""
    owner = connect(empty_database_url, pool_size=1)
    url = as_role(empty_database_url, "regulars_app", "of-the-tests")
    migrate(owner, url)
    owner.dispose()
    engine = connect(url, pool_size=4, data_keys=DATA_KEYS)
    pack = fake_pack(f"old{new_id().hex}")
    yield Recognizer(
        engine=engine, objects=objects, vectors=vectors, pack=pack, detector=FakeDetector(), wanted_fpir=0.005
    )
    engine.dispose()


@pytest.fixture
def new(old: Recognizer) -> Iterator[Recognizer]:
    """The same with the new pack."""
    pack = replace(fake_pack(f"new{new_id().hex}"), embedder=OtherEmbedder())
    yield replace(old, pack=pack)
    for one in (old.pack, pack):
        old.vectors.drop(collection_of(one.digest))


@pytest.fixture
def shop(old: Recognizer, new: Recognizer) -> Shop:
    """A shop that has known its people for weeks, with a member of staff; pictures of old visits are gone."""
    opened = open_shop(old.engine, old.objects, gap_minutes=0)
    for one in (old, new):
        list(index_pending(engine=one.engine, vectors=one.vectors, pack=one.pack.digest, dimension=DIMENSION))
    pictures = [Photograph(f"{number}", photograph_of(MEMBER, likeness)) for number, likeness in enumerate((100, 97))]
    enroll_staff("Mai", pictures, tenant=opened.tenant, recognizer=old)
    for person in (SEEN_TWICE, SEEN_ONCE, GONE):
        old.handle(opened.walk_in(person, LONG_AGO + timedelta(hours=person)))
    for person in (ENROLLED_LATELY, SEEN_TWICE, SEEN_ONCE, SEEN_TWICE):
        old.handle(opened.walk_in(person, LATELY + timedelta(hours=len(visits_of(opened)))))
    list(purge_raw_faces(engine=old.engine, objects=old.objects, now=NOW, actor="flow"))
    return opened


def test_a_deployment_changes_its_pack(shop: Shop, old: Recognizer, new: Recognizer) -> None:
    assert people(shop) == 4
    known = {visit.customer_id for visit in visits_of(shop)}
    [done] = list(reembed(new, NOW))
    assert (done.customers, done.staff, done.looks) == (2, 1, 4)
    assert not_reembedded(new.engine, new.pack.digest) == {"customer": 2, "staff": 0, "objector": 0}
    [again] = list(reembed(new, NOW))
    assert (again.customers, again.staff, again.looks) == (0, 0, 0)

    came = NOW - timedelta(minutes=50)
    for number, person in enumerate((GONE, ENROLLED_LATELY)):
        assert _outcome(old, shop, person, came + timedelta(minutes=number)) == "known"
    for number, person in enumerate((ENROLLED_LATELY, SEEN_TWICE)):
        assert _outcome(new, shop, person, came + timedelta(minutes=10 + number)) == "known"
    assert {visit.customer_id for visit in visits_of(shop)} == known
    assert _outcome(new, shop, MEMBER, came + timedelta(minutes=20)) == "staff"
    assert _outcome(new, shop, GONE, came + timedelta(minutes=21)) == "new"


def test_a_member_whose_photographs_cannot_be_read_holds_up_nobody(
    shop: Shop, old: Recognizer, new: Recognizer
) -> None:
    pictures = [Photograph(f"{number}", photograph_of(6, likeness)) for number, likeness in enumerate((100, 97))]
    unread = enroll_staff("An", pictures, tenant=shop.tenant, recognizer=old).member
    [first, *_] = list(shop.objects.list(folder_of(shop.tenant.tenant_id, unread.staff_id)))
    shop.objects.delete([first.key])
    [done] = list(reembed(new, NOW))
    assert (done.customers, done.staff) == (2, 1)
    assert not_reembedded(new.engine, new.pack.digest)["staff"] == 1


def test_the_pack_before_fades_when_nothing_uses_it_any_more(shop: Shop, old: Recognizer, new: Recognizer) -> None:
    def fade(pack: str, now: datetime) -> list[tuple[str, int]]:
        found = fade_packs(engine=new.engine, vectors=new.vectors, pack=pack, now=now)
        return [(one.pack, one.templates) for one in found]

    list(reembed(new, NOW))
    later = datetime.now(UTC) + KEPT_AFTER_SWITCH + timedelta(minutes=1)
    assert fade(new.pack.digest, later) == []  # nothing was recognized with the new one yet
    assert fade(old.pack.digest, later) == []  # the new one waits for its switch
    assert _outcome(new, shop, ENROLLED_LATELY, NOW) == "known"
    assert fade(new.pack.digest, datetime.now(UTC)) == []  # the other was in use a moment ago
    assert fade(new.pack.digest, later) == [(old.pack.digest, 6)]
    assert fade(new.pack.digest, later) == []
    assert {one.pack for visit in visits_of(shop) for one in looks_of(shop, visit.customer_id)} == {new.pack.digest}
    assert old.vectors.find(collection_of(old.pack.digest), (), [visits_of(shop)[0].customer_id or new_id()]) == set()


def test_who_objected_is_told_of_because_no_picture_of_them_is_kept(
    shop: Shop, old: Recognizer, new: Recognizer
) -> None:
    vector = np.eye(1, DIMENSION, dtype=np.float32)[0]
    whose = (shop.tenant.tenant_id, shop.tenant.tenant_id, "objector", new_id(), old.pack.digest)
    with transaction(shop.engine, shop.tenancy()) as connection:
        add_template(connection, StoredTemplate(new_id(), *whose, vector, 0.9, None, NOW))
    list(reembed(new, NOW))
    assert not_reembedded(new.engine, new.pack.digest)["objector"] == 1


def _outcome(recognizer: Recognizer, shop: Shop, person: int, at: datetime) -> str:
    handled = recognizer.handle(shop.walk_in(person, at))
    assert handled.sighting is not None, handled.reason
    return handled.sighting.outcome
