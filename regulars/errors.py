"""The one family of errors: every failure a user or a sender can meet has a stable code here."""

from typing import ClassVar


class RegularsError(Exception):
    """Something the caller can be told.

    `code` is stable and machine-readable, `http_status` is what an HTTP caller gets, `retry` says whether the same
    call may succeed later without being changed. The message says what happened, what was kept and what to do.
    """

    code: ClassVar[str] = "internal"
    http_status: ClassVar[int] = 500
    retry: ClassVar[bool] = False


class ConfigurationRefused(RegularsError):
    """Settings that must not be used (production on embedded parts, default secrets, unknown adapters)."""

    code = "configuration_refused"


class ModelUnavailable(RegularsError):
    """A model file is missing or is not the file that its pack names."""

    code = "model_unavailable"


class DependencyAway(RegularsError):
    """PostgreSQL, the object store or the vector index does not answer now."""

    code = "dependency_away"
    http_status = 503
    retry = True


class ChainsNotDone(RegularsError):
    """Of several chains some could not be done; the others were, and what failed is its cause."""

    code = "chains_not_done"
    retry = True


class InputRefused(RegularsError):
    """What was sent cannot be used; `reason` is the stable code under which it is set aside."""

    code = "input_refused"
    http_status = 422

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class NotFound(RegularsError):
    """It does not exist, or belongs to another tenant: the answer is the same."""

    code = "not_found"
    http_status = 404


class InUse(RegularsError):
    """Something still hangs on it, which the text names."""

    code = "in_use"
    http_status = 409


class LimitReached(RegularsError):
    """A chain has as many of these as one may have; nothing was added, and what is there stays. Remove some first."""

    code = "limit_reached"
    http_status = 409


class NotAllowed(RegularsError):
    """The caller is known but may not do this."""

    code = "not_allowed"
    http_status = 403


class NotAuthenticated(RegularsError):
    """No valid login or key came with the call."""

    code = "not_authenticated"
    http_status = 401


class LeaseLost(RegularsError):
    """Another worker holds the camera now; what this one saw after that is not counted again."""

    code = "lease_lost"
    http_status = 409
