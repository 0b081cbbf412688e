"""Role x action: the only place that says who may do what; asked by every route through `caller.may`."""

from typing import Literal, get_args

from regulars.store.users import Role

Action = Literal[
    "tenants.see",
    "tenants.change",
    "tenant.see",
    "tenant.change",
    "tenant.leave",
    "sites.see",
    "sites.change",
    "cameras.see",
    "cameras.change",
    "cameras.watch",
    "workers.see",
    "set_aside.see",
    "set_aside.replay",
    "live.watch",
    "visits.see",
    "faces.see",
    "customers.see",
    "customers.change",
    "customers.correct",
    "customers.search",
    "customers.export",
    "customers.erase",
    "staff.see",
    "staff.change",
    "figures.see",
    "reports.see",
    "reports.change",
    "rollups.read",
    "users.see",
    "users.change",
    "keys.see",
    "keys.change",
    "webhooks.see",
    "webhooks.change",
    "audit.see",
]

# Knows the people at the door, so may say who is who; sees the sites that were named only.
_MANAGER: frozenset[Action] = frozenset(
    {
        "tenant.see",
        "sites.see",
        "cameras.see",
        "cameras.watch",
        "live.watch",
        "visits.see",
        "faces.see",
        "customers.see",
        "customers.change",
        "customers.correct",
        "customers.search",
        "staff.see",
        "staff.change",
        "figures.see",
        "reports.see",
    }
)
# Runs the platform: its chains, machines and what went wrong, nobody's customers.
_OPERATOR: frozenset[Action] = frozenset(
    {
        "tenants.see",
        "tenants.change",
        "cameras.see",
        "workers.see",
        "set_aside.see",
        "set_aside.replay",
        "users.see",
        "users.change",
        "keys.see",
        "keys.change",
        "audit.see",
    }
)
_OF_THE_PLATFORM: frozenset[Action] = frozenset(
    {"tenants.see", "tenants.change", "workers.see", "set_aside.see", "set_aside.replay"}
)

PERMISSIONS: dict[Role, frozenset[Action]] = {
    "operator": _OPERATOR,
    "owner": frozenset(get_args(Action)) - _OF_THE_PLATFORM,
    "manager": _MANAGER,
    # Works with sums: no names, no faces, no single visit.
    "analyst": frozenset({"tenant.see", "sites.see", "figures.see", "reports.see", "rollups.read"}),
}


def allowed(role: Role, action: Action | str) -> bool:
    """Say whether the role may do this; nobody may do what is no action."""
    return action in PERMISSIONS[role]
