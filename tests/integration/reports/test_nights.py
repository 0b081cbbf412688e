"""The flow's nights one after another: each makes its day alone; days, files and what analysts get stay right."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.domain.reports.files import each_once, told_key, whole_prefix
from tests.integration.reports.conftest import Chain, MakeChain, parquet, told

FIRST = datetime(2026, 4, 6, 17, 30, tzinfo=UTC)
"""Half an hour after midnight in Vietnam."""
PAST_MIDNIGHT = """
update sites set opening_hours = (
    select jsonb_agg(jsonb_set(span, '{closes}', '"02:00"')) from jsonb_array_elements(opening_hours) span
) where tenant_id = :tenant_id
"""
# Somebody who came late in the evening leaves after midnight, and it is told after the evening was rolled up: as
# `put_visit` does it, which writes the visit anew.
LEAVES = """
with late as (
    select * from visits where tenant_id = :tenant_id and started_at < :midnight and direction = 'in'
    order by started_at desc limit 1
), written as (
    update visits v set ended_at = cast(:midnight as timestamptz) + interval '20 minutes' from late
    where v.tenant_id = late.tenant_id and v.visit_id = late.visit_id and v.started_at = late.started_at
)
insert into sightings (tenant_id, track_id, site_id, camera_id, lease_id, manifest_key, started_at, ended_at,
    direction, outcome, reason, customer_id, visit_id, gender, gender_male_weight, gender_weight, detections, shots,
    recognized_at)
select s.tenant_id, gen_random_uuid(), s.site_id, s.camera_id, s.lease_id, '', cast(:midnight as timestamptz)
    + interval '19 minutes', cast(:midnight as timestamptz) + interval '20 minutes', 'out', 'known', 'of_the_tests',
    s.customer_id, s.visit_id, 'unknown', 0, 0, 20, '[]', now()
from sightings s join late on s.tenant_id = late.tenant_id and s.visit_id = late.visit_id limit 1
"""
COMES = """
with door as (
    select tenant_id, site_id, camera_id, gen_random_uuid() as track_id from cameras where tenant_id = :tenant_id
    order by camera_id limit 1
), seen as (
    insert into sightings (tenant_id, track_id, site_id, camera_id, lease_id, manifest_key, started_at, ended_at,
        direction, outcome, reason, gender, gender_male_weight, gender_weight, detections, shots, recognized_at)
    select tenant_id, track_id, site_id, camera_id, camera_id, '', :began,
        cast(:began as timestamptz) + interval '9 seconds', 'in', 'undetermined', 'of_the_tests', 'unknown', 0, 0, 20,
        '[]', now() from door
)
insert into crossings (tenant_id, track_id, number, site_id, camera_id, "at", direction)
select tenant_id, track_id, 0, site_id, camera_id, :crossed, 'in' from door
"""


@pytest.mark.parametrize("hours", ["till 22:30", "till 02:00"])
def test_each_night_makes_one_day_and_all_days_stay_right(make_chain: MakeChain, hours: str) -> None:
    chain = make_chain(f"nights, {hours}", 0.2, 2, 40)
    if hours == "till 02:00":
        chain.sql(PAST_MIDNIGHT)
    # Both sites stand in Vietnam. Where they close at two, the day before may end with who came after midnight.
    begun = FIRST + timedelta(hours=2 if hours == "till 02:00" else 0)
    chain.roll_up(now=begun)
    for night in range(1, 4):
        now = begun + timedelta(days=night)
        midnight = now.replace(hour=17, minute=0) - timedelta(days=1)
        if night == 1:
            chain.sql(LEAVES, midnight=midnight)
        # Told after the evening was rolled up: who crossed the line a second before midnight and is first seen a second
        # after it; and who came an hour later, which is the same business day where a shop is open.
        if night == 2:
            chain.sql(COMES, began=midnight + timedelta(seconds=1), crossed=midnight - timedelta(seconds=1))
        if night == 3:
            chain.sql(COMES, began=midnight + timedelta(hours=1), crossed=midnight + timedelta(hours=1))
        chain.roll_up(now=now)
        assert told(chain.days(now=now)) == told(chain.days(now=now, rolled=False)), night
    done = chain.roll_up(now=begun + timedelta(days=4))
    assert [one.days for one in done] == [2 * (2 if hours == "till 02:00" else 1)]
    assert chain.sql("select * from dirty_days where tenant_id = :tenant_id") == []


MARCH, LEAST = date(2026, 3, 1), 10
MIDNIGHTS = {zone: datetime(2026, 3, 31, hour, 30, tzinfo=UTC) for zone, hour in (("Sydney", 13), ("Vietnam", 17))}


def names(chain: Chain) -> list[str]:
    assert isinstance(chain.objects, S3ObjectStore)
    prefix = whole_prefix(chain.tenant_id, "visits")
    return sorted(one.key.removeprefix(prefix) for one in chain.objects.list(prefix))


def by_site_and_day(chain: Chain, folder: Path, until: date) -> tuple[list[tuple[object, ...]], ...]:
    """Return how many visits the files and the rollups have of each site's days."""
    folder.mkdir()
    counted = "select cast(site_id as varchar), day, count(*) from visits where day <= ? group by all order by all"
    days = [(str(one.site_id), one.day, one.visits.size) for one in chain.days() if one.day <= until]
    return parquet(chain, "visits", folder).execute(counted, [until]).fetchall(), sorted(row for row in days if row[2])


