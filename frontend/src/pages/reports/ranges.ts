// Which days a report is of: presets that move with today, or two days chosen; and how they are cut.

import type { operations } from "@/api/schema";
import { isDay } from "@/parts/days";

export type ReportQuery = NonNullable<operations["read_report"]["parameters"]["query"]>;
export type Bucket = Exclude<NonNullable<ReportQuery["bucket"]>, "total">;

export const PRESETS = [
  "today",
  "yesterday",
  "7d",
  "28d",
  "month",
  "last_month",
  "quarter",
  "12m",
  "year",
] as const;
export type Preset = (typeof PRESETS)[number];
export const USUAL_PRESET: Preset = "28d";
export const BUCKETS: readonly Bucket[] = ["hour_of_day", "day", "day_of_week", "week", "month"];
/** The longest range that the gateway answers. */
export const LONGEST_DAYS = 1100;

/** Days of the sites' calendars as `2026-11-22`, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

function moment(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function told(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The day so many days later. */
export function later(day: string, days: number): string {
  return told(new Date(moment(day).getTime() + days * DAY_MS));
}

/** How many days a range has, both ends included. */
export function daysIn({ from, to }: Days): number {
  return Math.round((moment(to).getTime() - moment(from).getTime()) / DAY_MS) + 1;
}

/** The first day of the month that lies so many months after the day's. */
function monthBegins(day: string, months: number): string {
  const at = moment(day);
  return told(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)));
}

/** The days of a preset, seen from today. */
export function daysOf(preset: Preset, today: string): Days {
  switch (preset) {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: later(today, -1), to: later(today, -1) };
    case "7d":
      return { from: later(today, -6), to: today };
    case "28d":
      return { from: later(today, -27), to: today };
    case "month":
      return { from: monthBegins(today, 0), to: today };
    case "last_month":
      return { from: monthBegins(today, -1), to: later(monthBegins(today, 0), -1) };
    case "quarter":
      return { from: monthBegins(today, -(moment(today).getUTCMonth() % 3)), to: today };
    case "12m":
      return { from: monthBegins(today, -12), to: later(monthBegins(today, 0), -1) };
    case "year":
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
  }
}

/** The range that a URL names: a preset, or days; what lies ahead of today is left out. */
export function rangeOf(named: { range: string; from: string; to: string }, today: string): Days {
  const preset = PRESETS.find((one) => one === named.range);
  if (preset) return daysOf(preset, today);
  if (!isDay(named.from) && !isDay(named.to)) return daysOf(USUAL_PRESET, today);
  const to = isDay(named.to) && named.to < today ? named.to : today;
  return { from: isDay(named.from) ? named.from : to, to };
}

/** What is wrong with the days that a URL names: what is no day at all, or no range that the gateway answers. */
export function faultOf(
  named: { range: string; from: string; to: string },
  days: Days,
): "no_day" | "backwards" | "too_long" | undefined {
  const isPreset = PRESETS.some((one) => one === named.range);
  if (!isPreset && [named.from, named.to].some((day) => day !== "" && !isDay(day))) return "no_day";
  const count = daysIn(days);
  if (count < 1) return "backwards";
  return count > LONGEST_DAYS ? "too_long" : undefined;
}

/** How a range is cut where nobody has chosen: into about as many pieces as one can read. */
export function usualBucket(days: Days): Bucket {
  const count = daysIn(days);
  if (count <= 2) return "hour_of_day";
  if (count <= 62) return "day";
  return count <= 200 ? "week" : "month";
}

/** The ISO week of a day, as the gateway names it: `2026-W10`. */
export function weekOf(day: string): string {
  const weekday = (moment(day).getUTCDay() + 6) % 7;
  const thursday = later(day, 3 - weekday);
  const first = `${thursday.slice(0, 4)}-01-01`;
  const week = Math.floor((daysIn({ from: first, to: thursday }) - 1) / 7) + 1;
  return `${thursday.slice(0, 4)}-W${String(week).padStart(2, "0")}`;
}

/** The Monday of an ISO week. */
export function weekBegins(week: string): string {
  const [year = "", number = ""] = week.split("-W");
  const fourth = `${year}-01-04`;
  const weekday = (moment(fourth).getUTCDay() + 6) % 7;
  return later(fourth, -weekday + (Number(number) - 1) * 7);
}

/** How a series is cut, by the name of one of its buckets: an answer may be of an earlier question. */
export function bucketOf(name: string): Bucket {
  if (/^\d{2}$/.test(name)) return "hour_of_day";
  if (/^\d{4}-\d{2}$/.test(name)) return "month";
  if (/^\d{4}-W/.test(name)) return "week";
  return isDay(name) ? "day" : "day_of_week";
}

/** Says whether a bucket goes on growing because today is in it. */
export function isOpen(name: string, today: string): boolean {
  const bucket = bucketOf(name);
  if (bucket === "day") return name === today;
  if (bucket === "week") return name === weekOf(today);
  return bucket === "month" && name === today.slice(0, 7);
}
