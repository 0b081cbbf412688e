"""GET /readyz of recognize: which of its dependencies answer, each by name."""

from collections.abc import Callable

from fastapi.responses import JSONResponse

from functions.recognize.answers import RETRY_AFTER_S
from regulars.errors import RegularsError
from regulars.steps.recognize import Recognizer
from regulars.store.session import is_there


def dependencies(recognizer: Recognizer) -> dict[str, str]:
    """Return `ok` or the error's code of each; `index`: whether it was compared with PostgreSQL since the start."""
    asked: dict[str, Callable[[], None]] = {
        "postgresql": lambda: is_there(recognizer.engine),
        "objects": recognizer.objects.check,
        "vectors": recognizer.vectors.check,
        "index": recognizer.before_index,
    }
    return {name: _try(check) for name, check in asked.items()}


def readiness(recognizer: Recognizer) -> JSONResponse:
    """Return 200 when it can work, else 503.

    Without the vector index it can, on the galleries held in memory; what needs the index is refused by itself.
    """
    found = dependencies(recognizer)
    needed = ["postgresql", "objects"] + (["index"] if found["vectors"] == "ok" else [])
    if all(found[name] == "ok" for name in needed):
        return JSONResponse({"status": "ready", **found})
    return JSONResponse({"status": "away", **found}, 503, {"Retry-After": str(RETRY_AFTER_S)})


def _try(check: Callable[[], None]) -> str:
    try:
        check()
    except RegularsError as failure:
        return failure.code
    return "ok"
