"""The bench's measure: the same queries in plain FastAPI routes, with the same pool and nothing else."""

import argparse
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import uvicorn
from fastapi import FastAPI

from functions.gateway.auth.caller import Caller
from functions.gateway.auth.permissions import PERMISSIONS
from functions.gateway.figures.today import Today, tell_today
from regulars import wiring
from regulars.settings import Settings
from regulars.store.customer_list import CustomerFilter, ListedCustomer, page_of_customers
from regulars.store.paging import Piece
from regulars.store.session import transaction
from regulars.store.visit_list import ListedVisit, VisitFilter, page_of_visits
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

    def list_visits() -> list[ListedVisit]:
        with transaction(engine, tenancy) as connection:
            return list(page_of_visits(connection, tenant_id, VisitFilter(), Piece("-started_at", LIMIT)).rows)

    def list_customers() -> list[ListedCustomer]:
        since, piece = datetime.now(UTC) - timedelta(days=30), Piece("-last_visit_at", LIMIT)
        with transaction(engine, tenancy) as connection:
            return list(page_of_customers(connection, tenant_id, CustomerFilter(), since, piece).rows)

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
