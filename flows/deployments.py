"""When each flow runs, and how many of it at a time: one table, for the onebox and for every work pool."""

from dataclasses import dataclass
from typing import Any

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.backup import backup
from flows.calibrate import calibrate
from flows.consolidate_identities import consolidate_identities
from flows.deliver_webhooks import deliver_webhooks
from flows.erase_people import erase_people
from flows.forget_inactive import forget_inactive
from flows.prepare_months import prepare_months
from flows.purge_raw_faces import purge_raw_faces
from flows.purge_records import purge_records
from flows.reconcile_tracks import reconcile_tracks
from flows.reembed import reembed
from flows.reindex_vectors import reindex_vectors
from flows.restore_check import restore_check
from flows.roll_up import roll_up
from flows.send_reports import send_reports
from regulars.settings import EMBEDDED, Settings

NAME = "by_the_clock"
_ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
"""All that is due is done by the run under way: a second one beside it would only wait, so it is called off."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A flow with its clock: cron, in UTC."""

    flow: Flow[..., Any]
    cron: str


_DUE = (
    _Due(reconcile_tracks, "*/5 * * * *"),
    _Due(erase_people, "5 * * * *"),
    _Due(roll_up, "30 * * * *"),
    _Due(send_reports, "50 * * * *"),
    _Due(prepare_months, "10 0 * * *"),
    _Due(purge_raw_faces, "10 2 * * *"),
    _Due(forget_inactive, "30 2 * * *"),
    _Due(purge_records, "50 2 * * *"),
    _Due(reindex_vectors, "20 3 * * *"),
    _Due(consolidate_identities, "40 3 * * *"),
    _Due(reembed, "20 4 * * *"),
    _Due(calibrate, "0 5 * * 0"),
)
_WITH_A_FOLDER = (_Due(backup, "20 1 * * *"), _Due(restore_check, "30 5 * * 0"))
_WITHOUT_A_GATEWAY = (_Due(deliver_webhooks, "* * * * *"),)


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """Return every flow as it is to be registered; a worker finds it as a module of this package."""
    due = _DUE + (_WITHOUT_A_GATEWAY if settings.webhooks_by == "flow" else ())
    due += _WITH_A_FOLDER if settings.backup_dir != EMBEDDED else ()
    return [
        RunnerDeployment.from_flow(
            one.flow,
            NAME,
            schedule=Cron(one.cron, timezone="UTC"),
            concurrency_limit=_ONE,
            tags=["regulars"],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for one in due
    ]
