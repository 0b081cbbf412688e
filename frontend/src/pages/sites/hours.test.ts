import { expect, test } from "vitest";
import type { OpenHours } from "@/api/schema";
import { inGroups, isOverNight, likeAllWeek, nextSpan, overlap, type Weekday } from "./hours";

function span(weekday: Weekday, opens: string, closes: string): OpenHours {
  return { weekday, opens, closes };
}

test("a bar's night runs into the next day, midnight ends its own", () => {
  expect(isOverNight(span("saturday", "18:00", "02:00"))).toBe(true);
  expect(isOverNight(span("saturday", "18:00", "00:00"))).toBe(false);
  expect(isOverNight(span("saturday", "08:00", "22:00:00"))).toBe(false);
});

test("stretches that touch do not overlap", () => {
  expect(overlap([span("monday", "08:00", "12:00"), span("monday", "12:00", "22:00")])).toBeUndefined();
});

test("stretches overlap on a day, over midnight, and from Sunday night into Monday", () => {
  const noon = span("monday", "11:00", "14:00");
  expect(overlap([noon, span("monday", "13:59", "20:00")])?.[0]).toBe(noon);
  const night = span("friday", "18:00", "02:00");
  expect(overlap([span("saturday", "01:00", "09:00"), night])?.[0]).toBe(night);
  const sunday = span("sunday", "20:00", "03:00");
  expect(overlap([sunday, span("monday", "02:30", "10:00")])?.[0]).toBe(sunday);
});

test("one stretch alone may last a whole day and no longer", () => {
  expect(overlap([span("monday", "08:00", "08:00")])).toBeUndefined();
  expect(overlap([])).toBeUndefined();
});

test("a further stretch does not overlap the day's others", () => {
  const hours = [span("monday", "11:00", "14:00")];
  const more = [...hours, nextSpan(hours, "monday")];
  expect(overlap(more)).toBeUndefined();
  expect(overlap([...more, nextSpan(more, "monday")])).toBeUndefined();
});

test("a day is copied to the whole week, and such a week reads as one group", () => {
  const week = likeAllWeek([span("tuesday", "08:00", "22:00"), span("monday", "09:00", "10:00")], "tuesday");
  expect(week).toHaveLength(7);
  expect(inGroups(week)).toHaveLength(1);
  expect(inGroups(week.slice(0, 5)).map((group) => [group.days.length, group.spans.length])).toEqual([
    [5, 1],
    [2, 0],
  ]);
});
