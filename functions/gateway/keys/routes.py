"""GET, POST, PATCH, DELETE /v1/keys: called by the portal."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.etag import ChangedMeanwhile, IfMatch, Tag
from functions.gateway.keys.schema import Key, KeyChange, KeyPage, KeySort, MadeKey, NewKey, Rotation, show_key
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from regulars.errors import InputRefused, LimitReached, NotAllowed, NotFound
from regulars.store import api_keys
from regulars.store.api_keys import KnownKey
from regulars.store.bounded import refuse_one_too_many
from regulars.store.session import Connection

router = APIRouter(prefix="/v1/keys", tags=["keys"], responses=problem_responses(401, 403, 422, 503))
MaySee = Annotated[Caller, may("keys.see")]
MayChange = Annotated[Caller, may("keys.change")]
CHANGING = problem_responses(404, ChangedMeanwhile)
# A key cannot be asked for a second factor, so these are handed to one by an owner alone, and knowingly.
BY_AN_OWNER = frozenset({"users.change", "keys.change", "faces.see", "customers.search", "customers.export"})


@router.get("", response_model=KeyPage, responses=AS_CSV)
def list_keys(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    q: Search | None = None,
    revoked: bool | None = None,
    sort: KeySort = "created_at",
) -> Response:
    """List the chain's keys; the platform's operator sees the platform's."""
    own = caller.tenancy.tenant_id
    return answer_list(
        parts,
        caller,
        asked,
        "keys",
        sort=sort,
        page=KeyPage,
        read=lambda connection, piece: api_keys.page_of_api_keys(connection, own, piece, q=q, revoked=revoked),
        show=show_key,
    )


@router.post("", status_code=201, responses=problem_responses(429, LimitReached))
def create_key(parts: PartsDep, caller: MayChange, new: NewKey) -> MadeKey:
    """Make a key that may do at most what its maker may."""
    now = parts.clock()
    _check_scopes(caller, frozenset(new.scopes))
    if new.expires_at is not None and new.expires_at <= now:
        raise InputRefused("expires_in_the_past", "The key would have run out already; nothing was made.")
    parts.limits.count("keys", str(caller.tenancy.tenant_id))
    with parts.transaction(caller.tenancy) as connection:
        refuse_one_too_many(connection, "keys", caller.tenancy, caller.tenancy)
        key = api_keys.add_api_key(
            connection,
            caller.tenancy.tenant_id,
            new.name,
            frozenset(new.scopes),
            now,
            created_by=caller.actor,
            expires_at=new.expires_at,
        )
        known = _key(connection, caller, api_keys.key_id_of(key))
        note_act(connection, caller, "key.made", "key", known.key_id, now, {"scopes": sorted(known.scopes)})
    return MadeKey(**show_key(known).model_dump(), key=key)


@router.get("/{key_id}", responses=problem_responses(404))
def read_key(parts: PartsDep, caller: MaySee, key_id: UUID, tag: Tag) -> Key:
    """Return one key, without its secret."""
    with parts.transaction(caller.tenancy) as connection:
        return _tagged(_key(connection, caller, key_id), tag)


@router.patch("/{key_id}", responses=CHANGING)
def change_key(parts: PartsDep, caller: MayChange, key_id: UUID, change: KeyChange, tag: IfMatch) -> Key:
    """Call a key something else."""
    with parts.transaction(caller.tenancy) as connection:
        tag.expect(_key(connection, caller, key_id).name)
        api_keys.rename_api_key(connection, key_id, change.name)
        known = _key(connection, caller, key_id)
        note_act(connection, caller, "key.renamed", "key", key_id, parts.clock())
        return _tagged(known, tag)


@router.post("/{key_id}/rotate", status_code=201, responses=problem_responses(404))
def rotate_key(parts: PartsDep, caller: MayChange, key_id: UUID, rotation: Rotation) -> MadeKey:
    """Make a new secret for a key; the old one stays good for a while, the one before it does not."""
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        before = _key(connection, caller, key_id)
        _check_scopes(caller, before.scopes)
        if before.revoked_at is not None:
            raise InputRefused("key_revoked", "A revoked key stays revoked; make another.")
        key = api_keys.rotate_api_key(connection, key_id, now + timedelta(seconds=rotation.old_good_for_s))
        known = _key(connection, caller, key_id)
        note_act(connection, caller, "key.rotated", "key", key_id, now)
    return MadeKey(**show_key(known).model_dump(), key=key)


@router.delete("/{key_id}", status_code=204, responses=CHANGING)
def revoke_key(parts: PartsDep, caller: MayChange, key_id: UUID, tag: IfMatch) -> None:
    """Revoke a key at once and for good; it stays in the list."""
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        known = _key(connection, caller, key_id)
        tag.expect(known.name)
        api_keys.revoke_api_key(connection, key_id, now)
        note_act(connection, caller, "key.revoked", "key", key_id, now)


def _check_scopes(caller: Caller, scopes: frozenset[str]) -> None:
    """Return when the caller may hand these on; raises NotAllowed."""
    beyond = scopes - caller.actions - {"worker"}
    if caller.role != "owner":
        beyond |= scopes & BY_AN_OWNER
    if caller.role is None:
        beyond |= scopes & {"worker"}
    if beyond:
        raise NotAllowed(f"These scopes cannot be given by you: {', '.join(sorted(beyond))}.")


def _key(connection: Connection, caller: Caller, key_id: UUID | None) -> KnownKey:
    known = api_keys.read_api_key(connection, caller.tenancy.tenant_id, key_id, lock=True) if key_id else None
    if known is None:
        raise NotFound("There is no such key.")
    return known


def _tagged(key: KnownKey, tag: Tag) -> Key:
    tag.put(key.name)
    return show_key(key)
