"""`./run bench capacity`: from measured unit costs to what many cameras need, and how long tracks wait at rush hour."""

from collections.abc import Callable

from regulars.settings import Settings
from regulars.wiring import model_pack
from tests.bench.capacity.demand import SCALES, needs
from tests.bench.capacity.queueing import against_real_run, rush_hour
from tests.bench.capacity.units import measure
from tests.bench.measuring import Row


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the unit costs, the needs of each scale, and the queues."""
    pack = model_pack(Settings())
    units = measure(pack, rounds or 3, say)
    rows = [Row("capacity", f"unit: {name}", value, unit) for name, value, unit in units.told()]
    for scale in SCALES:
        rows += [Row("capacity", f"{scale.name}: {name}", value, unit) for name, value, unit in needs(scale, units)]
    rows += rush_hour(units)
    return rows + against_real_run(pack, units, say)
