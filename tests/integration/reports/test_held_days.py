"""Rolled-up days that a process has read are held in so much memory, and not read again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import apart
from regulars.store.held_columns import HeldColumns, HeldDays
from regulars.store.rollup_columns import rolled_columns, write_days
from regulars.store.session import transaction
from regulars.tenancy import Tenancy
from tests.integration.reports.conftest import NOW, SPAN, Chain, told


def test_days_are_held_up_to_so_much_memory_and_read_from_postgres_once(chain: Chain) -> None:
    def read(held: HeldColumns, span: Range, only: Sequence[UUID] | None = None) -> list[tuple[object, ...]]:
        with transaction(chain.engine, Tenancy(chain.tenant_id)) as connection:
            return told(apart(rolled_columns(connection, chain.tenant_id, only or sites, span, held=held)))

    def sites_in(held: HeldColumns) -> list[HeldDays]:
        return [days for one in sites if (days := held.get(chain.tenant_id, one)) is not None]

    sites = [one.site_id for one in chain.days()][:6]
    march = Range(date(2026, 3, 1), date(2026, 3, 31))
    held, fresh = HeldColumns(10_000_000), read(HeldColumns(0), SPAN)
    assert read(held, march) == read(HeldColumns(0), march)
    of_march = held.get(chain.tenant_id, sites[0])
    assert read(held, SPAN) == fresh
    assert read(held, march) == read(HeldColumns(0), march)
    assert of_march is not None
    whole = held.get(chain.tenant_id, sites[0])
    assert read(held, SPAN) == fresh
    assert whole is held.get(chain.tenant_id, sites[0]), "nothing new, nothing read"
    assert whole is not None
    small = HeldColumns(2 * sum(whole.memory.values()) + 1)
    for site_id in sites:
        read(small, SPAN, [site_id])
    assert len(sites_in(small)) in (1, 2)
    at_once = HeldColumns(10_000_000)
    assert read(at_once, SPAN) == fresh
    memory = {piece: size for one in sites_in(at_once) for piece, size in one.memory.items()}
    for most_bytes, held_sites in ((sum(memory.values()), len(sites)), (max(memory.values()) - 1, 0)):
        small = HeldColumns(most_bytes)
        assert read(small, SPAN) == fresh
        assert len(sites_in(small)) == held_sites, "what was read together is freed together"


def test_long_stays_and_full_hours_are_read_as_they_were_written(chain: Chain) -> None:
    days = [one for one in chain.days() if one.visits.size > 3][:3]
    for one, longest_s, most in zip(days, (2**15 - 1, 2**15, 90_000), (2**16 - 1, 2**16, 100_000), strict=True):
        one.visits.dwell_s[:3] = (-1, longest_s, 0)
        one.hours[0, 12] = most
    with transaction(chain.engine, Tenancy(chain.tenant_id)) as connection:
        write_days(connection, chain.tenant_id, days, NOW)
        sites = {one.site_id for one in days}
        read = apart(rolled_columns(connection, chain.tenant_id, list(sites), SPAN, held=HeldColumns(0)))
        connection.rollback()
    wanted = {(one.site_id, one.day) for one in days}
    assert told([one for one in read if (one.site_id, one.day) in wanted]) == told(days)
