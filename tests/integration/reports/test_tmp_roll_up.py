"""Rolled up, straight from visits, by plain SQL and from Parquet: the same figures; and changes are never lost."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from regulars.domain.reports.buckets import Range, buckets_of
from regulars.domain.reports.counted import HourBand, counted
from regulars.domain.reports.figures import figures_by
from regulars.ids import new_id
from regulars.store.held_columns import HeldColumns
from regulars.store.rollup_columns import rolled_columns
from regulars.store.rollup_engine import RollupEngine
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.reports.conftest import NOW, SPAN, Chain, MakeChain, parquet, told

BY_PLAIN_SQL = """
select to_char(v.started_at at time zone s.time_zone, :shown), count(*), count(distinct v.customer_id),
    count(*) filter (where v.status = 'new'), count(*) filter (where v.gender = 'female')
from visits v join sites s on s.tenant_id = v.tenant_id and s.site_id = v.site_id
where v.tenant_id = :tenant_id and (v.started_at at time zone s.time_zone)::date between :first and :last
    and extract(hour from v.started_at at time zone s.time_zone) between :from_hour and :to_hour
group by 1 order by 1
"""


@pytest.mark.parametrize(("bucket", "shown"), [("day", "YYYY-MM-DD"), ("hour_of_day", "HH24"), ("month", "YYYY-MM")])
@pytest.mark.parametrize("band", [None, HourBand(11, 15)])
def test_the_same_figures_come_from_rollups_from_visits_and_from_plain_sql(
    chain: Chain, bucket: str, shown: str, band: HourBand | None
) -> None:
    hours = (band.first, band.end - 1) if band else (0, 23)
    asked = {"shown": shown, "first": SPAN.first, "last": SPAN.last, "from_hour": hours[0], "to_hour": hours[1]}
    plain = chain.sql(BY_PLAIN_SQL, **asked)
    assert len(plain) > 2
    buckets = buckets_of(bucket, SPAN)  # pyright: ignore[reportArgumentType]
    for rolled in (True, False):
        figures = figures_by(counted(chain.days(rolled=rolled), band), buckets)
        found = zip(buckets.names, figures, strict=True)
        assert plain == [(name, one.visits, one.visitors, one.new, one.female) for name, one in found if one.visits]


def test_rolled_up_days_hold_all_that_the_visits_say(chain: Chain) -> None:
    assert chain.sql("select count(*) from rollup_days where tenant_id = :tenant_id") != [(0,)]
    assert told(chain.days()) == told(chain.days(rolled=False))


def test_parquet_says_the_same(chain: Chain, tmp_path: Path) -> None:
    closed = [one for one in chain.days() if one.day < NOW.date() - timedelta(days=1)]
    told_here = counted(closed)
    (whole,) = figures_by(told_here, buckets_of("total", SPAN))
    until = NOW.date() - timedelta(days=1)
    visits = parquet(chain, "visits", tmp_path).execute(
        "select count(*), count(distinct visitor), count(*) filter (where status = 'new'),"
        " count(*) filter (where gender = 'female'), count(dwell_s), median(dwell_s)"
        " from visits where day >= ? and day < ?",
        [SPAN.first, until],
    )
    assert visits.fetchone() == (
        whole.visits, whole.visitors, whole.new, whole.female, whole.dwell_visits, whole.dwell_median_s,
    )  # fmt: skip
    hours = parquet(chain, "hours", tmp_path).execute(
        'select sum("in"), sum("out"), sum(staff_tracks), sum(rejected_tracks) from hours where day >= ? and day < ?',
        [SPAN.first, until],
    )
    assert hours.fetchone() == (whole.came_in, whole.went_out, whole.staff_tracks, whole.rejected_tracks)


def test_rolling_up_again_changes_nothing(chain: Chain) -> None:
    table = "select * from rollup_days where tenant_id = :tenant_id order by site_id, day"
    before = chain.sql(table)
    assert chain.roll_up() == []
    assert chain.sql(table) == before
    march = Range(datetime(2026, 3, 1).date(), datetime(2026, 3, 31).date())  # noqa: DTZ001 - dates
    assert [(one.month.month, one.days) for one in chain.roll_up(span=march)] == [(3, 31 * 6)]
    assert chain.sql(table) == before


def test_today_is_counted_from_visits_and_once(chain: Chain) -> None:
    today = [one for one in chain.days() if one.day == NOW.date()]
    rolled = chain.sql("select max(day) from rollup_days where tenant_id = :tenant_id")
    assert rolled == [(NOW.date() - timedelta(days=1),)]
    assert sum(one.visits.size for one in today) > 0
    assert len({(one.site_id, one.day) for one in chain.days()}) == len(chain.days())


def test_other_chains_and_managers_of_other_sites_see_no_rollups(chain: Chain) -> None:
    counts = "select count(*) from rollup_days where tenant_id = :tenant_id"
    ((site_id, of_site),) = chain.sql(
        "select site_id, count(*) from rollup_days where tenant_id = :tenant_id group by 1 order by 1 limit 1"
    )
    assert isinstance(site_id, UUID)
    seen = {
        Tenancy(chain.tenant_id, None, frozenset({site_id})): of_site,
        Tenancy(chain.tenant_id, None, frozenset()): 0,
        Tenancy(new_id()): 0,
        PLATFORM: 0,
    }
    for tenancy, expected in seen.items():
        with transaction(chain.engine, tenancy) as connection:
            assert connection.scalar(text(counts), {"tenant_id": chain.tenant_id}) == expected
            every = [site_id for (site_id,) in chain.sql("select site_id from sites where tenant_id = :tenant_id")]
            read = partial(rolled_columns, connection, chain.tenant_id, every, SPAN)  # pyright: ignore[reportArgumentType]
            assert read(held=chain.held).day.size == read(held=HeldColumns(0)).day.size == expected, "held by others"


CHANGES = {
    "a visit goes": "delete from visits where tenant_id = :tenant_id and visit_id = :visit_id",
    "somebody is unlinked": "update visits set customer_id = null, status = 'undetermined'"
    " where tenant_id = :tenant_id and visit_id = :visit_id",
    "two become one": "update visits set customer_id = (select customer_id from visits where tenant_id = :tenant_id"
    " and customer_id is not null order by visit_id limit 1) where tenant_id = :tenant_id and visit_id = :visit_id",
    "a track was staff": "update sightings set outcome = 'staff' where tenant_id = :tenant_id and visit_id = :visit_id",
    "it was later": "with later as (update visits set started_at = started_at + interval '7 hours',"
    " ended_at = ended_at + interval '7 hours' where tenant_id = :tenant_id and visit_id = :visit_id"
    " and date_trunc('month', started_at) = date_trunc('month', started_at + interval '7 hours')"
    " returning tenant_id, visit_id), tracks as (update sightings s set started_at = s.started_at + interval '7 hours',"
    " ended_at = s.ended_at + interval '7 hours' from later"
    " where s.tenant_id = later.tenant_id and s.visit_id = later.visit_id returning s.tenant_id, s.track_id)"
    ' update crossings c set "at" = c."at" + interval \'7 hours\' from tracks t'
    " where c.tenant_id = t.tenant_id and c.track_id = t.track_id",
    "a late track": "insert into sightings select tenant_id, gen_random_uuid(), site_id, camera_id, lease_id,"
    " manifest_key, started_at + interval '1 hour', ended_at + interval '1 hour', 'out', outcome, reason, customer_id,"
    " staff_id, visit_id, gender, gender_male_weight, gender_weight, detections, shots, pack, lost_because,"
    " recognized_at from sightings where tenant_id = :tenant_id and visit_id = :visit_id limit 1",
}


@pytest.fixture(scope="module")
def changing(make_chain: MakeChain) -> Chain:
    """A small chain that changes all the time. Its people's numbers lie far apart, as those of a large chain do."""
    made = make_chain("changing", 1.1, 2, 5)
    made.roll_up()
    made.sql("update visitor_numbers set number = number * 1000000 where tenant_id = :tenant_id")
    made.sql("delete from rollup_days where tenant_id = :tenant_id")
    made.roll_up()
    return made


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 10**6), st.booleans()), min_size=1, max_size=4)
)
def test_whatever_changes_the_incremental_equals_the_rebuilt(
    changing: Chain, changes: list[tuple[str, int, bool]]
) -> None:
    visits = [row[0] for row in changing.sql("select visit_id from visits where tenant_id = :tenant_id order by 1")]
    for kind, number, rolls_up in changes:
        with transaction(changing.engine, Tenancy(changing.tenant_id)) as connection:
            asked = {"tenant_id": changing.tenant_id, "visit_id": visits[number % len(visits)]}
            connection.execute(text(CHANGES[kind]), asked)
        assert told(changing.days()) == told(changing.days(rolled=False)), "what has changed is read as it is now"
        if rolls_up:
            changing.roll_up()
    changing.roll_up()
    incremental = told(changing.days())
    changing.sql("delete from rollup_days where tenant_id = :tenant_id")
    changing.roll_up()
    assert incremental == told(changing.days()) == told(changing.days(rolled=False))
    assert changing.sql("select * from dirty_days where tenant_id = :tenant_id") == []


