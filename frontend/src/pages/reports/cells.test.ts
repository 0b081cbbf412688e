import { expect, test } from "vitest";
import type { FigureRow, HeatCell, PeriodFigures } from "@/api/schema";
import { barsOption, hiddenOf } from "./bars";
import { type Cell, cellOf, changeOf, HIDDEN, isPoorlySeen, NONE, pointsOf, shareOf, valued } from "./cells";
import { isComparable } from "./rows";
import { hoursWorth, sumOf, sumsByHour, WEEKDAYS } from "./week";

const of = (value: number): Cell => ({ kind: "value", value });

function heat(visits: number | null, hour: number, day: HeatCell["day_of_week"] = "friday"): HeatCell {
  return { day_of_week: day, hour, visits, hidden: visits === null, coverage: 1 };
}

test("hidden is neither zero nor nothing", () => {
  const row = { visits: 12, new: null, occupancy_peak: null, hidden: ["new"] } as unknown as FigureRow;
  expect([cellOf(row, "visits"), cellOf(row, "new"), cellOf(row, "occupancy_peak")]).toEqual([
    of(12),
    HIDDEN,
    NONE,
  ]);
  expect(valued(0)).toEqual(of(0));
});

test("a change is told of what may be told, against something", () => {
  expect(changeOf(of(110), of(100))).toEqual(of(110 / 100 - 1));
  expect(changeOf(of(0), of(4))).toEqual(of(-1));
  expect([changeOf(of(3), of(0)), changeOf(of(3), NONE), changeOf(NONE, of(3))]).toEqual([NONE, NONE, NONE]);
  expect([changeOf(HIDDEN, of(3)), changeOf(of(3), HIDDEN)]).toEqual([HIDDEN, HIDDEN]);
  const againstNothing = [changeOf(HIDDEN, of(0)), changeOf(HIDDEN, NONE), pointsOf(HIDDEN, NONE)];
  expect(againstNothing).toEqual([NONE, NONE, NONE]);
});

test("a share of what is hidden is hidden, of nobody there is none", () => {
  expect(shareOf(of(1), of(4))).toEqual(of(0.25));
  expect([shareOf(HIDDEN, of(4)), shareOf(of(1), HIDDEN)]).toEqual([HIDDEN, HIDDEN]);
  expect([shareOf(of(0), of(0)), shareOf(HIDDEN, of(0))]).toEqual([NONE, NONE]);
});

test("a sum with hidden parts is the least that it can be", () => {
  expect(sumOf([heat(20, 9), heat(null, 9)])).toEqual({ cell: of(20), atLeast: true });
  expect(sumOf([heat(0, 9), heat(null, 9)])).toEqual({ cell: HIDDEN, atLeast: true });
  expect(sumOf([heat(0, 9), heat(5, 9)])).toEqual({ cell: of(5), atLeast: false });
});

test("hours are shown from the first to the last with anybody, whom one may not be told of, too", () => {
  const all = WEEKDAYS.flatMap((day) => Array.from({ length: 24 }, (_, hour) => heat(0, hour, day)));
  expect(hoursWorth(all)).toEqual(Array.from({ length: 13 }, (_, place) => place + 8));
  const night = all.map((cell) =>
    cell.hour === 2 && cell.day_of_week === "sunday" ? { ...cell, hidden: true } : cell,
  );
  expect(hoursWorth(night)[0]).toBe(2);
  expect(sumsByHour(night)[0]).toEqual({ hour: 2, sum: { cell: HIDDEN, atLeast: true } });
});

test("buckets are striped where a bar is hidden, and dotted where cameras were off", () => {
  const series = [
    { name: "visits", cells: [of(3), HIDDEN, of(0)], colour: "#000" },
    { name: "before", cells: [HIDDEN, of(1), of(1)], colour: "#000", as: "dashes" as const },
  ];
  expect(hiddenOf(series)).toEqual([true, true, false]);
  const drawn = barsOption({
    labels: ["a", "b", "c"].map((name) => ({ short: name, long: name })),
    series,
    unseen: [false, false, true],
    open: [false, false, true],
    write: String,
    words: { hidden: "hidden", unseen: "unseen", stillOpen: "open" },
  })["series"];
  expect(drawn).toMatchObject([
    { name: "unseen", data: [null, null, 1] },
    { name: "hidden", data: [null, 1, null] },
    { name: "visits", data: [3, null, { value: 0 }] },
    { name: "before", type: "line", data: [null, 1, 1] },
  ]);
});

test("cameras that saw nearly all are no warning, nor is a day without opening hours", () => {
  expect([isPoorlySeen(0.95), isPoorlySeen(0.5), isPoorlySeen(null)]).toEqual([false, true, false]);
});

test("a share changes by points of a hundred", () => {
  expect(pointsOf(of(0.5), of(0.25))).toEqual(of(25));
  expect([pointsOf(of(0.5), of(0)), pointsOf(HIDDEN, of(1)), pointsOf(of(1), NONE)]).toEqual([
    of(50),
    HIDDEN,
    NONE,
  ]);
});

test("a period is compared with one that cameras saw about as much of", () => {
  const period = (...coverage: readonly (number | null)[]) =>
    ({ series: coverage.map((one) => ({ coverage: one })) }) as unknown as PeriodFigures;
  expect(isComparable(period(1, 1, null), period(1, 0.2, null))).toBe(true);
  expect(isComparable(period(1, 1, 1), period(null, null, 1))).toBe(false);
  expect(isComparable(period(null), period(null))).toBe(true);
});
