"""Every hour: finishes erasures and departures of chains, and erases again whom a restore has brought back."""

from datetime import UTC, datetime

from prefect import flow, get_run_logger

from flows.parts import Parts
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.offboard_tenant import Offboarding
from regulars.steps.replay_erasures import replay_erasures

_ACTOR = "flow"


@flow(name="erase people", log_prints=False, retries=3, retry_delay_seconds=300)
def erase_people(now: datetime | None = None) -> int:
    """Return how many erasures were finished; `now` (UTC) is the present unless given. Raises DependencyAway."""
    log, parts, moment = get_run_logger(), Parts(), now or datetime.now(UTC)
    back = replay_erasures(engine=parts.engine, objects=parts.objects, actor=_ACTOR, now=moment)
    log.info("%d people and %d objects were back", back.people, back.objects)
    finished = 0
    for done in carry_out_erasures(
        engine=parts.engine, objects=parts.objects, vectors=parts.vectors, actor=_ACTOR, now=moment
    ):
        log.info("erasure %s done", done.erasure_id)
        finished += 1
    leaving = Offboarding(engine=parts.engine, objects=parts.objects, vectors=parts.vectors, actor=_ACTOR, now=moment)
    for gone in leaving.run():
        log.info("chain %s is gone", gone.tenant_id)
    return finished
