"""The bench's measure: the same queries and the same answers in plain FastAPI routes, with the same pool.

Nothing else: nobody is asked who they are, no parameter is read, no limit, no log, no header, no figure.
"""

import argparse
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import uvicorn
from fastapi import FastAPI

from functions.gateway.auth.caller import Caller
from functions.gateway.auth.permissions import PERMISSIONS
from functions.gateway.cursor import write_cursor
from functions.gateway.customers.profile_schema import CustomerPage, show_customer
from functions.gateway.figures.today import Today, tell_today
from functions.gateway.visits.schema import VisitPage, show_visit
from regulars import wiring
from regulars.settings import Settings
from regulars.store.customer_list import CustomerFilter, page_of_customers
from regulars.store.paging import Piece
from regulars.store.session import Connection, transaction
from regulars.store.tenants import find_tenant
from regulars.store.visit_list import VisitFilter, page_of_visits
from regulars.tenancy import Tenancy

LIMIT = 50


def create_bare(tenant_id: UUID) -> FastAPI:
    """Return the app; it asks as the owner of this chain, without being told."""
    app, engine, tenancy = FastAPI(openapi_url=None), wiring.engine(Settings()), Tenancy(tenant_id)
    owner = Caller(
        actor="bench",
        tenancy=tenancy,
        actions=PERMISSIONS["owner"],
        expires_at=datetime.max.replace(tzinfo=UTC),
        role="owner",
        access=None,
    )

    def kept_since(connection: Connection) -> datetime:
        tenant = find_tenant(connection, tenant_id)
        return datetime.now(UTC) - timedelta(days=tenant.retention_days if tenant else 0)

    def list_visits() -> VisitPage:
        with transaction(engine, tenancy) as connection:
            since = kept_since(connection)
            found = page_of_visits(connection, tenant_id, VisitFilter(), Piece("-started_at", LIMIT))
        items = [show_visit(one, since) for one in found.rows]
        return VisitPage(items=items, next_cursor=write_cursor(found.after) if found.after else None)

    def list_customers() -> CustomerPage:
        with transaction(engine, tenancy) as connection:
            since, piece = kept_since(connection), Piece("-last_visit_at", LIMIT)
            found = page_of_customers(connection, tenant_id, CustomerFilter(), since, piece)
        items = [show_customer(one) for one in found.rows]
        return CustomerPage(items=items, next_cursor=write_cursor(found.after) if found.after else None)

    def read_today() -> Today:
        with transaction(engine, tenancy) as connection:
            return tell_today(connection, owner, datetime.now(UTC))

    app.add_api_route("/v1/visits", list_visits)
    app.add_api_route("/v1/customers", list_customers)
    app.add_api_route("/v1/figures/today", read_today)
    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    app = create_bare(UUID(os.environ["BENCH_TENANT_ID"]))
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_config=None, access_log=False)
