"""Undoes a correction: sightings, templates and customers are again as they were, and what came since stays."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from regulars.errors import InputRefused, NotFound
from regulars.steps.change_hands import By, audit, tenants_of_scope, who_knows
from regulars.steps.derive_visits import derive_visits
from regulars.store.corrections import (
    Correction,
    find_correction,
    keep_apart,
    let_together,
    mark_undone,
    stands_below_another,
)
from regulars.store.erasures import are_erased
from regulars.store.merge_proposals import reopen_proposal
from regulars.store.people import change_customer
from regulars.store.reassigning import Assignment, assign, put_into_visit, sightings_of_customers
from regulars.store.session import Connection, act_for
from regulars.store.template_changes import bring_back, templates_of_customers, want_no_more
from regulars.store.templates import lock_gallery, remove_templates
from regulars.tenancy import Tenancy

_NOBODY_SET = {"gender": "unknown"}


def undo_correction(connection: Connection, correction_id: UUID, *, by: By) -> Correction:
    """Undo a correction of the tenant's own, or any when `by` has no tenant; return it as undone.

    Two customers whose merge is undone are remembered as two people. Sightings that came after a merge stay with the
    customer they were matched to; those of a customer whom a split had made go back with it. Takes the gallery's lock.
    Raises NotFound, and InputRefused `already_undone`, `erased` when it would bring back somebody who was erased, or
    `corrected_since` when a later correction of the same people stands: undo that one first.
    """
    lock_gallery(connection, by.scope_id)
    correction = find_correction(connection, correction_id)
    own = by.tenancy.tenant_id
    if correction is None or correction.scope_id != by.scope_id or (own and correction.tenant_id != own):
        raise NotFound("There is no such correction.")
    if correction.undone_at is not None:
        raise InputRefused("already_undone", "This correction was undone before; nothing was changed.")
    if are_erased(connection, by.scope_id, correction.customer_ids):
        raise InputRefused("erased", "One of these people was erased and stays erased; nothing was changed.")
    if stands_below_another(connection, correction):
        raise InputRefused(
            "corrected_since", "Something later was put right about the same people; undo that first, newest first."
        )
    _templates(connection, correction)
    _customers(connection, correction, by)
    touched = _sightings(connection, correction, by)
    mark_undone(connection, correction, by.actor, by.now)
    subject = ("correction", correction.correction_id)
    audit(connection, by, "correction.undone", subject, correction.correction_id, touched)
    return replace(correction, undone_at=by.now, undone_by=by.actor)


def _templates(connection: Connection, correction: Correction) -> None:
    """Remove what was added, put back what was withdrawn."""
    scope_id = correction.scope_id
    added = {UUID(one) for one in correction.before["templates_added"]}
    if made := _made(correction):
        added |= {one.template_id for one in templates_of_customers(connection, scope_id, [made])}
        for customer_id in correction.customer_ids:
            want_no_more(connection, scope_id, customer_id)
    remove_templates(connection, scope_id, added)
    bring_back(connection, scope_id, correction.correction_id)


def _customers(connection: Connection, correction: Correction, by: By) -> None:
    scope_id, before = correction.scope_id, correction.before
    let_together(connection, scope_id, correction.correction_id)
    if made := _made(correction):
        change_customer(connection, scope_id, made, merged_into=correction.customer_ids[0])
    if correction.kind == "kept_apart":
        reopen_proposal(connection, scope_id, UUID(before["proposal"]))
    if correction.kind == "merged":
        kept, gone = UUID(before["kept"]), UUID(before["gone"])
        change_customer(connection, scope_id, gone, merged_into=None)
        if before["filled"]:
            blank = {name: _NOBODY_SET.get(name) for name in before["filled"]}
            change_customer(connection, scope_id, kept, **blank)
        keep_apart(connection, scope_id, kept, gone, correction.correction_id, by.now)


def _sightings(connection: Connection, correction: Correction, by: By) -> Collection[UUID]:
    """Give the sightings back, tenant by tenant; return the tenants."""
    moved = {UUID(tenant): rows for tenant, rows in correction.before["sightings"].items()}
    tenants = set(moved)
    if correction.tenant_id:
        tenants.add(correction.tenant_id)
    if made := _made(correction):
        tenants |= set(who_knows(connection, by, [made], tenants_of_scope(connection, by)))
    for tenant_id in sorted(tenants):
        act_for(connection, Tenancy(tenant_id, correction.scope_id))
        if made:
            since = sightings_of_customers(connection, tenant_id, [made])
            to = correction.customer_ids[0]
            assign(connection, tenant_id, [Assignment(one.track_id, to, one.outcome, one.reason) for one in since])
        rows = moved.get(tenant_id, [])
        back = [Assignment(UUID(row[0]), UUID(row[1]) if row[1] else None, row[2], row[3]) for row in rows]
        assign(connection, tenant_id, back)
        if was := correction.before.get("visit"):
            put_into_visit(connection, tenant_id, [one.track_id for one in back], UUID(was))
        derive_visits(
            connection,
            Tenancy(tenant_id, correction.scope_id),
            correction.customer_ids,
            [one.track_id for one in back],
            correction.kind,
            by.now,
        )
    act_for(connection, by.tenancy)
    return tenants


def _made(correction: Correction) -> UUID | None:
    return UUID(correction.before["made"]) if "made" in correction.before else None
