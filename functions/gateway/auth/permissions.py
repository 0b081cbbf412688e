"""Role x action: the only place that says who may do what; asked by every route through `caller.may`."""

from typing import Literal

from regulars.store.users import Role

Action = Literal[
    "visits.see",
    "faces.see",
    "customers.see",
    "customers.correct",
    "figures.see",
    "sites.see",
    "sites.change",
    "tenant.change",
    "cameras.see",
    "cameras.change",
    "live.watch",
    "set_aside.see",
]

PERMISSIONS: dict[Role, frozenset[Action]] = {
    # Runs the platform: its machines and what went wrong, nobody's customers.
    "operator": frozenset({"cameras.see", "set_aside.see"}),
    "owner": frozenset(
        {
            "visits.see",
            "faces.see",
            "customers.see",
            "customers.correct",
            "figures.see",
            "sites.see",
            "sites.change",
            "tenant.change",
            "cameras.see",
            "cameras.change",
            "live.watch",
        }
    ),
    # Knows the people at the door, so may say who is who.
    "manager": frozenset(
        {
            "visits.see",
            "faces.see",
            "customers.see",
            "customers.correct",
            "figures.see",
            "sites.see",
            "cameras.see",
            "live.watch",
        }
    ),
    # Works with sums: no names, no faces, no single visit.
    "analyst": frozenset({"figures.see", "sites.see"}),
}


def allowed(role: Role, action: Action | str) -> bool:
    """Say whether the role may do this; nobody may do what is no action."""
    return action in PERMISSIONS[role]
