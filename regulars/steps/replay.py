"""Runs manifests again that were set aside, after what was wrong with them was put right."""

from collections.abc import Iterator

from regulars.steps.recognize import Handled, Recognizer
from regulars.store.session import transaction
from regulars.store.set_aside import list_set_aside, resolve
from regulars.tenancy import PLATFORM


def replay(recognizer: Recognizer, *, reason: str | None = None, key: str | None = None) -> Iterator[Handled]:
    """Handle every key that is set aside, or those of one `reason`, or just `key`; yield what became of each.

    What fails again stays set aside, with one attempt more. Raises DependencyAway; what came before it is done.
    """
    with transaction(recognizer.engine, PLATFORM) as connection:
        held = list_set_aside(connection, reason=reason, limit=100_000)
    for one in held:
        if key is not None and one.object_key != key:
            continue
        handled = recognizer.handle(one.object_key)
        if handled.result != "set_aside":
            with transaction(recognizer.engine, PLATFORM) as connection:
                resolve(connection, one.object_key, recognizer.clock())
        yield handled
