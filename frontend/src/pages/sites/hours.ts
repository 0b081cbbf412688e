// Opening hours as one edits them: a week of stretches, each of which may run past midnight.

import type { OpenHours } from "@/api/schema";

export type Weekday = OpenHours["weekday"];
export const WEEKDAYS: readonly Weekday[] = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
];
/** The gateway takes no more in a week. */
export const MOST_SPANS = 42;
const MINUTES_A_DAY = 24 * 60;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;

/** `22:30` of `22:30:00`: times of day go without seconds. */
export function shortTime(time: string): string {
  return time.slice(0, 5);
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Whether a stretch ends on the day after the one it begins on; midnight itself ends the day. */
export function isOverNight(span: OpenHours): boolean {
  return minutes(span.closes) <= minutes(span.opens) && minutes(span.closes) !== 0;
}

/** The stretches of a weekday, the earliest first. */
export function ofDay(hours: readonly OpenHours[], weekday: Weekday): readonly OpenHours[] {
  return hours
    .filter((span) => span.weekday === weekday)
    .sort((one, other) => minutes(one.opens) - minutes(other.opens));
}

/** A further stretch for a weekday: a whole day on an empty one, else after the last or before the first. */
export function nextSpan(hours: readonly OpenHours[], weekday: Weekday): OpenHours {
  const spans = ofDay(hours, weekday);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return { weekday, opens: "08:00", closes: "22:00" };
  return minutes(last.closes) > minutes(last.opens) && minutes(last.closes) < 22 * 60
    ? { weekday, opens: shortTime(last.closes), closes: "22:00" }
    : { weekday, opens: "06:00", closes: shortTime(first.opens) };
}

/** The whole week as this one day. */
export function likeAllWeek(hours: readonly OpenHours[], weekday: Weekday): OpenHours[] {
  const spans = ofDay(hours, weekday);
  return WEEKDAYS.flatMap((day) => spans.map((span) => ({ ...span, weekday: day })));
}

/** Two stretches that overlap, also from Sunday night into Monday; undefined when none do. As the gateway checks. */
export function overlap(hours: readonly OpenHours[]): readonly [OpenHours, OpenHours] | undefined {
  const spans = hours
    .map((span) => {
      const begin = WEEKDAYS.indexOf(span.weekday) * MINUTES_A_DAY + minutes(span.opens);
      const long = minutes(span.closes) - minutes(span.opens);
      return { span, begin, end: begin + (long > 0 ? long : long + MINUTES_A_DAY) };
    })
    .sort((one, other) => one.begin - other.begin);
  for (const [place, before] of spans.entries()) {
    const after = spans[(place + 1) % spans.length];
    if (!after) continue;
    const begin = after.begin + (place + 1 === spans.length ? MINUTES_A_WEEK : 0);
    if (before.end > begin) return [before.span, after.span];
  }
  return undefined;
}

export interface SameDays {
  readonly days: readonly Weekday[];
  readonly spans: readonly OpenHours[];
}

/** The week for reading: neighbouring days with the same hours together. */
export function inGroups(hours: readonly OpenHours[]): readonly SameDays[] {
  const groups: { days: Weekday[]; spans: readonly OpenHours[]; told: string }[] = [];
  for (const day of WEEKDAYS) {
    const spans = ofDay(hours, day);
    const told = spans.map((span) => `${shortTime(span.opens)}-${shortTime(span.closes)}`).join(" ");
    const last = groups.at(-1);
    if (last?.told === told) last.days.push(day);
    else groups.push({ days: [day], spans, told });
  }
  return groups;
}