# As a business day begins at 22:30 in Ho Chi Minh City: one came before it and crossed the line after, one the reverse.
AT_THE_EDGE = """
with door as (
    select tenant_id, site_id, camera_id from cameras where tenant_id = :tenant_id order by site_id, camera_id limit 1
), track as (
    select gen_random_uuid() as track_id, cast(began as timestamptz), cast(ended as timestamptz), crossed from (values
        ('2026-03-19 15:20Z', '2026-03-19 15:40Z', timestamptz '2026-03-19 15:35Z'),
        ('2026-03-19 15:30:01Z', '2026-03-19 15:50Z', timestamptz '2026-03-19 15:29:59Z')
    ) as t (began, ended, crossed)
), seen as (
    insert into sightings (tenant_id, track_id, site_id, camera_id, lease_id, manifest_key, started_at, ended_at,
        direction, outcome, reason, gender, gender_male_weight, gender_weight, detections, shots, recognized_at)
    select tenant_id, track_id, site_id, camera_id, camera_id, '', began, ended, 'in', 'undetermined', 'of_the_tests',
        'unknown', 0, 0, 20, '[]', ended from door, track
)
insert into crossings (tenant_id, track_id, number, site_id, camera_id, "at", direction)
select tenant_id, track_id, 0, site_id, camera_id, crossed, 'in' from door, track
"""


