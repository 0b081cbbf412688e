"""After a sealing key was put in front: seal every stored secret with it, so that the old key can be thrown away."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from regulars.errors import ConfigurationRefused
from regulars.store.sealed import SealedColumn, replace_sealed, sealed_values
from regulars.store.session import Engine, transaction
from regulars.tenancy import PLATFORM

BATCH = 200


@dataclass(slots=True)
class Resealed:
    """What was done with one column: so many values, so many sealed anew, so many that no key opens."""

    name: str
    values: int = 0
    resealed: int = 0
    unreadable: int = 0


def reseal(
    columns: Iterable[SealedColumn],
    *,
    engine: Engine,
    is_newest: Callable[[bytes], bool],
    renew: Callable[[bytes], bytes],
) -> Iterator[Resealed]:
    """Yield what was done, column by column. What is sealed with the newest key stays as it is.

    Each batch is a transaction of its own, so it can be stopped and begun again at any time, beside a running gateway.
    Raises DependencyAway.
    """
    for column in columns:
        yield _reseal(engine, column, is_newest, renew)


def _reseal(
    engine: Engine, column: SealedColumn, is_newest: Callable[[bytes], bool], renew: Callable[[bytes], bytes]
) -> Resealed:
    done, after = Resealed(f"{column.table.name}.{column.name}"), None
    while True:
        with transaction(engine, PLATFORM) as connection:
            batch = sealed_values(connection, column, after, BATCH)
            for value in batch:
                done.values += 1
                if is_newest(value.sealed):
                    continue
                try:
                    done.resealed += replace_sealed(connection, column, value, renew(value.sealed))
                except ConfigurationRefused:
                    done.unreadable += 1
        if len(batch) < BATCH:
            return done
        after = batch[-1].key
