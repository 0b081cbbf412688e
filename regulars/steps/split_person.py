"""Makes two customers of one who is two: by visits a human chose, or by the looks that are somebody else's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from regulars.domain.calibration import ThresholdTable
from regulars.domain.consolidation import looks_of_another
from regulars.domain.quality import may_enrol
from regulars.domain.templates import Template
from regulars.errors import InputRefused, NotFound
from regulars.ids import new_id
from regulars.steps.change_hands import By, Draft
from regulars.store.corrections import Correction, CorrectionKind, keep_apart
from regulars.store.people import add_customer, first_visit_at
from regulars.store.reassigning import sightings_of_customers
from regulars.store.session import Connection
from regulars.store.sightings import Sighting
from regulars.store.template_changes import LookWanted, templates_of_customers, want_look
from regulars.store.templates import StoredTemplate, lock_gallery

PICTURES_KEPT = timedelta(days=30)
"""No picture is kept for longer, so nothing can be learned from one."""


@dataclass(frozen=True, slots=True)
class _Parted:
    """A customer's sightings at one tenant and templates: what goes to somebody new, and what stays."""

    going: list[Sighting]
    staying: list[Sighting]
    templates_going: list[StoredTemplate]
    templates_staying: list[StoredTemplate]


def split_by_visits(connection: Connection, customer_id: UUID, visit_ids: Collection[UUID], *, by: By) -> Correction:
    """Let these visits of the customer, all of them the tenant's own, be somebody new's.

    The templates that these visits brought go with them. The two are remembered as two people. Takes the gallery's
    lock. Raises NotFound when the tenant does not know the customer or a visit is none of theirs, and InputRefused
    `nothing_left` when none would stay.
    """
    tenant_id = _own(connection, customer_id, by)
    seen = sightings_of_customers(connection, tenant_id, [customer_id])
    chosen = set(visit_ids)
    if not chosen or chosen - {one.visit_id for one in seen}:
        raise NotFound("The customer has no such visit.")
    return part(connection, customer_id, seen, chosen, kind="split", by=by)


def split_by_looks(
    connection: Connection, customer_id: UUID, thresholds: dict[str, ThresholdTable], wanted_fpir: float, *, by: By
) -> Correction:
    """Let the visits whose looks are somebody else's than the customer's oldest look be somebody new's.

    `thresholds` by the digest of the pack whose templates are compared. Raises as `split_by_visits`, and InputRefused
    `one_person` when all looks are of one.
    """
    tenant_id = _own(connection, customer_id, by)
    held = templates_of_customers(connection, by.scope_id, [customer_id])
    strange: set[UUID] = set()
    for pack, table in thresholds.items():
        looks = [Template(one.template_id, one.vector, one.quality) for one in held if one.pack == pack]
        strange |= looks_of_another(looks, table, wanted_fpir)
    tracks = {one.track_id for one in held if one.template_id in strange}
    seen = sightings_of_customers(connection, tenant_id, [customer_id])
    chosen = {one.visit_id for one in seen if one.track_id in tracks and one.visit_id}
    if not chosen:
        raise InputRefused("one_person", "All looks of this customer are of one person; choose the visits yourself.")
    return part(connection, customer_id, seen, chosen, kind="split", by=by)


def part(
    connection: Connection,
    customer_id: UUID,
    seen: Sequence[Sighting],
    visit_ids: Collection[UUID],
    *,
    kind: CorrectionKind,
    by: By,
) -> Correction:
    """Give these visits, of the customer's sightings at the tenant, to a new customer; the caller holds the lock."""
    parted = _parted(connection, customer_id, seen, visit_ids, by)
    if not parted.staying and not parted.templates_staying:
        raise InputRefused("nothing_left", "All of this customer would go; nothing was changed.")
    somebody = new_id()
    add_customer(connection, by.scope_id, somebody, by.now)
    draft = Draft(by, kind, [customer_id, somebody])
    draft.before["made"] = str(somebody)
    tenant_id = parted.going[0].tenant_id
    draft.move_sightings(connection, tenant_id, parted.going, somebody, "known", "corrected")
    draft.move_templates(connection, parted.templates_going, somebody)
    if not parted.templates_going:
        _want_best_look(connection, somebody, parted.going, by)
    if not parted.templates_staying:
        _want_best_look(connection, customer_id, parted.staying, by)
    keep_apart(connection, by.scope_id, customer_id, somebody, draft.correction_id, by.now)
    return draft.finish(connection, ("customer", customer_id), [tenant_id])


def may_become_somebody(sightings: Sequence[Sighting], by: By) -> bool:
    """Return whether a look in these sightings is good enough to find a new customer again, and still kept."""
    return any(_best_quality(one) is not None for one in _kept(sightings, by))


def _own(connection: Connection, customer_id: UUID, by: By) -> UUID:
    tenant_id = by.tenancy.tenant_id
    lock_gallery(connection, by.scope_id)
    if tenant_id is None or first_visit_at(connection, tenant_id, customer_id) is None:
        raise NotFound("There is no such customer.")
    return tenant_id


def _parted(
    connection: Connection, customer_id: UUID, seen: Sequence[Sighting], visit_ids: Collection[UUID], by: By
) -> _Parted:
    going = [one for one in seen if one.visit_id in visit_ids]
    staying = [one for one in seen if one.visit_id not in visit_ids]
    tracks = {one.track_id for one in going}
    held = templates_of_customers(connection, by.scope_id, [customer_id])
    return _Parted(
        going,
        staying,
        [one for one in held if one.track_id in tracks],
        [one for one in held if one.track_id not in tracks],
    )


def _want_best_look(connection: Connection, customer_id: UUID, sightings: Sequence[Sighting], by: By) -> None:
    kept = [(quality, one) for one in _kept(sightings, by) if (quality := _best_quality(one)) is not None]
    if kept:
        best = max(kept, key=lambda pair: pair[0])[1]
        wish = LookWanted(by.scope_id, customer_id, best.tenant_id, best.track_id, best.manifest_key, by.now)
        want_look(connection, wish)


def _kept(sightings: Sequence[Sighting], by: By) -> list[Sighting]:
    return [one for one in sightings if one.started_at > by.now - PICTURES_KEPT]


def _best_quality(sighting: Sighting) -> float | None:
    usable = [float(shot["quality"]) for shot in sighting.shots if shot.get("used") and may_enrol(shot["quality"])]
    return max(usable, default=None)
