"""Entry point: registers every flow with its schedule at the Prefect server of PREFECT_API_URL and runs them."""

from datetime import timedelta

from prefect import serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval

from flows.backup import backup
from flows.consolidate_people import consolidate_people
from flows.deliver_webhooks import deliver_webhooks
from flows.erase_people import erase_people
from flows.figures import FlowFigures
from flows.prepare_months import prepare_months
from flows.purge_raw_faces import purge_raw_faces
from flows.reemit_lost_tracks import reemit_lost_tracks
from flows.repair_index import repair_index
from flows.restore_check import restore_check
from flows.roll_up import roll_up
from flows.send_reports import send_reports
from regulars.metrics_server import MetricsServer
from regulars.settings import EMBEDDED, FLOWS_NEEDS, load_settings

_AT_ONCE = 2
_NAME = "by the clock"


def main() -> None:
    """Serve until SIGINT or SIGTERM. Raises ConfigurationRefused before anything is registered."""
    settings = load_settings(FLOWS_NEEDS)
    told_by_flow = [RunnerDeployment.from_flow(deliver_webhooks, _NAME, schedule=Interval(timedelta(minutes=1)))]
    deployments = [
        *(told_by_flow if settings.webhooks_by == "flow" else ()),
        RunnerDeployment.from_flow(reemit_lost_tracks, _NAME, schedule=Interval(timedelta(minutes=5))),
        RunnerDeployment.from_flow(repair_index, _NAME, schedule=Cron("20 3 * * *", timezone="UTC")),
        RunnerDeployment.from_flow(consolidate_people, _NAME, schedule=Cron("40 3 * * *", timezone="UTC")),
        RunnerDeployment.from_flow(prepare_months, _NAME, schedule=Cron("10 0 * * *", timezone="UTC")),
        RunnerDeployment.from_flow(purge_raw_faces, _NAME, schedule=Cron("10 2 * * *", timezone="UTC")),
        RunnerDeployment.from_flow(erase_people, _NAME, schedule=Cron("5 * * * *", timezone="UTC")),
        RunnerDeployment.from_flow(roll_up, _NAME, schedule=Cron("30 * * * *", timezone="UTC")),
        RunnerDeployment.from_flow(send_reports, _NAME, schedule=Cron("50 * * * *", timezone="UTC")),
    ]
    if settings.figures_listen:
        figures = FlowFigures([one.flow_name for one in deployments if one.flow_name])
        MetricsServer(settings.figures_listen, settings.metrics_token, lambda: True, figures.text)
    backups = [
        RunnerDeployment.from_flow(backup, _NAME, schedule=Cron("20 1 * * *", timezone="UTC")),
        RunnerDeployment.from_flow(restore_check, _NAME, schedule=Cron("0 5 * * 0", timezone="UTC")),
    ]
    serve(
        *(backups if settings.backup_dir != EMBEDDED else ()),
        *deployments,
        pause_on_shutdown=False,
        limit=_AT_ONCE,
    )


if __name__ == "__main__":
    main()
