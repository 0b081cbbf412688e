"""Staff from photographs, with the real models: known from then on, never a visit, and never a customer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.domain.tracks import Shot
from regulars.errors import InputRefused
from regulars.steps.enroll_staff import EnrolledStaff, Photograph, enroll_staff
from regulars.steps.index_templates import index_pending
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.staff import active_staff
from regulars.tenancy import PLATFORM
from regulars.vision.packs import ModelPack
from regulars.wiring import face_pack
from tests.real_models import default_pack, sample_photographs
from tests.shop import Shop, at
from tests.visits_seen import live_kinds, people, sightings_of, templates, visits_of


@dataclass(frozen=True)
class Portrait:
    """One face cut out of a photograph of several people: `landmarks` in its own pixels."""

    image: Image
    landmarks: FloatArray

    def jpeg(self, quality: int = 95) -> bytes:
        done, coded = cv2.imencode(".jpg", self.image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        assert done
        return coded.tobytes()


@pytest.fixture(scope="session")
def pack() -> ModelPack:
    """The default pack on ONNX Runtime."""
    return default_pack()


def cut_out(image: Image, face: Detection) -> Portrait:
    x, y, width, height = face.box
    left, top = max(0, int(x - 0.4 * width)), max(0, int(y - 0.4 * height))
    crop = image[top : int(y + 1.4 * height), left : int(x + 1.4 * width)]
    return Portrait(crop.copy(), face.landmarks - np.array([left, top], np.float32))


@pytest.fixture(scope="session")
def album(pack: ModelPack) -> list[Portrait]:
    """Portraits of the sample photographs; the first two are of one person, the others of different people."""
    portraits: list[Portrait] = []
    taken_from: list[Path] = []
    for file in sorted(sample_photographs().glob("*.jpg")):
        image = np.asarray(cv2.imread(str(file)), np.uint8)
        for face in pack.detector.detect(image, max_side=1600):
            portraits.append(cut_out(image, face))
            taken_from.append(file)
    vectors = pack.embedder.embed([(one.image, one.landmarks) for one in portraits])
    likeness = vectors @ vectors.T - 2 * np.eye(len(portraits), dtype=np.float32)
    first, second = (int(row) for row in np.unravel_index(int(likeness.argmax()), likeness.shape))
    assert taken_from[first] != taken_from[second]
    alike = [portraits[first], portraits[second]]
    return alike + [one for row, one in enumerate(portraits) if row not in (first, second)]


@pytest.fixture
def recognizes(recognizer: Recognizer, pack: ModelPack) -> Recognizer:
    """The recognizer with the real models."""
    made = replace(recognizer, pack=face_pack(pack), detector=pack.detector)
    list(index_pending(engine=made.engine, vectors=made.vectors, pack=pack.digest, dimension=pack.dimension))
    return made


def enroll(shop: Shop, recognizes: Recognizer, pack: ModelPack, files: Sequence[tuple[str, bytes]]) -> EnrolledStaff:
    return enroll_staff(
        "Maria",
        [Photograph(name, content) for name, content in files],
        tenant=shop.tenant,
        recognizer=recognizes,
    )


def walk_in(shop: Shop, portrait: Portrait, minutes: float) -> str:
    marks = [(float(x), float(y)) for x, y in portrait.landmarks]
    manifest = shop.manifest(at(minutes), shots=1)
    [shot] = manifest.shots
    seen: Shot = shot.model_copy(update={"landmarks": tuple(marks)})
    return shop.write(manifest.model_copy(update={"shots": (seen,)}), portrait.jpeg())


def test_staff_are_known_by_their_photographs_and_never_a_visit(
    shop: Shop, recognizes: Recognizer, pack: ModelPack, album: list[Portrait]
) -> None:
    enrolled = enroll(shop, recognizes, pack, [("a.jpg", album[0].jpeg()), ("b.jpg", album[1].jpeg(80))])
    assert (enrolled.photographs, enrolled.refused) == (2, ())
    recognizes.handle(walk_in(shop, album[0], 0))
    recognizes.handle(walk_in(shop, album[2], 5))
    staff, stranger = sightings_of(shop)
    assert (staff.outcome, staff.staff_id, staff.visit_id) == ("staff", enrolled.member.staff_id, None)
    assert stranger.outcome == "new"
    assert [visit.customer_id for visit in visits_of(shop)] == [stranger.customer_id]
    assert people(shop) == 1
    assert live_kinds(shop) == ["staff_seen", "visit_opened"]


def test_enrolling_again_replaces_the_photographs(
    shop: Shop, recognizes: Recognizer, pack: ModelPack, album: list[Portrait]
) -> None:
    files = [("a.jpg", album[0].jpeg()), ("b.jpg", album[1].jpeg())]
    first, again = (enroll(shop, recognizes, pack, files) for _ in range(2))
    assert first.member.staff_id == again.member.staff_id
    assert len(templates(shop)) == 2
    assert all(one.indexed_at for one in templates(shop))
    kept = list(recognizes.objects.list(f"people/{shop.tenant.tenant_id}/{first.member.staff_id}/"))
    assert len(kept) == 2


def test_the_platform_and_other_chains_do_not_see_staff(
    shop: Shop, recognizes: Recognizer, pack: ModelPack, album: list[Portrait]
) -> None:
    enroll(shop, recognizes, pack, [("a.jpg", album[0].jpeg()), ("b.jpg", album[1].jpeg())])
    with transaction(shop.engine, shop.tenancy()) as connection:
        assert len(active_staff(connection, shop.tenant.tenant_id)) == 1
    with transaction(shop.engine, PLATFORM) as connection:
        assert active_staff(connection, shop.tenant.tenant_id) == set()


def side_by_side(album: list[Portrait]) -> bytes:
    halves = [np.asarray(cv2.resize(one.image, (300, 380)), np.uint8) for one in album[2:4]]
    return Portrait(np.hstack(halves), album[2].landmarks).jpeg()


def test_what_is_wrong_with_each_photograph_is_said(
    shop: Shop, recognizes: Recognizer, pack: ModelPack, album: list[Portrait]
) -> None:
    blurred = Portrait(np.asarray(cv2.GaussianBlur(album[0].image, (0, 0), 9), np.uint8), album[0].landmarks)
    files = [
        ("good.jpg", album[0].jpeg()),
        ("two people.jpg", side_by_side(album)),
        ("wall.jpg", Portrait(np.full((300, 300, 3), 120, np.uint8), album[0].landmarks).jpeg()),
        ("blurred.jpg", blurred.jpeg()),
        ("notes.txt", b"not a picture"),
    ]
    with pytest.raises(InputRefused) as refused:
        enroll(shop, recognizes, pack, files)
    assert refused.value.reason == "too_few_photographs"
    assert "good.jpg" not in refused.value.detail
    assert "two people.jpg: It shows 2 people" in refused.value.detail
    assert "wall.jpg: No face" in refused.value.detail
    assert "blurred.jpg: The face is not seen well enough" in refused.value.detail
    assert "notes.txt: The file is neither JPEG nor PNG" in refused.value.detail
    assert templates(shop) == []


def test_photographs_of_two_people_are_refused(
    shop: Shop, recognizes: Recognizer, pack: ModelPack, album: list[Portrait]
) -> None:
    with pytest.raises(InputRefused) as refused:
        enroll(shop, recognizes, pack, [("a.jpg", album[0].jpeg()), ("c.jpg", album[4].jpeg())])
    assert refused.value.reason == "different_people"
