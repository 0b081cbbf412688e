import { expect, test } from "vitest";
import { between, dayAt, dayBegins, dayEnds, hourOf, isDay } from "./days";

test("a day begins by the site's clock, whatever the browser's is", () => {
  expect(dayBegins("2026-11-22", "Asia/Ho_Chi_Minh")).toBe("2026-11-21T17:00:00.000Z");
  expect(dayAt(new Date("2026-11-21T18:00:00Z"), "Asia/Ho_Chi_Minh")).toBe("2026-11-22");
  expect(hourOf("2026-11-22", 9, "Asia/Ho_Chi_Minh")).toBe("2026-11-22T02:00:00.000Z");
});

test("the day on which the clock is put back has 25 hours", () => {
  const [begins, ends] = [
    dayBegins("2026-10-25", "Europe/Berlin"),
    dayBegins("2026-10-25", "Europe/Berlin", 1),
  ];
  expect((Date.parse(ends) - Date.parse(begins)) / 3_600_000).toBe(25);
});

test("a day's last moment is of that day by the site's clock", () => {
  expect(dayEnds("2026-11-22", "Asia/Ho_Chi_Minh")).toBe("2026-11-22T16:59:59.999Z");
  expect(dayEnds("2026-10-25", "Europe/Berlin")).toBe("2026-10-25T22:59:59.999Z");
});

test("only what the calendar has is a day", () => {
  expect(["2026-02-28", "2024-02-29"].map(isDay)).toEqual([true, true]);
  expect(["2026-02-29", "2026-13-01", "2026-3-1", "x", ""].map(isDay)).toEqual(Array(5).fill(false));
});

test("both days of a range count, and what is no day is left out", () => {
  expect(between("2026-11-21", "2026-11-22", "Asia/Ho_Chi_Minh")).toEqual({
    from: "2026-11-20T17:00:00.000Z",
    to: "2026-11-22T17:00:00.000Z",
  });
  expect(between("2026-02-31", "yesterday", "Asia/Ho_Chi_Minh")).toEqual({});
});
