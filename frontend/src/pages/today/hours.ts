import type { HourOfDay } from "@/api/schema";

const ALWAYS_FROM = 8;
const ALWAYS_TO = 20;

/** The hours worth drawing: from the first to the last with anybody, today or usually, and the middle of the day. */
export function hoursShown(hours: readonly HourOfDay[]): readonly HourOfDay[] {
  const busy = hours.filter((one) => one.visits > 0 || (one.usual ?? 0) > 0).map((one) => one.hour);
  const first = Math.min(ALWAYS_FROM, ...busy);
  const last = Math.max(ALWAYS_TO, ...busy);
  return hours.filter((one) => one.hour >= first && one.hour <= last);
}