def test_a_track_across_the_edge_of_what_is_read_counts_once(make_chain: MakeChain) -> None:
    made = make_chain("edges", 1, 1, 5)
    made.sql(AT_THE_EDGE)
    edge = datetime(2026, 3, 20).date()  # noqa: DTZ001 - a date
    made.roll_up()
    made.roll_up(span=Range(edge, edge))
    assert made.sql("select time_zone from sites where tenant_id = :tenant_id") == [("Asia/Ho_Chi_Minh",)]
    assert told(made.days()) == told(made.days(rolled=False))


def test_a_large_chain_is_read_in_parts(changing: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    changing.roll_up(span=SPAN)
    table = "select * from rollup_days where tenant_id = :tenant_id order by site_id, day"
    at_once, read = changing.sql(table), list[Collection[UUID]]()

    class Counting(RollupEngine):
        def fetch(
            self, sites: Collection[UUID], since: datetime, until: datetime, *, others: Collection[UUID]
        ) -> list[str]:
            read.append(sites)
            return super().fetch(sites, since, until, others=others)

    monkeypatch.setattr("regulars.steps.roll_up.RollupEngine", Counting)
    monkeypatch.setattr("regulars.steps.roll_up._VISITS_AT_ONCE", 1)
    months = changing.roll_up(span=SPAN)
    assert [len(sites) for sites in read] == [1, 1] * len(months)
    assert changing.sql(table) == at_once


def test_files_have_the_numbers_of_the_chain(changing: Chain, tmp_path: Path) -> None:
    changing.sql("update sightings set ended_at = ended_at + interval '20 hours' where tenant_id = :tenant_id")
    changing.roll_up(span=SPAN)
    numbers = {number for (number,) in changing.sql("select number from visitor_numbers where tenant_id = :tenant_id")}
    visits = parquet(changing, "visits", tmp_path)
    found = {number for (number,) in visits.execute("select visitor from visits where visitor is not null").fetchall()}
    assert found - {0}
    assert found - {0} <= numbers
    dwells = "select typeof(dwell_s), max(dwell_s) > 40000 from visits group by 1"
    assert visits.execute(dwells).fetchall() == [("INTEGER", True)]


def test_a_change_that_is_not_committed_yet_is_waited_for(changing: Chain) -> None:
    changing.roll_up()
    ((visit_id,),) = changing.sql("select visit_id from visits where tenant_id = :tenant_id order by 1 limit 1")
    with transaction(changing.engine, Tenancy(changing.tenant_id)) as connection:
        asked = {"tenant_id": changing.tenant_id, "visit_id": visit_id}
        connection.execute(text(CHANGES["a visit goes"]), asked)
        waiting = changing.sql("select count(*) from dirty_days where tenant_id = :tenant_id")
    assert waiting == [(0,)]
    assert [one.days for one in changing.roll_up()] != []
    assert told(changing.days()) == told(changing.days(rolled=False))


def test_a_new_time_zone_has_all_days_of_the_site_made_again(changing: Chain) -> None:
    changing.sql("update sites set time_zone = 'Australia/Lord_Howe' where tenant_id = :tenant_id")
    assert told(changing.days()) == told(changing.days(rolled=False))
    changing.roll_up()
    assert changing.sql("select * from dirty_days where tenant_id = :tenant_id") == []
    assert told(changing.days()) == told(changing.days(rolled=False))
