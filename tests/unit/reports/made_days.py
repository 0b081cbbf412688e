"""Site-days for tests, made from plain rows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from regulars.domain.opening_hours import OpeningHours
from regulars.domain.reports.site_days import CameraWatch, SiteDay, SiteRows, days_of_site, kind_of
from regulars.domain.visits import VisitRule

SITE = UUID(int=1)
Row = tuple[datetime, int, str, str, int]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def made_days(
    visits: Sequence[Row],
    days: Sequence[date],
    *,
    zone: str = "UTC",
    hours: OpeningHours = (),
    site_id: UUID = SITE,
    movements: Sequence[tuple[datetime, bool]] = (),
    tracks: Sequence[tuple[datetime, bool]] = (),
    cameras: Sequence[CameraWatch] = (),
) -> list[SiteDay]:
    """Visits are (began, visitor, status, gender, dwell_s); movements (at, came in); tracks (at, rejected)."""
    rows = SiteRows(
        {
            "at_us": _at_us([row[0] for row in visits]),
            "visitor": np.array([row[1] for row in visits], dtype=np.int32),
            "kind": np.array([kind_of(row[2], row[3]) for row in visits], dtype=np.uint8),
            "dwell_s": np.array([row[4] for row in visits], dtype=np.int32),
        },
        {
            "at_us": _at_us([at for at, _ in movements]),
            "came_in": np.array([came_in for _, came_in in movements], dtype=bool),
        },
        {
            "at_us": _at_us([at for at, _ in tracks]),
            "rejected": np.array([rejected for _, rejected in tracks], dtype=bool),
        },
        cameras,
    )
    return days_of_site(site_id, VisitRule(1800, ZoneInfo(zone), hours), rows, days)


def _at_us(moments: Sequence[datetime]) -> NDArray[np.int64]:
    return np.array([round(at.timestamp() * 1e6) for at in moments], dtype=np.int64)
