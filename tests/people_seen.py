"""What tests of corrections do and look at: who a shop's people are, and what the index holds of them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from regulars.domain.faces import FloatArray
from regulars.ids import new_id
from regulars.steps.change_hands import By
from regulars.steps.consolidate import Consolidated, Consolidation
from regulars.steps.index_templates import follow_gallery
from regulars.steps.recognize import Recognizer
from regulars.store.audit import entries
from regulars.store.correction_tables import dirty_days
from regulars.store.session import Connection, transaction
from regulars.store.tables import tenant_customers
from regulars.store.template_changes import templates_of_customers
from regulars.store.templates import StoredTemplate, add_template, lock_gallery
from regulars.tenancy import Tenancy
from tests.shop import Shop, at
from tests.visits_seen import visits_of

Result = TypeVar("Result")
Story = list[tuple[Any, ...]]
MUCH_LATER = at(60 * 24 * 2)


def by(shop: Shop, actor: str = "user:owner") -> By:
    """Return the shop's owner, two days after NOON."""
    return By(shop.tenancy(), actor, MUCH_LATER)


def put_right(shop: Shop, step: Callable[..., Result], *subject: Any, **how: Any) -> Result:
    """Run a correction in a transaction of its own."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        return step(connection, *subject, by=by(shop), **how)


def story(shop: Shop) -> Story:
    """Return all that a correction may change of a shop: visits with sightings, who visited, and their templates."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        known = connection.execute(
            select(tenant_customers.c.customer_id, tenant_customers.c.first_visit_at).order_by(
                tenant_customers.c.customer_id
            )
        ).all()
        held = templates_of_customers(connection, shop.tenant.scope_id, [row[0] for row in known])
    visits = [(one.visit_id, one.started_at, one.customer_id, one.status, one.sightings) for one in visits_of(shop)]
    return [*visits, *map(tuple, known), *sorted((str(one.subject_id), str(one.track_id)) for one in held)]


def looks_of(shop: Shop, customer_id: UUID | None) -> list[StoredTemplate]:
    """Return a customer's templates, oldest first."""
    assert customer_id is not None
    with transaction(shop.engine, shop.tenancy()) as connection:
        return templates_of_customers(connection, shop.tenant.scope_id, [customer_id])


def teach(shop: Shop, recognizer: Recognizer, customer_id: UUID | None, vector: FloatArray) -> None:
    """Give a customer a template, as a later look would."""
    assert customer_id is not None
    scope_id = shop.tenant.scope_id
    with transaction(shop.engine, shop.tenancy()) as connection:
        lock_gallery(connection, scope_id)
        add_template(
            connection,
            StoredTemplate(
                template_id=new_id(),
                scope_id=scope_id,
                tenant_id=shop.tenant.tenant_id,
                kind="customer",
                subject_id=customer_id,
                pack=recognizer.pack.digest,
                vector=vector,
                quality=0.9,
                track_id=None,
                created_at=at(0),
            ),
        )
    follow(shop, recognizer)


def follow(shop: Shop, recognizer: Recognizer) -> None:
    """Bring the index to what the shop's gallery is."""
    follow_gallery(shop.tenant.scope_id, recognizer.pack.digest, engine=recognizer.engine, vectors=recognizer.vectors)


def indexed(recognizer: Recognizer) -> set[UUID]:
    """Return the ids of all templates that Milvus holds for the recognizer's pack."""
    return set(recognizer.vectors.template_ids(f"faces_{recognizer.pack.digest}"))


def consolidate(shop: Shop, recognizer: Recognizer) -> Consolidated:
    """Consolidate everything and return what was done in the shop's gallery."""
    consolidation = Consolidation(
        engine=recognizer.engine,
        vectors=recognizer.vectors,
        pack=recognizer.pack.digest,
        thresholds=recognizer.pack.thresholds,
        wanted_fpir=recognizer.wanted_fpir,
    )
    return next(one for one in consolidation.run(MUCH_LATER) if one.scope_id == shop.tenant.scope_id)


def audited(shop: Shop) -> list[str]:
    """Return the actions in the tenant's audit log, oldest first."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        return [entry.action for entry in reversed(entries(connection, shop.tenant.tenant_id))]


def days_touched(shop: Shop) -> Sequence[Any]:
    """Return the days that sums have to be made anew for, oldest first."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        return connection.scalars(select(dirty_days.c.day).order_by(dirty_days.c.day)).all()


def read(shop: Shop, question: Callable[..., Result], *about: Any) -> Result:
    """Return what a repository says to the shop, in a transaction of its own."""

    def asked(connection: Connection) -> Result:
        return question(connection, *about)

    with transaction(shop.engine, Tenancy(shop.tenant.tenant_id, shop.tenant.scope_id)) as connection:
        return asked(connection)
