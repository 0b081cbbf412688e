"""Beside a visit that has just begun: what other systems are told of it, in the same transaction."""

from datetime import datetime

from regulars.domain.handles import handle_of
from regulars.domain.webhooks import NEWS_FOR, EventType, event_id
from regulars.store.outbox import OutboxEvent, enqueue
from regulars.store.session import Connection
from regulars.store.tenants import Site
from regulars.store.visits import Visit, visits_until


def tell_visit(connection: Connection, visit: Visit, site: Site, now: datetime) -> None:
    """Put `visit.started`, and of a returning customer `regular.returned`, into the outbox.

    A visit begins once: when its first track is recorded. What is found out later (a track that came late, visits that
    become one, corrections) changes what the visit says, and is no second beginning; the ids follow from the visit's.
    """
    if now - visit.started_at > NEWS_FOR:
        return
    who = {
        "visit_id": str(visit.visit_id),
        "site_id": str(site.site_id),
        "site_name": site.name,
        "time_zone": site.time_zone,
        "started_at": visit.started_at.isoformat(),
        "customer_id": str(visit.customer_id) if visit.customer_id else None,
        "handle": handle_of(visit.customer_id) if visit.customer_id else None,
    }

    def put(event: EventType, **more: object) -> None:
        told = OutboxEvent(
            tenant_id=visit.tenant_id,
            event_id=event_id(event, visit.visit_id),
            type=event,
            happened_at=visit.started_at,
            data=who | more,
            site_id=visit.site_id,
            customer_id=visit.customer_id,
        )
        enqueue(connection, told, now)

    put("visit.started", status=visit.status, direction=visit.direction)
    if visit.customer_id and visit.status == "returning":
        count, last_at = visits_until(connection, visit)
        put("regular.returned", visit_count=count, last_visit_at=last_at.isoformat() if last_at else None)
