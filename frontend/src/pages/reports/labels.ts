// How the buckets of a report are called: short under a bar, long in tables and beside the pointer.

import type { HeatCell } from "@/api/schema";
import { LOCALES } from "@/words/format";
import type { Language } from "@/words/language";
import { bucketOf, type Days, later, weekBegins } from "./ranges";
import { WEEKDAYS } from "./week";

export interface Label {
  readonly short: string;
  readonly long: string;
}

const MONDAY = "2026-03-02";

export interface Labels {
  readonly bucket: (name: string) => Label;
  readonly hour: (hour: number) => string;
  readonly weekday: (day: HeatCell["day_of_week"]) => Label;
  readonly month: (month: string) => Label;
  readonly range: (days: Days) => string;
}

export function labelsIn(language: Language): Labels {
  const as = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone: "UTC" });
    return (day: string) => format.format(new Date(`${day}T12:00:00Z`));
  };
  const dayShort = as({ day: "numeric", month: "numeric" });
  const dayLong = as({ weekday: "short", day: "numeric", month: "numeric", year: "numeric" });
  const plainDay = as({ day: "numeric", month: "numeric", year: "numeric" });
  const monthShort = as({ month: "numeric", year: "2-digit" });
  const monthLong = as({ month: "long", year: "numeric" });
  // Narrow is "T2" in Vietnamese, but a "T" for two days in English.
  const weekdayShort = as({ weekday: language === "vi" ? "narrow" : "short" });
  const weekdayLong = as({ weekday: "long" });
  const hour = (at: number) => `${at}:00`;
  const weekday = (day: HeatCell["day_of_week"]) => {
    const date = later(MONDAY, WEEKDAYS.indexOf(day));
    return { short: weekdayShort(date), long: weekdayLong(date) };
  };
  const month = (name: string) => ({ short: monthShort(`${name}-01`), long: monthLong(`${name}-01`) });
  const range = ({ from, to }: Days) =>
    from === to ? plainDay(from) : `${plainDay(from)} – ${plainDay(to)}`;
  const week = (name: string) => {
    const from = weekBegins(name);
    return { short: dayShort(from), long: `${name.slice(5)}: ${range({ from, to: later(from, 6) })}` };
  };
  return {
    hour,
    weekday,
    month,
    range,
    bucket: (name) => {
      const bucket = bucketOf(name);
      if (bucket === "hour_of_day")
        return { short: String(Number(name)), long: `${hour(Number(name))}–${hour(Number(name) + 1)}` };
      if (bucket === "day_of_week") return weekday(WEEKDAYS.find((day) => day === name) ?? "monday");
      if (bucket === "month") return month(name);
      return bucket === "week" ? week(name) : { short: dayShort(name), long: dayLong(name) };
    },
  };
}
