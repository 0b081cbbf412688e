"""The gateway as one ASGI app: the same under uvicorn (main.py) and on AWS Lambda (handler.py)."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from functions.gateway import health, metrics
from functions.gateway.audit import routes as audit
from functions.gateway.auth import oidc_routes, password_routes, second_factor_routes
from functions.gateway.auth import routes as auth
from functions.gateway.cameras import routes as cameras
from functions.gateway.cameras import trial as camera_trial
from functions.gateway.customers import profiles as customers
from functions.gateway.customers import routes as corrections
from functions.gateway.envelope import Envelope, content_policy
from functions.gateway.errors import install_error_answers
from functions.gateway.figures import routes as figures
from functions.gateway.idempotency import install_idempotency
from functions.gateway.keys import routes as keys
from functions.gateway.live import routes as live
from functions.gateway.openapi import operation_id, serve_document, with_contract
from functions.gateway.parts import Clock, build_parts
from functions.gateway.portal import Portal
from functions.gateway.reports import routes as reports
from functions.gateway.rights import departure as rights_departure
from functions.gateway.rights import export as rights_export
from functions.gateway.rights import find_me as rights_search
from functions.gateway.rights import routes as rights
from functions.gateway.rollups import routes as rollups
from functions.gateway.saved_reports import issues as report_issues
from functions.gateway.saved_reports import routes as saved_reports
from functions.gateway.sites import routes as sites
from functions.gateway.staff import photographs as staff_photographs
from functions.gateway.staff import routes as staff
from functions.gateway.tenant import routes as tenant
from functions.gateway.tenants import routes as tenants
from functions.gateway.users import routes as users
from functions.gateway.visits import routes as visits
from functions.gateway.visits import set_aside
from functions.gateway.watching import routes as watching
from functions.gateway.webhooks import log_routes as webhook_log
from functions.gateway.webhooks import routes as webhooks
from functions.gateway.worker import routes as worker
from regulars.clock import utc_now
from regulars.settings import Settings

_ROUTES = (
    figures,  # asked by every open page: looked through first
    visits,
    customers,
    worker,
    auth,
    set_aside,
    corrections,
    rights,
    rights_search,
    rights_export,
    rights_departure,
    audit,
    reports,
    rollups,
    saved_reports,
    report_issues,
    cameras,
    sites,
    staff,
    staff_photographs,
    tenant,
    tenants,
    live,
    camera_trial,
    watching,
    webhooks,
    webhook_log,
    metrics,
    oidc_routes,
    password_routes,
    second_factor_routes,
    users,
    keys,
    health,
)


def create_app(settings: Settings, *, clock: Clock = utc_now, holds_streams: bool = True) -> FastAPI:
    """Return the app with its parts in `app.state.parts`; `clock` returns the present moment in UTC.

    Nothing is connected before the first request, so a process starts while its dependencies are still away.
    """
    parts = build_parts(settings, clock, holds_streams=holds_streams)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        yield
        parts.close()

    app = FastAPI(
        title="Regulars",
        version="1",
        openapi_url=None,  # told by `serve_document`; FastAPI's page of it would load scripts from elsewhere
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,  # it would send on to whatever host the request names
    )
    app.state.parts = parts
    for routes in _ROUTES:
        app.include_router(routes.router)
    serve_document(app)
    if settings.portal_dir:
        app.mount("/", Portal(settings.portal_dir), "portal")  # last: it takes every path
    parts.meter.ask(metrics.PlatformFigures(parts))
    install_error_answers(app)
    install_idempotency(app, parts.engine, parts.sealing, clock)
    app.openapi = with_contract(app)
    app.add_middleware(Envelope, policy=content_policy(parts.pictures_from), meter=parts.meter)
    _analyse_routes(app)
    return app


def _analyse_routes(app: FastAPI) -> None:
    """Let FastAPI look at every route now: left to itself it does so in the first request, which then waits for it.

    It silences warnings of the whole process meanwhile, which must not happen while other threads answer.
    """
    for _ in iter_route_contexts(app.routes):
        pass
