"""What may be done to which account by whom: the rules under the routes of accounts."""

from collections.abc import Sequence
from uuid import UUID

from functions.gateway.auth.caller import Caller
from functions.gateway.auth.refusals import LastOne
from regulars.errors import InputRefused, NotAllowed, NotFound
from regulars.store.session import Connection
from regulars.store.tenants import find_tenant, list_sites
from regulars.store.users import Role, User, find_managed_user, others_of_role

_OF_THE_PLATFORM: dict[bool, frozenset[Role]] = {True: frozenset({"operator"}), False: frozenset({"owner"})}


def managed_user(connection: Connection, caller: Caller, user_id: UUID) -> User:
    """Return, locked, an account that the caller manages; raises NotFound for any other."""
    user = find_managed_user(connection, caller.tenancy.tenant_id, user_id)
    if user is None:
        raise NotFound("There is no such account.")
    return user


def allowed_as(connection: Connection, caller: Caller, role: Role, tenant_id: UUID | None) -> UUID | None:
    """Return the tenant of an account that the caller wants to have this role; raises NotAllowed, NotFound.

    An owner names accounts of the own chain; the operator names operators of the platform, and owners of chains.
    """
    own = caller.tenancy.tenant_id
    if own is not None:
        if role == "operator" or tenant_id not in (None, own):
            raise NotAllowed("Accounts of the platform and of other chains are not named here.")
        return own
    if role not in _OF_THE_PLATFORM[tenant_id is None]:
        raise NotAllowed("The platform names its operators and the owners of chains; an owner names all others.")
    if tenant_id is not None and find_tenant(connection, tenant_id) is None:
        raise NotFound("There is no such chain.")
    return tenant_id


def checked_sites(
    connection: Connection, tenant_id: UUID | None, role: Role, site_ids: Sequence[UUID]
) -> frozenset[UUID] | None:
    """Return the sites that such an account sees, None for all; raises InputRefused, NotFound for a foreign one."""
    if role != "manager":
        if site_ids:
            raise InputRefused("sites_of_managers", "Only a manager is held to sites; every other role sees them all.")
        return None
    if not site_ids:
        raise InputRefused("sites_missing", "Name the sites that the manager sees (site_ids).")
    known = {site.site_id for site in list_sites(connection, tenant_id)} if tenant_id else set[UUID]()
    if not known.issuperset(site_ids):
        raise NotFound("There is no such site.")
    return frozenset(site_ids)


def keep_one(connection: Connection, user: User) -> None:
    """Return when somebody else can still let others in; raises LastOne."""
    if user.role in ("owner", "operator") and others_of_role(connection, user) == 0:
        raise LastOne("Nobody would be left who could let others in; name another first. Nothing was changed.")
