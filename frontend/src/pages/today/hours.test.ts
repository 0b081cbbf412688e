import { expect, test } from "vitest";
import { hoursShown, isOfToday } from "./hours";

function day(visits: Readonly<Record<number, number>>) {
  return Array.from({ length: 24 }, (_, hour) => ({ hour, visits: visits[hour] ?? 0, usual: null }));
}

test("an empty day shows the middle of the day", () => {
  const shown = hoursShown(day({})).map((one) => one.hour);
  expect([shown[0], shown.at(-1)]).toEqual([8, 20]);
});

test("a shop that opens early and closes late is shown whole", () => {
  const shown = hoursShown(day({ 5: 2, 23: 1 })).map((one) => one.hour);
  expect([shown[0], shown.at(-1), shown.length]).toEqual([5, 23, 19]);
});

test("a visit is of today by the shop's clock", () => {
  const visit = { started_at: "2026-11-29T15:00:00Z", time_zone: "Asia/Ho_Chi_Minh" };
  expect(isOfToday(visit, new Date("2026-11-29T16:59:00Z"))).toBe(true);
  expect(isOfToday(visit, new Date("2026-11-29T17:00:00Z"))).toBe(false);
});
