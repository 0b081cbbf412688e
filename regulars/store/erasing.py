"""What of a person lies where in PostgreSQL, and how it goes: one function per place, each says what went.

`until` (UTC) leaves alone what came after it: a chain may forget somebody who is then seen there again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Connection, Text, and_, cast, delete, exists, func, or_, select, text, true, update

from regulars.store.correction_tables import corrections, kept_apart, looks_wanted, merge_proposals
from regulars.store.idempotency_tables import idempotency_keys
from regulars.store.rights_tables import consents
from regulars.store.tables import customers, face_templates, live_events, sightings, tenant_customers, visits
from regulars.store.templates import remove_templates_where
from regulars.store.visits import Visit

ERASED = "erased"
"""The reason of a sighting that is nobody's any more: it keeps its time and its gender, and shows nobody."""
_S, _V, _T, _C = sightings.c, visits.c, face_templates.c, corrections.c


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A sighting that was the person's, and where its track lies in the object store."""

    track_id: UUID
    manifest_key: str


# Who was merged into whom, upwards to the one who stayed, and from there to everybody who became them.
_ONE_PERSON = text("""
with recursive up as (
    select customer_id, merged_into from customers where scope_id = :scope_id and customer_id = :customer_id
    union
    select c.customer_id, c.merged_into from customers c join up on c.customer_id = up.merged_into
    where c.scope_id = :scope_id
), down as (
    select customer_id from up
    union
    select c.customer_id from customers c join down on c.merged_into = down.customer_id where c.scope_id = :scope_id
)
select customer_id from down order by customer_id
""")


def ids_of_person(connection: Connection, scope_id: UUID, customer_id: UUID) -> list[UUID]:
    """Return the ids of everybody who turned out to be this one person; empty when there is no such customer."""
    return list(connection.scalars(_ONE_PERSON, {"scope_id": scope_id, "customer_id": customer_id}))


def ids_in_gallery(connection: Connection, scope_id: UUID) -> set[UUID]:
    """Return the id of every customer of the gallery, merged or not, and of whom its templates speak."""
    rows = select(customers.c.customer_id).where(customers.c.scope_id == scope_id)
    looks = select(_T.subject_id).where(_T.scope_id == scope_id, _T.kind == "customer")
    return set(connection.scalars(rows.union(looks)))


def knew_until(connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID], until: datetime) -> bool:
    """Return whether the chain has visits of these customers that were written until then (UTC)."""
    of_theirs = (_V.tenant_id == tenant_id, _V.customer_id.in_(list(customer_ids)), _V.created_at <= until)
    return connection.execute(select(_V.visit_id).where(*of_theirs).limit(1)).one_or_none() is not None


def unlink_sightings(
    connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID], until: datetime | None = None
) -> list[Unlinked]:
    """Let these customers' sightings be nobody's, without shots; time, direction and gender stay for the sums."""
    came_before = true() if until is None else _S.recognized_at <= until
    statement = (
        update(sightings)
        .where(_S.tenant_id == tenant_id, _S.customer_id.in_(list(customer_ids)), came_before)
        .values(customer_id=None, reason=ERASED, shots=[], pack=None)
        .returning(_S.track_id, _S.manifest_key)
    )
    return [Unlinked(*row) for row in connection.execute(statement)]


def unlink_visits(
    connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID], until: datetime | None = None
) -> list[Visit]:
    """Let these customers' visits be nobody's; return them as they were. Status and gender stay for the sums."""
    wanted = (_V.tenant_id == tenant_id, _V.customer_id.in_(list(customer_ids)))
    if until is not None:
        wanted = (*wanted, _V.created_at <= until)
    before = [Visit(**row) for row in connection.execute(select(visits).where(*wanted)).mappings()]
    connection.execute(update(visits).where(*wanted).values(customer_id=None))
    return before


def forget_acquaintance(connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID]) -> int:
    """Let the chain know only those of these customers who have a visit there; return how many it knows no more."""
    for customer_id in customer_ids:
        own = and_(tenant_customers.c.tenant_id == tenant_id, tenant_customers.c.customer_id == customer_id)
        first = select(func.min(_V.started_at)).where(_V.tenant_id == tenant_id, _V.customer_id == customer_id)
        since: datetime | None = connection.scalar(first)
        if since is not None:
            connection.execute(update(tenant_customers).where(own).values(first_visit_at=since))
    gone = delete(tenant_customers).where(
        tenant_customers.c.tenant_id == tenant_id,
        tenant_customers.c.customer_id.in_(list(customer_ids)),
        ~exists().where(_V.tenant_id == tenant_id, _V.customer_id == tenant_customers.c.customer_id),
    )
    return connection.execute(gone).rowcount


def forget_consents(
    connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID], until: datetime | None = None
) -> int:
    """Remove what they consented to at this chain."""
    own = and_(consents.c.tenant_id == tenant_id, consents.c.customer_id.in_(list(customer_ids)))
    own = own if until is None else and_(own, consents.c.at <= until)
    return connection.execute(delete(consents).where(own)).rowcount


