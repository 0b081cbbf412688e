"""GET /readyz of recognize: which of its dependencies answer, each by name."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from functions.recognize.answers import RETRY_AFTER_S
from regulars.dependencies import Dependencies
from regulars.steps.recognize import Recognizer
from regulars.store.session import is_there

_ANSWER_WITHIN_S = 1.0


def dependencies(recognizer: Recognizer) -> Dependencies:
    """Return what is asked; `index`: whether it was compared with PostgreSQL since the start."""
    checks = {
        "postgresql": lambda: is_there(recognizer.engine),
        "objects": recognizer.objects.check,
        "vectors": recognizer.vectors.check,
        "index": recognizer.before_index,
    }
    return Dependencies(checks, _ANSWER_WITHIN_S)


def readiness_routes(asked: Dependencies) -> APIRouter:
    """Return GET /readyz: 200 when recognize can work, else 503, within about a second however busy it is.

    Without the vector index it can, on the galleries held in memory; what needs the index is refused by itself.
    """
    router = APIRouter()

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        found = await asked.told()
        needed = ["postgresql", "objects"] + (["index"] if found["vectors"] == "ok" else [])
        if all(found[name] == "ok" for name in needed):
            return JSONResponse({"status": "ready", **found})
        return JSONResponse({"status": "away", **found}, 503, {"Retry-After": str(RETRY_AFTER_S)})

    return router
