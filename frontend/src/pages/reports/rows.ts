// A report's buckets and sites as rows that are drawn and listed alike.

import type { FigureRow, PeriodFigures, ReportPage } from "@/api/schema";
import { type Cell, cellOf, type FigureName, isPoorlySeen, NONE, SEEN_WELL } from "./cells";
import type { Label, Labels } from "./labels";
import { isOpen } from "./ranges";

export interface Row {
  readonly key: string;
  readonly label: Label;
  readonly open: boolean;
  readonly figures: FigureRow;
  /** Visits of the bucket in the same place of the period before. */
  readonly before: Cell;
}

export function rowsOf(page: ReportPage, labels: Labels, today: string): readonly Row[] {
  return page.now.series.map((figures, place) => ({
    key: figures.name,
    label: labels.bucket(figures.name),
    open: isOpen(figures.name, today),
    figures,
    before: inPlace(page.before, place),
  }));
}

function inPlace(period: PeriodFigures, place: number): Cell {
  const row = period.series[place];
  return row && (row.coverage !== null || row.visits !== 0) ? cellOf(row, "visits") : NONE;
}

/** Says whether a period has about as many buckets in which cameras hung as the one it is compared with. */
export function isComparable(now: PeriodFigures, then: PeriodFigures): boolean {
  const watched = ({ series }: PeriodFigures) =>
    series.filter((row) => row.coverage !== null).length / Math.max(1, series.length);
  return watched(then) >= watched(now) * SEEN_WELL;
}

export function cellsOf(rows: readonly Row[], name: FigureName): readonly Cell[] {
  return rows.map((row) => cellOf(row.figures, name));
}

/** Which buckets cameras have not wholly seen; what is still open will be seen. */
export function unseenOf(rows: readonly Row[]): readonly boolean[] {
  return rows.map((row) => !row.open && isPoorlySeen(row.figures.coverage));
}

/** The figures that are whole numbers, lengths of time and shares are written differently. */
export function kindOf(name: FigureName): "share" | "seconds" | "fraction" | "number" {
  if (name === "coverage") return "share";
  if (name === "dwell_mean_s" || name === "dwell_median_s") return "seconds";
  return name === "visits_per_visitor" || name === "occupancy_mean" ? "fraction" : "number";
}