def erased_since(connection: Connection, tenant_id: UUID, since: datetime) -> list[str]:
    """Return the manifests' keys of the tenant's sightings since then (UTC) that may show nobody."""
    without = _S.reason.in_((ERASED, "objected"))
    return list(
        connection.scalars(select(_S.manifest_key).where(_S.tenant_id == tenant_id, without, _S.recognized_at >= since))
    )


def lose_answers(connection: Connection, tenant_id: UUID) -> None:
    """Give no answer of the tenant's a second time: one of the last day may tell of the person, sealed as it is."""
    own = (idempotency_keys.c.tenant_id == tenant_id, idempotency_keys.c.status.is_not(None))
    connection.execute(update(idempotency_keys).where(*own).values(status=None, headers=None, body_sealed=None))


def forget_live_events(connection: Connection, tenant_id: UUID, subject_ids: Collection[UUID]) -> int:
    """Remove what was told of these visits and tracks."""
    own = and_(live_events.c.tenant_id == tenant_id, live_events.c.subject_id.in_(list(subject_ids)))
    return connection.execute(delete(live_events).where(own)).rowcount


def forget_templates(
    connection: Connection,
    scope_id: UUID,
    customer_ids: Collection[UUID],
    corrected: Collection[UUID],
    brought_by: UUID | None,
    until: datetime | None = None,
) -> dict[str, list[UUID]]:
    """Remove these customers' templates, withdrawn ones too, and what these corrections withdrew; return ids by pack.

    `brought_by` leaves those that other chains brought.
    """
    own = and_(_T.kind == "customer", _T.subject_id.in_(list(customer_ids)))
    wanted = [_T.scope_id == scope_id, or_(own, _T.withdrawn_by.in_(list(corrected)))]
    if brought_by is not None:
        wanted.append(_T.tenant_id == brought_by)
    if until is not None:
        wanted.append(_T.created_at <= until)
    return remove_templates_where(connection, *wanted)


def forget_corrections(
    connection: Connection, scope_id: UUID, customer_ids: Collection[UUID], tenant_id: UUID | None
) -> list[UUID]:
    """Remove what was put right about these customers, so that nothing can be undone; return which corrections.

    With a tenant only its own; what other chains share in loses the tenant's part.
    """
    about = and_(_C.scope_id == scope_id, _C.customer_ids.overlap(list(customer_ids)))
    if tenant_id is not None:
        path = cast(["sightings", str(tenant_id)], ARRAY(Text()))
        shared = update(corrections).where(about, _C.tenant_id.is_(None))
        connection.execute(shared.values(before=_C.before.op("#-")(path)))
        about = and_(about, _C.tenant_id == tenant_id)
    return list(connection.scalars(delete(corrections).where(about).returning(_C.correction_id)))


def forget_pairs(connection: Connection, scope_id: UUID, customer_ids: Collection[UUID], tenant_id: UUID | None) -> int:
    """Remove proposals to merge these customers, and whom they are known not to be; with a tenant its proposals."""
    ids, gone = list(customer_ids), 0
    for table in (merge_proposals, kept_apart):
        about = and_(table.c.scope_id == scope_id, or_(table.c.one_id.in_(ids), table.c.other_id.in_(ids)))
        if tenant_id is not None:
            if table is kept_apart:
                continue
            about = and_(about, table.c.tenant_id == tenant_id)
        gone += connection.execute(delete(table).where(about)).rowcount
    return gone


def forget_looks_wanted(
    connection: Connection, scope_id: UUID, customer_ids: Collection[UUID], tenant_id: UUID | None
) -> int:
    """Ask for no template of these customers any more."""
    about = and_(looks_wanted.c.scope_id == scope_id, looks_wanted.c.customer_id.in_(list(customer_ids)))
    if tenant_id is not None:
        about = and_(about, looks_wanted.c.tenant_id == tenant_id)
    return connection.execute(delete(looks_wanted).where(about)).rowcount


def forget_customers(connection: Connection, scope_id: UUID, customer_ids: Collection[UUID]) -> int:
    """Remove the customers themselves."""
    own = and_(customers.c.scope_id == scope_id, customers.c.customer_id.in_(list(customer_ids)))
    return connection.execute(delete(customers).where(own)).rowcount


def left_of_person(connection: Connection, scope_id: UUID, customer_ids: Collection[UUID]) -> int:
    """Return how many rows of the gallery still speak of these customers."""
    ids = list(customer_ids)
    questions = (
        select(customers.c.customer_id).where(customers.c.scope_id == scope_id, customers.c.customer_id.in_(ids)),
        select(_T.template_id).where(_T.scope_id == scope_id, _T.subject_id.in_(ids)),
        select(_C.correction_id).where(_C.scope_id == scope_id, _C.customer_ids.overlap(ids)),
        select(looks_wanted.c.track_id).where(looks_wanted.c.scope_id == scope_id, looks_wanted.c.customer_id.in_(ids)),
    )
    return sum(len(connection.execute(question).all()) for question in questions)
