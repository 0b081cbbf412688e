// Calendar days of a site's zone as moments, for filters that are days in the URL and moments in the query.

import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";

dayjs.extend(utc);
dayjs.extend(timezone);

/** What counts as today's zone where no site is there yet. */
export const USUAL_ZONE = "Asia/Ho_Chi_Minh";

/** When a day, `2026-11-22`, begins in the zone; `later` days after it. */
export function dayBegins(day: string, zone: string, later = 0): string {
  return dayjs.tz(day, zone).add(later, "day").startOf("day").toISOString();
}

/** The last moment of a day in the zone. */
export function dayEnds(day: string, zone: string): string {
  return dayjs(dayBegins(day, zone, 1))
    .subtract(1, "millisecond")
    .toISOString();
}

/** The day it is in the zone at a moment. */
export function dayAt(moment: Date, zone: string): string {
  return dayjs(moment).tz(zone).format("YYYY-MM-DD");
}

/** A moment on a day at an hour of the zone's clock. */
export function hourOf(day: string, hour: number, zone: string): string {
  return dayjs.tz(`${day}T${String(hour).padStart(2, "0")}:00:00`, zone).toISOString();
}

/** The query's `from` and `to` for the days chosen, both included; an empty one is left out. */
export function between(from: string, to: string, zone: string): { from?: string; to?: string } {
  return {
    ...(isDay(from) ? { from: dayBegins(from, zone) } : {}),
    ...(isDay(to) ? { to: dayBegins(to, zone, 1) } : {}),
  };
}

/** Says whether the calendar has such a day, written `2026-11-22`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayjs.utc(text).format("YYYY-MM-DD") === text;
}
