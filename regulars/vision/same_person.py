"""For folders of labelled people: several names of one person become one."""

from collections.abc import Iterable, Sequence


def one_name_each(aliases: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return for every alias the one name its person goes by, also where groups of aliases form a chain.

    It is the first one of the group that names the person first.
    """
    names: dict[str, str] = {}
    for linked in aliases:
        if not linked:
            continue
        joined = {names.get(name, name) for name in linked}
        first = next((now for now in names.values() if now in joined), linked[0])
        names.update({name: first for name, now in names.items() if now in joined})
        names.update(dict.fromkeys(linked, first))
    return names
