"""How a file calls days, buckets and numbers: in the language of the report."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from regulars.domain.opening_hours import WEEKDAYS
from regulars.domain.reports.buckets import Bucket, Range
from regulars.rendering.words import WORDS, Words
from regulars.store.tenants import Language

Form = Literal["text", "count", "ratio", "seconds", "share"]
_MINUTE_S = 60
_DAYS: list[str] = list(WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language."""

    language: Language

    @property
    def words(self) -> Words:
        """The words of the language."""
        return WORDS[self.language]

    def day(self, day: date) -> str:
        """Return a day with its year."""
        if self.language == "vi":
            return f"{day:%d/%m/%Y}"
        return f"{day.day} {self.words.months_short[day.month - 1]} {day.year}"

    def moment(self, at: datetime) -> str:
        """Return a moment by the clock of its own zone, which is named."""
        return f"{self.day(at.date())} {at:%H:%M} ({at.tzinfo})"

    def span(self, span: Range) -> str:
        """Return a range of days."""
        return self.day(span.first) if span.days == 1 else f"{self.day(span.first)} – {self.day(span.last)}"

    def bucket(self, bucket: Bucket, name: str) -> str:
        """Return a bucket's name (`2026-03-02`, `09`, `monday`, `2026-W10`, `2026-03`) as a table says it."""
        match bucket:
            case "total":
                return self.words.buckets["total"]
            case "hour_of_day":
                return f"{int(name)}:00–{int(name) + 1}:00"
            case "day_of_week":
                return self.words.weekdays[_DAYS.index(name)]
            case "day":
                day = date.fromisoformat(name)
                return f"{self.words.weekdays_short[day.weekday()]} {self.day(day)}"
            case "week":
                monday = self.bucket_short("week", name)
                sunday = self.day(_monday(name) + timedelta(days=6))
                return f"{self.words.week.format(week=int(name[6:]))}: {monday} – {sunday}"
            case "month":
                return self.month(name)

    def bucket_short(self, bucket: Bucket, name: str) -> str:
        """Return a bucket's name as it stands under a bar."""
        match bucket:
            case "hour_of_day":
                return str(int(name))
            case "day_of_week":
                return self.words.weekdays_short[_DAYS.index(name)]
            case "day" | "week":
                day = date.fromisoformat(name) if bucket == "day" else _monday(name)
                return (
                    f"{day:%d/%m}" if self.language == "vi" else f"{day.day} {self.words.months_short[day.month - 1]}"
                )
            case "month":
                return f"{self.words.months_short[int(name[5:]) - 1]} {name[2:4]}"
            case "total":
                return ""

    def month(self, name: str) -> str:
        """Return a month (`2026-03`)."""
        joined = "/" if self.language == "vi" else " "
        return f"{self.words.months[int(name[5:]) - 1]}{joined}{name[:4]}"

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as the language writes it."""
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "vi" else text

    def share(self, value: float) -> str:
        """Return a share, 0 to 1, in hundredths; what is less than all is never said to be all."""
        percent = min(round(value * 100), 99) if value < 1 else round(value * 100)
        return f"{self.number(percent)}%"

    def change(self, now: float, then: float) -> str:
        """Return by how much of what it was a figure has changed."""
        percent = round((now / then - 1) * 100)
        return f"{'+' if percent > 0 else '−' if percent < 0 else '±'}{self.number(abs(percent))}%"

    def value(self, value: str | float, form: Form) -> str:
        """Return a figure as a page shows it; seconds are shown in minutes."""
        if isinstance(value, str):
            return value
        match form:
            case "share":
                return self.share(value)
            case "seconds":
                return self.number(value / _MINUTE_S, 1)
            case "ratio":
                return self.number(value, 2)
            case "count" | "text":
                return self.number(value)


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
