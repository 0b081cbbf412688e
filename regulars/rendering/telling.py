"""What a report's file tells, sheets and pages alike: its tables, with what is hidden and what cameras did not see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domain.opening_hours import WEEKDAYS
from regulars.domain.reports.report import Asked, Report, Row
from regulars.rendering.labels import Form, Labels
from regulars.rendering.words import Words

SEEN_WELL = 0.9
"""Below this share of the hours that cameras should have seen, a row is marked as not wholly seen."""
FORMS: dict[str, Form] = {
    "visits": "count",
    "new": "count",
    "returning": "count",
    "undetermined": "count",
    "male": "count",
    "female": "count",
    "unknown": "count",
    "visitors": "count",
    "new_visitors": "count",
    "returning_visitors": "count",
    "visits_per_visitor": "ratio",
    "dwell_visits": "count",
    "dwell_mean_s": "seconds",
    "dwell_median_s": "seconds",
    "came_in": "count",
    "went_out": "count",
    "staff_tracks": "count",
    "rejected_tracks": "count",
    "occupancy_peak": "count",
    "occupancy_mean": "ratio",
    "coverage": "share",
}
"""The figures of a row in the order of files."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure, a name, or None where nothing can be said. `unseen`: cameras saw too little of what it counts."""

    value: str | float | None
    hidden: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """`name` as in JSON, `title` as people read it."""

    name: str
    title: str
    form: Form


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the file; `name` is that of the CSV with the same numbers."""

    name: str
    title: str
    columns: list[Column]
    rows: list[list[Cell]]

    def only(self, *names: str) -> "Table":
        """Return the table with these of its columns."""
        kept = [place for place, column in enumerate(self.columns) if column.name in names]
        columns = [self.columns[place] for place in kept]
        return Table(self.name, self.title, columns, [[row[place] for place in kept] for row in self.rows])


@dataclass(frozen=True, slots=True)
class Telling:
    """A report and how it is told. `chain` is its name, `made_at` aware in the zone that it is shown in.

    `all_sites`: not of some that were picked.
    """

    chain: str
    asked: Asked
    report: Report
    site_names: dict[UUID, str]
    all_sites: bool
    labels: Labels
    made_at: datetime

    @property
    def words(self) -> Words:
        """The words of its language."""
        return self.labels.words

    @property
    def filters(self) -> str:
        """Say in a line what the report is of, but for its days."""
        named = ", ".join(self.site_names.values())
        many = self.words.sites.format(count=self.labels.number(len(self.site_names)))
        told = [self.words.all_sites if self.all_sites else named if len(self.site_names) <= 3 else many]
        if band := self.asked.band:
            told.append(self.words.hours.format(first=band.first, end=band.end or 24))
        if self.asked.gender:
            told.append(self.words.gender.format(gender=self.words.genders[self.asked.gender]))
        told.append(self.words.cut_by.format(bucket=self.words.buckets[self.asked.bucket]))
        return " · ".join(told)

    @property
    def notes(self) -> list[str]:
        """Say how the file is to be read."""
        hidden = [self.words.hidden_note.format(k=self.asked.k)] if self.asked.k else []
        unseen = self.words.unseen_note.format(least=self.labels.share(SEEN_WELL))
        return [*hidden, unseen, self.words.visitors_note, self.words.meaning_note]


def tables_of(telling: Telling) -> list[Table]:
    """Return every table of the report, in the order of the file."""
    return [_summary(telling), _series(telling), _sites(telling), _heat(telling), _cohorts(telling), _recency(telling)]


def figure(row: Row, name: str) -> Cell:
    """Return one figure of a row."""
    unseen = poorly_seen(row.figures.coverage)
    if name in row.hidden:
        return Cell(None, hidden=True, unseen=unseen)
    return Cell(getattr(row.figures, name), unseen=unseen)


def poorly_seen(coverage: float | None) -> bool:
    """Say whether cameras saw too little; nothing to see is not too little."""
    return coverage is not None and coverage < SEEN_WELL


def _summary(telling: Telling) -> Table:
    words, report = telling.words, telling.report
    periods = [("now", words.now, report.now), ("before", words.before, report.before)]
    if report.last_year:
        periods.append(("last_year", words.last_year, report.last_year))
    columns = [Column("figure", words.columns["figure"], "text")]
    columns += [Column(name, f"{title}: {telling.labels.span(period.span)}", "text") for name, title, period in periods]
    rows = [[Cell(words.figures[name]), *(figure(period.total, name) for _, _, period in periods)] for name in FORMS]
    return Table("summary", words.tables["summary"], columns, rows)


def _figures(telling: Telling, first: Column) -> list[Column]:
    return [first, *(Column(name, telling.words.figures[name], form) for name, form in FORMS.items())]


def _rows(named: Sequence[tuple[str, Row]]) -> list[list[Cell]]:
    return [
        [Cell(name, unseen=poorly_seen(row.figures.coverage)), *(figure(row, one) for one in FORMS)]
        for name, row in named
    ]


def _series(telling: Telling) -> Table:
    columns = _figures(telling, Column("name", telling.words.columns["name"], "text"))
    named = [(telling.labels.bucket(telling.asked.bucket, row.name), row) for row in telling.report.now.series]
    return Table("series", telling.words.tables["series"], columns, _rows(named))


def _sites(telling: Telling) -> Table:
    columns = _figures(telling, Column("name", telling.words.columns["site"], "text"))
    named = [(telling.site_names[site_id], row) for site_id, row in telling.report.sites]
    return Table("sites", telling.words.tables["sites"], columns, _rows(named))


def _heat(telling: Telling) -> Table:
    heat = telling.report.heat
    columns = [Column("day_of_week", telling.words.columns["day_of_week"], "text")]
    columns += [Column(f"{hour:02}", f"{hour}:00", "count") for hour in range(24)]

    def cell(day: int, hour: int) -> Cell:
        hidden, coverage = bool(heat.hidden[day, hour]), float(heat.coverage[day, hour])
        # Nothing to see is not a number, and less than nothing.
        return Cell(None if hidden else int(heat.visits[day, hour]), hidden, coverage < SEEN_WELL)

    rows = [
        [Cell(telling.words.weekdays[day]), *(cell(day, hour) for hour in range(24))] for day in range(len(WEEKDAYS))
    ]
    return Table("heat_map", telling.words.tables["heat_map"], columns, rows)


def _cohorts(telling: Telling) -> Table:
    """Files tell shares, as whoever may only see sums is told: the numbers would tell of few people."""
    cohorts = telling.report.cohorts
    width = max((len(one.came_again) for one in cohorts), default=0)
    columns = [Column("month", telling.words.columns["month"], "text")]
    columns += [
        Column(f"share_{later}", telling.words.months_later.format(number=later), "share")
        for later in range(1, width + 1)
    ]

    def shares(place: int) -> Iterator[Cell]:
        one, few = cohorts[place], telling.report.few[place][1:]
        for count, is_few in zip(one.came_again, few, strict=True):
            yield Cell(None, hidden=True) if is_few else Cell(round(count / one.size, 2))
        yield from [Cell(None)] * (width - len(one.came_again))

    rows = [[Cell(telling.labels.month(one.month)), *shares(place)] for place, one in enumerate(cohorts)]
    return Table("cohorts", telling.words.tables["cohorts"], columns, rows)


def _recency(telling: Telling) -> Table:
    words, report = telling.words, telling.report
    until, or_more = words.days_ago
    rows = [
        [
            Cell(
                or_more.format(first=one.from_days)
                if one.to_days is None
                else until.format(first=one.from_days, last=one.to_days)
            ),
            Cell(None if hidden else one.visitors, hidden),
        ]
        for one, hidden in zip(report.recency, report.recency_hidden, strict=True)
    ]
    columns = [Column("ago", words.columns["ago"], "text"), Column("visitors", words.figures["visitors"], "count")]
    return Table("recency", words.tables["recency"], columns, rows)
