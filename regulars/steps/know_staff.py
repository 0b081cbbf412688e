"""What staff are known by: the photographs that are kept of them, and the templates that follow from those."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domain.faces import FloatArray, mean_vector
from regulars.domain.templates import MOST_TEMPLATES
from regulars.errors import DependencyAway, InputRefused
from regulars.ids import new_id
from regulars.steps.index_templates import collection_of, index_templates
from regulars.steps.look_at_picture import FindsFaces, Look, look_at_picture
from regulars.steps.recognize import Recognizer
from regulars.steps.search_by_picture import customers_like
from regulars.steps.weigh_evidence import APART_FPIR, FacePack
from regulars.store.session import Connection
from regulars.store.staff import Member, StaffPhotograph, change_member, put_photographs, templates_of_member
from regulars.store.templates import StoredTemplate, add_template, remove_templates
from regulars.store.tenants import Tenant
from regulars.vision.decode import decode_picture
from regulars.vision.portrait import PORTRAIT_SIDE_PX, portrait

LEAST_PHOTOGRAPHS = 2
MOST_PHOTOGRAPHS = 10
MAX_KEPT_BYTES = 2_000_000
_SURE_ENOUGH = 0.5
"""That there is a face on a kept picture is known; a detector need not be as sure as of an unknown one."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptPhotograph:
    """A photograph with the face on it; `content` is set while it is not in the object store yet."""

    photograph: StaffPhotograph
    look: Look
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class ChangedTemplates:
    """What the index must follow with after the commit."""

    added: tuple[StoredTemplate, ...]
    removed: tuple[StoredTemplate, ...]


def prepare_photograph(content: bytes, member: Member, detector: FindsFaces, now: datetime) -> KeptPhotograph:
    """Return an upload as it would be kept: cut to the face. Raises InputRefused like `look_at_picture`."""
    look = look_at_picture(content, detector)
    photograph = StaffPhotograph(member.tenant_id, new_id(), member.staff_id, look.quality, now)
    kept = portrait(look.image, look.face)
    return KeptPhotograph(photograph, _face_again(kept, look.quality, detector), kept)


def read_photograph(photograph: StaffPhotograph, recognizer: Recognizer) -> KeptPhotograph:
    """Return a photograph that is kept, as it was. Raises InputRefused, DependencyAway."""
    content = recognizer.objects.get(photograph.key, MAX_KEPT_BYTES)
    return KeptPhotograph(photograph, _face_again(content, photograph.quality, recognizer.detector))


def apart(vectors: FloatArray, row: int, pack: FacePack) -> bool:
    """Say whether the face of this row of `vectors`, float32 [n, d], n >= 2, is somebody else's than the others'."""
    others = [other for other in range(len(vectors)) if other != row]
    return float(mean_vector(vectors[others]) @ vectors[row]) < pack.thresholds.threshold_cosine(APART_FPIR, 1)


def write_known(
    connection: Connection,
    member: Member,
    kept: Sequence[KeptPhotograph],
    vectors: FloatArray,
    customer_id: UUID | None,
    recognizer: Recognizer,
) -> ChangedTemplates:
    """Keep exactly these photographs of a member, new ones also in the object store, and the templates they give.

    Fewer than LEAST_PHOTOGRAPHS give none. `customer_id` is as whom they were known until now. The caller holds the
    lock of the staff's gallery.
    """
    removed = templates_of_member(connection, member.tenant_id, member.staff_id)
    if len(kept) >= LEAST_PHOTOGRAPHS:
        removed = [one for one in removed if one.pack == recognizer.pack.digest]
    remove_templates(connection, member.tenant_id, [one.template_id for one in removed])
    added: list[StoredTemplate] = []
    if len(kept) >= LEAST_PHOTOGRAPHS:
        best = sorted(range(len(kept)), key=lambda row: -kept[row].photograph.quality)[:MOST_TEMPLATES]
        added = [_template(member, kept[row], vectors[row], recognizer) for row in best]
    for template in added:
        add_template(connection, template)
    change_member(connection, member.tenant_id, member.staff_id, customer_id=customer_id)
    put_photographs(connection, member, [one.photograph for one in kept])
    for one in kept:
        if one.content is not None:
            recognizer.objects.put(one.photograph.key, one.content, "image/jpeg")
    return ChangedTemplates(tuple(added), tuple(removed))


def seen_as_customer(vectors: FloatArray, tenant: Tenant, recognizer: Recognizer) -> UUID | None:
    """Return as which of the tenant's customers these faces of a member were known until now, if without doubt."""
    if len(vectors) < LEAST_PHOTOGRAPHS:
        return None
    found = customers_like(mean_vector(vectors), tenant, recognizer)
    return next((candidate.customer_id for candidate in found if candidate.sure), None)


def follow_index(changed: ChangedTemplates, recognizer: Recognizer) -> None:
    """Let the index follow a commit; when it cannot now, it does later, and nobody is matched wrongly until then."""
    try:
        index_templates(changed.added, engine=recognizer.engine, vectors=recognizer.vectors)
        for pack in {one.pack for one in changed.removed}:
            gone = [one.template_id for one in changed.removed if one.pack == pack]
            recognizer.vectors.delete(collection_of(pack), gone)
    except DependencyAway as failure:
        _log.warning("committed, but the index has not followed yet: %s", failure)


def forget_uploads(kept: Sequence[KeptPhotograph], recognizer: Recognizer) -> None:
    """Take back what a transaction that failed had written to the object store, as far as that answers."""
    with suppress(DependencyAway):
        recognizer.objects.delete([one.photograph.key for one in kept if one.content is not None])


def _face_again(content: bytes, quality: float, detector: FindsFaces) -> Look:
    image = decode_picture(content, PORTRAIT_SIDE_PX)
    faces = detector.detect(image, _SURE_ENOUGH)
    if not faces:
        raise InputRefused("unsure_detection", "The face is not seen well enough: it is covered or hard to make out.")
    return Look(image, max(faces, key=lambda face: face.box[2]), quality)


def _template(member: Member, kept: KeptPhotograph, vector: FloatArray, recognizer: Recognizer) -> StoredTemplate:
    return StoredTemplate(
        template_id=new_id(),
        scope_id=member.tenant_id,
        tenant_id=member.tenant_id,
        kind="staff",
        subject_id=member.staff_id,
        pack=recognizer.pack.digest,
        vector=vector,
        quality=kept.photograph.quality,
        track_id=None,
        created_at=recognizer.clock(),
    )
