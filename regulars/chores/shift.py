"""What every chore works with, and how one is run: its settings are read, its parts opened and closed, it is told."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Concatenate, Generic, ParamSpec

from regulars import wiring
from regulars.errors import ChainsNotDone, InputRefused, RegularsError
from regulars.ports import ObjectStore, VectorIndex
from regulars.settings import Settings, load_settings
from regulars.steps.going_on import GoingOn
from regulars.store.session import Engine, transaction
from regulars.store.tenants import Tenant, list_tenants
from regulars.tenancy import PLATFORM

Numbers = dict[str, int]
"""What a chore did: how many of what."""
Say = Callable[[str], None]
Given = ParamSpec("Given")


class Shift:
    """The outside parts of one run, each made when first used; `now` is UTC, `actor` stands in audit logs."""

    def __init__(self, settings: Settings, *, now: datetime, actor: str, say: Say) -> None:
        self.settings = settings
        self.now = now
        self.actor = actor
        self.say = say
        self._going_on = GoingOn(Exception)

    @cached_property
    def engine(self) -> Engine:
        """PostgreSQL, as the application's role."""
        return wiring.engine(self.settings, pool_size=2)

    @cached_property
    def objects(self) -> ObjectStore:
        """The object store."""
        return wiring.object_store(self.settings)

    @cached_property
    def vectors(self) -> VectorIndex:
        """The vector index."""
        return wiring.vector_index(self.settings)

    def tenants(self) -> list[Tenant]:
        """Return every chain. Raises DependencyAway."""
        with transaction(self.engine, PLATFORM) as connection:
            return list_tenants(connection)

    @contextmanager
    def apart(self, tenant: Tenant) -> Generator[None]:
        """Have what goes wrong with this chain hold up no other one: it is raised by `end`.

        Raises DependencyAway when one chain after another gets no answer.
        """
        failures = self._going_on.failures
        before = len(failures)
        with self._going_on.piece():
            yield
        for failure in failures[before:]:
            said = f"{failure.code}: {failure}" if isinstance(failure, RegularsError) else type(failure).__name__
            self.say(f"chain {tenant.tenant_id}: not done: {said}")

    def end(self) -> None:
        """Say that all chains were gone through. Raises ChainsNotDone where one of them was not done."""
        if failures := self._going_on.failures:
            raise ChainsNotDone(
                f"Chains that were not done: {len(failures)}, named above with the reason. The others were; the next "
                "run tries these again."
            ) from ExceptionGroup("chains that were not done", failures)

    def close(self) -> None:
        """Close what was opened."""
        if "engine" in self.__dict__:
            self.engine.dispose()


def in_order(first: date, last: date) -> tuple[date, date]:
    """Return the two. Raises InputRefused where the first is the later one: it would be as if there were nothing."""
    if first > last:
        raise InputRefused("backwards", f"The first day, {first}, is after the last, {last}. Nothing was done.")
    return first, last


@dataclass(frozen=True)
class Chore(Generic[Given]):
    """Something done by the clock or by hand, under one name everywhere; `needs` are the settings it cannot do without.

    Doing it twice changes nothing, and what is interrupted is done by the next run.
    """

    name: str
    needs: tuple[str, ...]
    do: Callable[Concatenate[Shift, Given], Numbers]

    def run(self, now: datetime | None, actor: str, say: Say, *given: Given.args, **named: Given.kwargs) -> Numbers:
        """Do it, as if it were `now` (UTC; None: the present); `say` gets a line for each piece of it.

        Raises ConfigurationRefused for settings that cannot be used, DependencyAway, ChainsNotDone; what was done until
        then is kept.
        """
        shift = Shift(load_settings(self.needs), now=now or datetime.now(UTC), actor=actor, say=say)
        try:
            numbers = self.do(shift, *given, **named)
            shift.end()
            return numbers
        finally:
            shift.close()


def chore(*needs: str) -> Callable[[Callable[Concatenate[Shift, Given], Numbers]], Chore[Given]]:
    """Make the chore of the function's name that cannot do without the settings `needs`."""

    def named(do: Callable[Concatenate[Shift, Given], Numbers]) -> Chore[Given]:
        return Chore(do.__name__, needs, do)

    return named
