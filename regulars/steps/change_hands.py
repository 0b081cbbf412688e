"""Under every correction: sightings and templates go from one customer to another, noted so that it can be undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from regulars.domain.matching import Outcome
from regulars.ids import new_id
from regulars.steps.derive_visits import derive_visits
from regulars.store.audit import AuditEntry, record
from regulars.store.corrections import Correction, CorrectionKind, add_correction
from regulars.store.people import first_visit_at
from regulars.store.reassigning import Assignment, assign
from regulars.store.session import Connection, act_for
from regulars.store.sightings import Sighting
from regulars.store.template_changes import give, withdraw
from regulars.store.templates import StoredTemplate
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM, Tenancy

ACTIONS: dict[CorrectionKind, str] = {
    "merged": "customers.merged",
    "split": "customer.split",
    "not_this_person": "visit.not_this_person",
    "addition_undone": "customer.addition_undone",
    "kept_apart": "customers.kept_apart",
    "was_staff": "visit.was_staff",
}
Reason = Literal["merged", "corrected", "not_this_person", "was_staff"]


@dataclass(frozen=True, slots=True)
class By:
    """Who puts something right, and when (UTC). The transaction acts for `tenancy`, which has a gallery's scope."""

    tenancy: Tenancy
    actor: str
    now: datetime

    @property
    def scope_id(self) -> UUID:
        """The gallery in which it is put right."""
        if self.tenancy.scope_id is None:
            raise ValueError("people are put right in a gallery")
        return self.tenancy.scope_id

    @property
    def tenant_id(self) -> UUID:
        """The chain that puts it right."""
        if self.tenancy.tenant_id is None:
            raise ValueError("this is a chain's own")
        return self.tenancy.tenant_id


@dataclass
class Draft:
    """A correction while it is made; `before` as `Correction.before`."""

    by: By
    kind: CorrectionKind
    customer_ids: list[UUID]
    correction_id: UUID = field(default_factory=new_id)
    before: dict[str, Any] = field(default_factory=lambda: {"sightings": {}, "templates_added": []})

    def move_sightings(
        self,
        connection: Connection,
        tenant_id: UUID,
        moved: Sequence[Sighting],
        customer_id: UUID | None,
        outcome: Outcome,
        reason: Reason,
        *,
        staff_id: UUID | None = None,
    ) -> None:
        """Let these sightings of the tenant be `customer_id`'s, or a staff member's who is no customer.

        The visits of all concerned are derived anew.
        """
        rows = [
            [str(one.track_id), str(one.customer_id) if one.customer_id else None, one.outcome, one.reason]
            for one in moved
        ]
        self.before["sightings"].setdefault(str(tenant_id), []).extend(rows)
        to = [Assignment(one.track_id, customer_id, outcome, reason, staff_id) for one in moved]
        assign(connection, tenant_id, to)
        tenancy = Tenancy(tenant_id, self.by.scope_id)
        tracks = [one.track_id for one in moved]
        derive_visits(connection, tenancy, self.customer_ids, tracks, self.kind, self.by.now)

    def move_templates(self, connection: Connection, moved: Sequence[StoredTemplate], customer_id: UUID) -> None:
        """Give these templates to another customer."""
        self.before["templates_added"] += [str(give(connection, one, customer_id)) for one in moved]
        self.withdraw(connection, [one.template_id for one in moved])

    def withdraw(self, connection: Connection, template_ids: Collection[UUID]) -> None:
        """Take templates out of the gallery, to be put back when this is undone."""
        withdraw(connection, self.by.scope_id, template_ids, self.correction_id)

    def finish(self, connection: Connection, subject: tuple[str, UUID], tenants: Collection[UUID]) -> Correction:
        """Note the correction, and audit it for each of the tenants whose people it touched."""
        only = next(iter(tenants)) if len(tenants) == 1 else None
        correction = Correction(
            self.by.scope_id,
            self.correction_id,
            only,
            self.kind,
            self.customer_ids,
            self.before,
            self.by.actor,
            self.by.now,
        )
        add_correction(connection, correction)
        audit(connection, self.by, ACTIONS[self.kind], subject, self.correction_id, tenants)
        return correction


def audit(
    connection: Connection,
    by: By,
    action: str,
    subject: tuple[str, UUID],
    correction_id: UUID,
    tenants: Collection[UUID],
) -> None:
    """Add an entry to the audit log of each of these tenants."""
    detail = {"correction_id": str(correction_id)}
    for tenant_id in tenants:
        act_for(connection, Tenancy(tenant_id, by.scope_id))
        record(connection, AuditEntry(tenant_id, by.actor, action, subject[0], str(subject[1]), detail, by.now))
    act_for(connection, by.tenancy)


def tenants_of_scope(connection: Connection, by: By) -> list[UUID]:
    """Return the ids of all tenants that match against the gallery."""
    act_for(connection, PLATFORM)
    found = [tenant.tenant_id for tenant in list_tenants(connection) if tenant.scope_id == by.scope_id]
    act_for(connection, by.tenancy)
    return found


def who_knows(
    connection: Connection, by: By, customer_ids: Collection[UUID], tenants: Collection[UUID]
) -> dict[UUID, set[UUID]]:
    """Return, of these tenants, those whom any of the customers has visited, with which of them."""
    known: dict[UUID, set[UUID]] = {}
    for tenant_id in tenants:
        act_for(connection, Tenancy(tenant_id, by.scope_id))
        if met := {one for one in customer_ids if first_visit_at(connection, tenant_id, one) is not None}:
            known[tenant_id] = met
    act_for(connection, by.tenancy)
    return known
