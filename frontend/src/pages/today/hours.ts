import type { HourOfDay, Visit } from "@/api/schema";

const ALWAYS_FROM = 8;
const ALWAYS_TO = 20;

/** The hours worth drawing: from the first to the last with anybody, today or usually, and the middle of the day. */
export function hoursShown(hours: readonly HourOfDay[]): readonly HourOfDay[] {
  const busy = hours.filter((one) => one.visits > 0 || (one.usual ?? 0) > 0).map((one) => one.hour);
  const first = Math.min(ALWAYS_FROM, ...busy);
  const last = Math.max(ALWAYS_TO, ...busy);
  return hours.filter((one) => one.hour >= first && one.hour <= last);
}

/** Whether a visit began on the day it is there now: before a shop opens the newest are of the day before. */
export function isOfToday(visit: Pick<Visit, "started_at" | "time_zone">, now: Date): boolean {
  const days = new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeZone: visit.time_zone });
  return days.format(new Date(visit.started_at)) === days.format(now);
}
