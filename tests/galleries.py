"""What tests of galleries in memory do: enrol looks as many as they like, and look at what is held."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import text

from regulars.domain.faces import FloatArray
from regulars.ids import new_id
from regulars.steps.held_galleries import HeldGalleries, Looked
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.templates import Gallery, StoredTemplate, add_template, lock_gallery
from tests.fake_pack import DIMENSION
from tests.shop import Shop, at

LOOKS = 5


def gallery_of(shop: Shop, recognizer: Recognizer) -> Gallery:
    """Return the gallery of the shop's customers."""
    return Gallery(shop.tenant.scope_id, "customer", recognizer.pack.digest)


def looked(shop: Shop, recognizer: Recognizer, held: HeldGalleries) -> Looked | None:
    """Return what is held of that gallery, brought to what PostgreSQL says."""
    with transaction(recognizer.engine, shop.tenancy()) as connection:
        return held.look(connection, [gallery_of(shop, recognizer)], recognizer.engine)[0]


def looks_around(people_known: Sequence[UUID], seed: int) -> list[tuple[UUID, FloatArray]]:
    """Return LOOKS looks of each, around a centre of their own, as embeddings lie."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(len(people_known), 1, DIMENSION))
    looks = centres + 0.8 * rng.normal(size=(len(people_known), LOOKS, DIMENSION))
    unit = (looks / np.linalg.norm(looks, axis=2, keepdims=True)).astype(np.float32)
    return [(one, look) for one, of_one in zip(people_known, unit, strict=True) for look in of_one]


def enrol(shop: Shop, recognizer: Recognizer, looks: Sequence[tuple[UUID, FloatArray]], pack: str = "") -> None:
    """Write looks of these people, of the recognizer's pack unless another is named."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        lock_gallery(connection, shop.tenant.scope_id)
        for subject_id, vector in looks:
            template = StoredTemplate(
                template_id=new_id(),
                scope_id=shop.tenant.scope_id,
                tenant_id=shop.tenant.tenant_id,
                kind="customer",
                subject_id=subject_id,
                pack=pack or recognizer.pack.digest,
                vector=vector,
                quality=0.9,
                track_id=None,
                created_at=at(0),
            )
            add_template(connection, template)


def remove(shop: Shop, subject_id: UUID) -> None:
    """Take all looks of somebody away."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        connection.execute(text("delete from face_templates where subject_id = :one"), {"one": subject_id})
