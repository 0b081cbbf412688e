"""`python -m tests.bench.reports --name …`: how long a tenant's reports take, read and counted as the gateway does."""

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial

from regulars.domain.reports.buckets import Bucket, Range
from regulars.domain.reports.report import Asked, make_report
from regulars.settings import load_settings
from regulars.store.rollups import days_of
from regulars.store.session import transaction
from regulars.store.tenants import list_sites, list_tenants
from regulars.tenancy import PLATFORM, Tenancy
from regulars.wiring import engine

QUESTIONS: list[tuple[str, int, Bucket, bool]] = [
    ("a week by day", 7, "day", False),
    ("a month by day", 30, "day", False),
    ("a month by day, for an analyst", 30, "day", True),
    ("a quarter by week", 91, "week", False),
    ("13 months by month", 395, "month", False),
    ("13 months by hour of day", 395, "hour_of_day", False),
]


def main() -> None:
    """Print median, 95th percentile and this process's own work for each question, with both comparisons, all sites."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="Simulated chain")
    parser.add_argument("--times", type=int, default=20)
    arguments = parser.parse_args()
    database, now = engine(load_settings(("database_url",))), datetime.now(UTC)
    with transaction(database, PLATFORM) as connection:
        tenant_id = next(one.tenant_id for one in list_tenants(connection) if one.name == arguments.name)
    for question, days, bucket, few_hidden in QUESTIONS:
        span = Range((now - timedelta(days=days)).date(), (now - timedelta(days=1)).date())
        took_ms: list[float] = []
        work_ms: list[float] = []
        for _ in range(arguments.times):
            begun_s, work_s = time.perf_counter(), time.process_time()
            with transaction(database, Tenancy(tenant_id)) as connection:
                sites = list_sites(connection, tenant_id)
                read = partial(days_of, connection, tenant_id, sites, now=now)
                make_report(Asked(span, bucket, k=10 if few_hidden else None), read)
            took_ms.append((time.perf_counter() - begun_s) * 1000)
            work_ms.append((time.process_time() - work_s) * 1000)
        p95_ms = sorted(took_ms)[max(0, round(0.95 * len(took_ms)) - 1)]
        told = f"median {statistics.median(took_ms):6.0f} ms   p95 {p95_ms:6.0f} ms"
        sys.stdout.write(f"{question:<32} {told}   work {statistics.median(work_ms):6.0f} ms\n")


if __name__ == "__main__":
    main()
