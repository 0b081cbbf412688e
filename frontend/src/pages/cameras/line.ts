// The counting line's geometry: a directed line A to B in parts (0..1) of the picture, y pointing down.

import type { Line } from "@/api/schema";

export type End = "a" | "b";
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Shorter than this part of the picture is a slip of the hand, not a line. */
const SHORTEST = 0.05;
const ARROW = 0.14;

/** A line to begin with: across the picture, those who come towards the camera go in. */
export const ACROSS: Line = { x1: 0.1, y1: 0.6, x2: 0.9, y2: 0.6 };

/** Within the picture, and as fine as a hand can draw. */
export function inside(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

export function endOf(line: Line, end: End): Point {
  return end === "a" ? { x: line.x1, y: line.y1 } : { x: line.x2, y: line.y2 };
}

/** The line with one end somewhere else. */
export function withEnd(line: Line, end: End, to: Point): Line {
  const [x, y] = [inside(to.x), inside(to.y)];
  return end === "a" ? { ...line, x1: x, y1: y } : { ...line, x2: x, y2: y };
}

/** The same line with in and out exchanged. */
export function swapped(line: Line): Line {
  return { x1: line.x2, y1: line.y2, x2: line.x1, y2: line.y1 };
}

export function isLongEnough(line: Line): boolean {
  return Math.hypot(line.x2 - line.x1, line.y2 - line.y1) >= SHORTEST;
}

/**
 * Middle of the line and the tips of the arrows to both sides, in pixels of a picture of this size.
 *
 * In is where (B-A)x(P-A) > 0: what regulars/domain/counting.py counts.
 */
export function arrows(
  line: Line,
  size: Size,
): { readonly middle: Point; readonly in: Point; readonly out: Point } {
  const across = { x: (line.x2 - line.x1) * size.width, y: (line.y2 - line.y1) * size.height };
  const long = Math.hypot(across.x, across.y) || 1;
  const reach = ARROW * Math.min(size.width, size.height);
  const aside = { x: (-across.y / long) * reach, y: (across.x / long) * reach };
  const middle = { x: ((line.x1 + line.x2) / 2) * size.width, y: ((line.y1 + line.y2) / 2) * size.height };
  return {
    middle,
    in: { x: middle.x + aside.x, y: middle.y + aside.y },
    out: { x: middle.x - aside.x, y: middle.y - aside.y },
  };
}
