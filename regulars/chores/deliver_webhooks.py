"""Every minute, where no gateway always runs (REGULARS_WEBHOOKS_BY=flow): tells of cameras, delivers webhooks."""

from datetime import UTC, datetime

from regulars.chores.shift import Numbers, Shift, chore
from regulars.steps.watch_cameras import watch_cameras
from regulars.wiring import courier


@chore("database_url", "sealing_keys")
def deliver_webhooks(shift: Shift) -> Numbers:
    """Note cameras that are in trouble and try every delivery that is due."""
    delivers = courier(shift.settings, lambda: datetime.now(UTC))
    try:
        troubled = watch_cameras(engine=delivers.engine, now=shift.now)
        return {"cameras_in_trouble": troubled, "deliveries": delivers.run()}
    finally:
        delivers.engine.dispose()