def last_day_told(chain: Chain, folder: Path) -> date:
    assert isinstance(chain.objects, S3ObjectStore)
    file = folder / "days.parquet"
    file.write_bytes(chain.objects.get(told_key(chain.tenant_id, LEAST, "days", MARCH), 10**8))
    (found,) = duckdb.read_parquet(str(file)).aggregate("max(day)").fetchall()[0]
    return found


def test_a_month_is_files_of_days_until_it_is_over_everywhere(make_chain: MakeChain, tmp_path: Path) -> None:
    chain = make_chain("files of days", 0.7, 6, 10)
    chain.roll_up(now=MIDNIGHTS["Sydney"] - timedelta(hours=1))
    before = names(chain)
    assert before[-1] == "month=2026-03/day=30.parquet"
    assert [one.files for one in chain.roll_up(now=MIDNIGHTS["Sydney"])] == [2], "of its day alone, and nobody is told"
    assert names(chain) == [*before, "month=2026-03/day=31.parquet"]
    assert last_day_told(chain, tmp_path) == date(2026, 3, 30)
    files, days = by_site_and_day(chain, tmp_path / "days", date(2026, 3, 30))
    assert files == days != []

    chain.roll_up(now=MIDNIGHTS["Vietnam"])
    assert names(chain) == ["month=2026-03/visits.parquet"]
    assert last_day_told(chain, tmp_path) == date(2026, 3, 31)
    chain.roll_up()
    assert names(chain)[:2] == ["month=2026-03/visits.parquet", "month=2026-04/day=01.parquet"]
    files, days = by_site_and_day(chain, tmp_path / "both", date(2026, 4, 8))
    assert files == days != []


def test_a_month_that_goes_on_at_a_new_site_lies_as_days_again(make_chain: MakeChain, tmp_path: Path) -> None:
    chain = make_chain("a new site", 0.7, 2, 10)
    chain.roll_up(now=MIDNIGHTS["Vietnam"])
    assert names(chain) == ["month=2026-03/visits.parquet"]
    chain.sql(
        "update sites set time_zone = 'Pacific/Honolulu' where tenant_id = :tenant_id"
        " and site_id = (select max(cast(site_id as text)) from sites where tenant_id = :tenant_id)::uuid"
    )
    chain.roll_up(now=MIDNIGHTS["Vietnam"])
    assert names(chain)[-1] == "month=2026-03/day=31.parquet"
    assert "month=2026-03/visits.parquet" not in names(chain)
    files, days = by_site_and_day(chain, tmp_path / "days", date(2026, 3, 30))
    assert files == days != []


def test_of_a_month_and_its_days_the_month_counts() -> None:
    days = [f"visits/month=2026-{month}/day={day}.parquet" for month in ("03", "04") for day in ("01", "02")]
    assert each_once(["visits/month=2026-03/visits.parquet", *days]) == [
        "visits/month=2026-03/visits.parquet",
        *days[2:],
    ]
