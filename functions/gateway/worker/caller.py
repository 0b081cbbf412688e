"""Which worker calls: its API key, checked before every worker route."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from functions.gateway.parts import PartsDep
from regulars.errors import NotAllowed, NotAuthenticated
from regulars.settings import Settings
from regulars.store.api_keys import KnownKey, find_api_key
from regulars.tenancy import PLATFORM, Tenancy

_bearer = HTTPBearer(auto_error=False, scheme_name="WorkerKey", description="An API key of scope `worker`.")


def worker_key(
    parts: PartsDep, presented: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> KnownKey:
    """Return the worker's key; raises NotAuthenticated without a valid one, NotAllowed when its scope is another."""
    if presented is None:
        raise NotAuthenticated("No API key came with the call; send it as Authorization: Bearer rk_….")
    with parts.transaction(PLATFORM) as connection:
        key = find_api_key(connection, presented.credentials, parts.clock())
    if key is None:
        raise NotAuthenticated("This API key is unknown or revoked; nothing was changed. Ask for a new one.")
    if "worker" not in key.scopes:
        raise NotAllowed("This API key is not a worker's.")
    return key


WorkerKey = Annotated[KnownKey, Depends(worker_key)]


def tenancy_of(key: KnownKey) -> Tenancy:
    """Return what the key's transactions may see: its tenant, or the whole platform."""
    return Tenancy(key.tenant_id)


def public_only(settings: Settings, key: KnownKey) -> bool:
    """Say whether a worker with this key may open cameras on the public internet alone.

    It serves every chain from a place of the platform's: what a chain enters must not lead to the machines beside it.
    """
    return key.tenant_id is None and settings.mode == "production" and not settings.shared_workers_open_local


def holder_name(key_id: UUID, worker_id: str) -> str:
    """Return the name under which leases are held: two keys may use one worker id without sharing a camera."""
    return f"{key_id}/{worker_id}"
