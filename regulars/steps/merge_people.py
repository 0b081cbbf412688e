"""Makes two customers one: because consolidation is beyond doubt, or because a human says so."""

from collections.abc import Collection
from uuid import UUID

from regulars.domain.companions import are_two_people
from regulars.domain.consolidation import templates_joined
from regulars.domain.templates import Template
from regulars.errors import InputRefused, NotFound
from regulars.steps.change_hands import By, Draft, tenants_of_scope, who_knows
from regulars.store.corrections import Correction, apart_from, keep_apart
from regulars.store.merge_proposals import settle_proposals
from regulars.store.people import Customer, change_customer, find_customer, note_of, put_note
from regulars.store.reassigning import meetings, sightings_of_customers
from regulars.store.session import Connection, act_for
from regulars.store.template_changes import templates_of_customers
from regulars.store.templates import StoredTemplate, lock_gallery
from regulars.tenancy import Tenancy

PROFILE = ("name", "gender", "birth_year", "phone")
_BLANK = (None, "unknown")


def merge_people(
    connection: Connection, one_id: UUID, other_id: UUID, *, by: By, tenants: Collection[UUID] | None = None
) -> Correction:
    """Let all that was of the younger customer be the older one's; visits within a gap become one.

    With a tenant in `by`, both must be customers of that tenant alone, since a merge changes the visits of all who know
    them; `by` without one is consolidation, which may pass the scope's `tenants` to save looking for them. Takes the
    gallery's lock. Raises NotFound, and InputRefused `same_customer`, `known_elsewhere`, `seen_together` (on one
    camera, at one time, in two places) or `kept_apart` (a human has said that they are two).
    """
    lock_gallery(connection, by.scope_id)
    if one_id == other_id:
        raise InputRefused("same_customer", "These are not two customers; nothing was changed.")
    kept, gone = _by_age(connection, one_id, other_id)
    known = who_knows(connection, by, (kept.customer_id, gone.customer_id), tenants or tenants_of_scope(connection, by))
    _refuse_what_others_know(by, known)
    if why := two_people(connection, by, kept.customer_id, gone.customer_id, known):
        raise InputRefused(why, "These are two people; nothing was changed.")
    draft = Draft(by, "merged", [kept.customer_id, gone.customer_id])
    for tenant_id in known:
        act_for(connection, Tenancy(tenant_id, by.scope_id))
        theirs = sightings_of_customers(connection, tenant_id, [gone.customer_id])
        noted = [note_of(connection, tenant_id, one.customer_id) for one in (kept, gone)]
        draft.move_sightings(connection, tenant_id, theirs, kept.customer_id, "known", "merged")
        # What the chain has noted of either stays, also when this is undone: nobody can tell of whom it is true.
        put_note(connection, tenant_id, kept.customer_id, "\n".join(filter(None, noted)) or None)
    act_for(connection, by.tenancy)
    _join_templates(connection, draft, kept.customer_id, gone.customer_id)
    _join_profiles(connection, draft, kept, gone)
    for somebody in apart_from(connection, by.scope_id, gone.customer_id):
        keep_apart(connection, by.scope_id, kept.customer_id, somebody, draft.correction_id, by.now)
    settle_proposals(connection, by.scope_id, "outdated", by.actor, by.now, about=gone.customer_id)
    return draft.finish(connection, ("customer", kept.customer_id), list(known))


def two_people(
    connection: Connection, by: By, one_id: UUID, other_id: UUID, known: dict[UUID, set[UUID]]
) -> str | None:
    """Return why two customers cannot be one person, as a refusal's reason, or None; the likeness is not asked."""
    if other_id in apart_from(connection, by.scope_id, one_id):
        return "kept_apart"
    for tenant_id, met in known.items():
        if len(met) < 2:
            continue
        act_for(connection, Tenancy(tenant_id, by.scope_id))
        together = any(are_two_people(*both) for both in meetings(connection, tenant_id, one_id, other_id))
        act_for(connection, by.tenancy)
        if together:
            return "seen_together"
    return None


def profiles_differ(one: Customer, other: Customer) -> bool:
    """Return whether people have entered different things about the two: then only a human may merge them."""
    return any(
        getattr(one, name) not in _BLANK and getattr(other, name) not in (*_BLANK, getattr(one, name))
        for name in PROFILE
    )


def _by_age(connection: Connection, one_id: UUID, other_id: UUID) -> tuple[Customer, Customer]:
    found = [find_customer(connection, customer_id) for customer_id in (one_id, other_id)]
    there = [one for one in found if one is not None and one.merged_into is None]
    if len(there) < 2:
        raise NotFound("There is no such customer.")
    older, younger = sorted(there, key=lambda one: (one.created_at, one.customer_id))
    return older, younger


def _refuse_what_others_know(by: By, known: dict[UUID, set[UUID]]) -> None:
    own = by.tenancy.tenant_id
    if own is None:
        return
    if len(known.get(own, ())) < 2:
        raise NotFound("There is no such customer.")
    if len(known) > 1:
        why = "Other chains know one of the two as well, so only consolidation may do it; nothing was changed."
        raise InputRefused("known_elsewhere", why)


def _join_templates(connection: Connection, draft: Draft, kept_id: UUID, gone_id: UUID) -> None:
    """Give the customer who stays the most telling templates of both, pack by pack."""
    held = templates_of_customers(connection, draft.by.scope_id, [kept_id, gone_id])
    for pack in {one.pack for one in held}:
        kept = [one for one in held if one.pack == pack and one.subject_id == kept_id]
        gone = [one for one in held if one.pack == pack and one.subject_id == gone_id]
        staying = templates_joined([*map(_as_template, kept)], [*map(_as_template, gone)])
        draft.move_templates(connection, [one for one in gone if one.template_id in staying], kept_id)
        draft.withdraw(connection, [one.template_id for one in [*kept, *gone] if one.template_id not in staying])


def _as_template(one: StoredTemplate) -> Template:
    return Template(one.template_id, one.vector, one.quality)


def _join_profiles(connection: Connection, draft: Draft, kept: Customer, gone: Customer) -> None:
    filled = {
        name: getattr(gone, name)
        for name in PROFILE
        if getattr(kept, name) in _BLANK and getattr(gone, name) not in _BLANK
    }
    scope_id = draft.by.scope_id
    if filled:
        change_customer(connection, scope_id, kept.customer_id, **filled)
    change_customer(connection, scope_id, gone.customer_id, merged_into=kept.customer_id)
    draft.before |= {"kept": str(kept.customer_id), "gone": str(gone.customer_id), "filled": sorted(filled)}
