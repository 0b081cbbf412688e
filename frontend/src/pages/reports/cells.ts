// One figure of a report: a number, hidden because it would tell of too few people, or nothing to be said.

import type { FigureRow } from "@/api/schema";

export type Cell =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "hidden" }
  | { readonly kind: "none" };

type Numbers = Omit<FigureRow, "name" | "hidden">;
export type FigureName = keyof Numbers;
export const HIDDEN: Cell = { kind: "hidden" };
export const NONE: Cell = { kind: "none" };

export function valued(value: number | null | undefined): Cell {
  return value === null || value === undefined ? NONE : { kind: "value", value };
}

export function cellOf(row: FigureRow, name: FigureName): Cell {
  return row.hidden.includes(name) ? HIDDEN : valued(row[name]);
}

/** The number to draw; nothing is drawn for what is hidden. */
export function drawn(cell: Cell): number | null {
  return cell.kind === "value" ? cell.value : null;
}

/** For sorting: what has no number comes first. */
export function sortable(cell: Cell): number {
  return cell.kind === "value" ? cell.value : -1;
}

/** Part of a whole, where both may be told. */
export function shareOf(part: Cell, whole: Cell): Cell {
  if (part.kind === "none" || whole.kind === "none") return NONE;
  if (whole.kind === "value" && whole.value === 0) return NONE;
  if (part.kind === "hidden" || whole.kind === "hidden") return HIDDEN;
  return { kind: "value", value: part.value / whole.value };
}

/** How much a figure has changed, as a share of what it was; `none` where there was nothing to compare with. */
export function changeOf(now: Cell, then: Cell): Cell {
  if (now.kind === "none" || then.kind === "none") return NONE;
  if (then.kind === "value" && then.value === 0) return NONE;
  if (now.kind === "hidden" || then.kind === "hidden") return HIDDEN;
  return { kind: "value", value: now.value / then.value - 1 };
}

/** How many points of a hundred a share has changed. */
export function pointsOf(now: Cell, then: Cell): Cell {
  if (now.kind === "none" || then.kind === "none") return NONE;
  if (now.kind === "hidden" || then.kind === "hidden") return HIDDEN;
  return { kind: "value", value: (now.value - then.value) * 100 };
}

/** Below this share of the hours that cameras should have seen, a bucket is marked as not wholly seen. */
export const SEEN_WELL = 0.9;

export function isPoorlySeen(coverage: number | null): boolean {
  return coverage !== null && coverage < SEEN_WELL;
}
