"""Every five minutes: tells recognize again of manifests in the object store that nothing came of."""

from datetime import UTC, datetime, timedelta

import httpx
from prefect import flow, get_run_logger

from flows.parts import Parts
from regulars.errors import DependencyAway
from regulars.settings import Settings
from regulars.steps.lost_tracks import find_lost_tracks

_TIMEOUT_S = 120.0


@flow(name="re-emit lost tracks", log_prints=False)
def reemit_lost_tracks(days: int = 2) -> int:
    """Look through the last `days` days (UTC), and recorded footage's own days; return how many were told again.

    Raises DependencyAway when recognize does not answer: the next run begins with what is left.
    """
    log = get_run_logger()
    parts = Parts()
    now = datetime.now(UTC)
    since = now.date() - timedelta(days=days - 1)
    told = 0
    lost = find_lost_tracks(
        engine=parts.engine, objects=parts.objects, now=now, since=since, until=now.date(), recorded_too=True
    )
    for found in lost:
        for key in found.keys:
            _tell(parts.settings, key)
            told += 1
        if found.keys:
            log.info("camera %s, %s: %d tracks told again", found.place.camera_id, found.day, len(found.keys))
    return told


def _tell(settings: Settings, key: str) -> None:
    try:
        answer = httpx.post(
            f"{settings.recognize_url}/events",
            json={"key": key},
            headers={"Authorization": f"Bearer {settings.events_token}"},
            timeout=_TIMEOUT_S,
        )
        answer.raise_for_status()
    except httpx.HTTPError as failure:
        raise DependencyAway("The recognize function does not answer; the next run goes on.") from failure
