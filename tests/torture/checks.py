"""What must be true after all has settled: everything the workers ever followed, held against what came of it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.site_days import SiteDay
from regulars.domain.tracks import TrackManifest
from regulars.domain.visits import VisitRule
from regulars.steps.roll_up import roll_up
from regulars.store.rollups import days_of
from regulars.store.session import transaction
from regulars.store.sightings import Sighting, sightings_between
from regulars.store.tables import visits
from regulars.store.tenants import Site, list_sites
from tests.story.stage import Stage
from tests.torture.outcome import Kept

LONG_AGO, FAR_AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
_MOST_BYTES = 1_000_000


def check(stage: Stage, followed: Collection[UUID], people: int) -> Kept:
    """Hold what came out against the tracks that were `followed`, of as many `people` as were filmed."""
    with transaction(stage.engine, stage.tenancy) as connection:
        seen = sightings_between(connection, stage.tenant_id, LONG_AGO, FAR_AHEAD)
        sites = list_sites(connection, stage.tenant_id)
    sighted = {one.track_id for one in seen}
    everything = sighted | set(followed) | set(stage.manifests())
    return Kept(
        tracks=len(everything),
        tracks_lost=len(everything - sighted),
        visits_twice=_visits_twice(stage, seen, sites),
        customers_twice=max(0, stage.customers() - people),
        orphan_shots=_orphan_shots(stage),
        template_mismatch=len(set(stage.templates()) ^ set(stage.indexed())),
        rollup_mismatch=_rollup_mismatch(stage, sites),
    )


def _visits_twice(stage: Stage, seen: Collection[Sighting], sites: Collection[Site]) -> int:
    """Return how many visits more there are than sightings make, one by one, by the rule of each site."""
    stays: dict[tuple[UUID, UUID], list[Sighting]] = defaultdict(list)
    for one in seen:
        if one.customer_id:
            stays[one.site_id, one.customer_id].append(one)
    rules = {site.site_id: site.rule for site in sites}
    wanted = sum(_stays(of_one, rules[site_id]) for (site_id, _), of_one in stays.items())
    with transaction(stage.engine, stage.tenancy) as connection:
        there = len(connection.execute(select(visits.c.visit_id).where(visits.c.customer_id.is_not(None))).all())
    return abs(there - wanted)


def _stays(of_one: Collection[Sighting], rule: VisitRule) -> int:
    """Count a person's stays at a site anew: a pause longer than the gap, or another day, begins one."""
    count, until, day = 0, LONG_AGO, date.min
    for one in sorted(of_one, key=lambda one: one.started_at):
        if one.started_at - until > timedelta(seconds=rule.gap_s) or rule.business_day(one.started_at) != day:
            count, until = count + 1, one.ended_at
        until, day = max(until, one.ended_at), rule.business_day(one.started_at)
    return count


def _orphan_shots(stage: Stage) -> int:
    """Count shots that no manifest names, and named ones that are not there."""
    keys = {one.key for one in stage.objects.list(f"tracks/{stage.tenant_id}/")}
    named = set[str]()
    for key in keys:
        if key.endswith("/track.json"):
            manifest = TrackManifest.model_validate_json(stage.objects.get(key, _MOST_BYTES))
            named |= {shot.key for shot in manifest.shots}
    return len({key for key in keys if not key.endswith("/track.json")} ^ named)


def _rollup_mismatch(stage: Stage, sites: list[Site]) -> int:
    """Roll up as of a week ahead, when all days are over, and count the days that visits themselves tell otherwise."""
    now = datetime.now(UTC) + timedelta(days=7)
    list(roll_up(stage.tenant_id, engine=stage.engine, objects=stage.objects, now=now))
    span = Range((now - timedelta(days=12)).date(), now.date())
    with transaction(stage.engine, stage.tenancy) as connection:
        rolled, counted = (
            days_of(connection, stage.tenant_id, sites, span, now, rolled=rolled) for rolled in (True, False)
        )
    by_day = {(one.site_id, one.day): _told(one) for one in rolled}
    again = {(one.site_id, one.day): _told(one) for one in counted}
    return sum(by_day.get(key) != again.get(key) for key in {*by_day, *again})


def _told(day: SiteDay) -> object:
    columns = (day.visits.visitor, day.visits.cell, day.visits.dwell_s)
    return sorted(zip(*(column.tolist() for column in columns), strict=True)), day.hours.tolist()
