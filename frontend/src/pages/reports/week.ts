// The heat map of a week as rows and columns, and its sums by hour and by day.

import type { HeatCell } from "@/api/schema";
import { type Cell, HIDDEN, NONE, valued } from "./cells";

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const satisfies readonly HeatCell["day_of_week"][];
const FIRST_SHOWN = 8;
const LAST_SHOWN = 20;

export function cellOfHeat(cell: HeatCell): Cell {
  return cell.hidden ? HIDDEN : valued(cell.visits);
}

/** The hours worth showing: from the first to the last with anybody, and the middle of the day. */
export function hoursWorth(heat: readonly HeatCell[]): readonly number[] {
  const busy = heat.filter((cell) => cell.hidden || (cell.visits ?? 0) > 0).map((cell) => cell.hour);
  const first = Math.min(FIRST_SHOWN, ...busy);
  const last = Math.max(LAST_SHOWN, ...busy);
  return Array.from({ length: last - first + 1 }, (_, place) => first + place);
}

/** A sum of which parts may be hidden: then it is the least that it can be. */
export interface Sum {
  readonly cell: Cell;
  readonly atLeast: boolean;
}

/** The sum of some cells of the heat map; hidden when all that is not empty is. */
export function sumOf(cells: readonly HeatCell[]): Sum {
  const shown = cells.filter((cell) => !cell.hidden);
  const visits = shown.reduce((sum, cell) => sum + (cell.visits ?? 0), 0);
  const atLeast = shown.length < cells.length;
  if (cells.length === 0) return { cell: NONE, atLeast: false };
  return { cell: atLeast && visits === 0 ? HIDDEN : { kind: "value", value: visits }, atLeast };
}

export function sumsByHour(heat: readonly HeatCell[]): readonly { hour: number; sum: Sum }[] {
  return hoursWorth(heat).map((hour) => ({ hour, sum: sumOf(heat.filter((cell) => cell.hour === hour)) }));
}

export function sumsByDay(heat: readonly HeatCell[]): readonly { day: HeatCell["day_of_week"]; sum: Sum }[] {
  return WEEKDAYS.map((day) => ({ day, sum: sumOf(heat.filter((cell) => cell.day_of_week === day)) }));
}
