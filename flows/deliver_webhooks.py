"""Every minute, where no gateway always runs (REGULARS_WEBHOOKS_BY=flow): tells of cameras, delivers webhooks."""

from datetime import UTC, datetime

from prefect import flow, get_run_logger

from regulars.settings import load_settings
from regulars.steps.watch_cameras import watch_cameras
from regulars.wiring import courier


@flow(name="deliver webhooks", log_prints=False)
def deliver_webhooks() -> int:
    """Return how many deliveries were tried. Raises DependencyAway; what was delivered before stays so."""
    log = get_run_logger()
    delivers = courier(load_settings(("database_url", "sealing_keys")), lambda: datetime.now(UTC))
    troubled = watch_cameras(engine=delivers.engine, now=delivers.clock())
    tried = delivers.run()
    log.info("%d deliveries tried, %d cameras in trouble", tried, troubled)
    return tried
