import { expect, test } from "vitest";
import {
  bucketOf,
  daysIn,
  daysOf,
  faultOf,
  isOpen,
  PRESETS,
  rangeOf,
  usualBucket,
  weekBegins,
  weekOf,
} from "./ranges";

const TODAY = "2026-03-05";
const NOTHING = { range: "", from: "", to: "" };

test("presets move with today, both ends included", () => {
  expect(daysOf("7d", TODAY)).toEqual({ from: "2026-02-27", to: TODAY });
  expect(daysIn(daysOf("28d", TODAY))).toBe(28);
  expect(daysOf("yesterday", "2026-03-01")).toEqual({ from: "2026-02-28", to: "2026-02-28" });
  expect(daysOf("last_month", TODAY)).toEqual({ from: "2026-02-01", to: "2026-02-28" });
  expect(daysOf("last_month", "2026-01-31")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
  expect(daysOf("quarter", "2026-12-31").from).toBe("2026-10-01");
  expect(daysOf("12m", TODAY)).toEqual({ from: "2025-03-01", to: "2026-02-28" });
  expect(daysOf("year", TODAY).from).toBe("2026-01-01");
});

test.each(PRESETS)("the preset %s is a range that can be asked for, on any day", (preset) => {
  for (const today of ["2024-02-29", "2026-01-01", "2026-12-31"]) {
    const days = daysOf(preset, today);
    expect(faultOf({ ...NOTHING, range: preset }, days)).toBeUndefined();
    expect(days.to <= today).toBe(true);
  }
});

test("a URL names a preset or days; without either the last four weeks are meant", () => {
  expect(rangeOf(NOTHING, TODAY)).toEqual(daysOf("28d", TODAY));
  expect(rangeOf({ ...NOTHING, range: "7d", from: "2020-01-01" }, TODAY)).toEqual(daysOf("7d", TODAY));
  expect(rangeOf({ ...NOTHING, from: "2026-01-02", to: "2026-01-09" }, TODAY)).toEqual({
    from: "2026-01-02",
    to: "2026-01-09",
  });
  expect(rangeOf({ ...NOTHING, range: "fortnight", from: "2026-02-30" }, TODAY)).toEqual(
    daysOf("28d", TODAY),
  );
});

test("what lies ahead of today is left out", () => {
  expect(rangeOf({ ...NOTHING, from: "2026-03-01", to: "2026-03-31" }, TODAY).to).toBe(TODAY);
});

test("what the gateway would refuse is said before it is asked", () => {
  const fault = (from: string, to: string) => faultOf({ range: "", from, to }, { from, to });
  expect(fault(TODAY, "2026-03-04")).toBe("backwards");
  expect(fault("2020-01-01", TODAY)).toBe("too_long");
  expect(fault(TODAY, TODAY)).toBeUndefined();
});

test("a day that the calendar does not have is said, and not taken for another one", () => {
  const fault = (named: object) =>
    faultOf({ ...NOTHING, ...named }, rangeOf({ ...NOTHING, ...named }, TODAY));
  expect(fault({ from: "2026-02-30" })).toBe("no_day");
  expect(fault({ from: "2026-02-01", to: "yesterday" })).toBe("no_day");
  expect(fault({ range: "7d", from: "yesterday" })).toBeUndefined();
  expect(fault({ to: "2026-02-28" })).toBeUndefined();
});

test("long ranges are cut more coarsely", () => {
  const cut = (from: string) => usualBucket({ from, to: "2026-12-31" });
  expect([cut("2026-12-31"), cut("2026-12-04"), cut("2026-09-01"), cut("2026-01-01")]).toEqual([
    "hour_of_day",
    "day",
    "week",
    "month",
  ]);
});

test("weeks are those of ISO 8601, also around the new year", () => {
  expect(weekOf("2026-01-01")).toBe("2026-W01");
  expect(weekOf("2027-01-01")).toBe("2026-W53");
  expect(weekOf("2024-12-30")).toBe("2025-W01");
  expect([weekBegins("2026-W01"), weekBegins("2026-W53"), weekBegins("2025-W01")]).toEqual([
    "2025-12-29",
    "2026-12-28",
    "2024-12-30",
  ]);
});

test("the bucket that today is in is still open", () => {
  expect(["2026-03-05", "2026-W10", "2026-03"].map((name) => isOpen(name, TODAY))).toEqual([
    true,
    true,
    true,
  ]);
  expect(["2026-03-04", "2026-W09", "2025-03", "09", "thursday"].some((name) => isOpen(name, TODAY))).toBe(
    false,
  );
});

test("an answer says itself how it is cut", () => {
  expect(["09", "2026-03-05", "monday", "2026-W10", "2026-03"].map(bucketOf)).toEqual([
    "hour_of_day",
    "day",
    "day_of_week",
    "week",
    "month",
  ]);
});
