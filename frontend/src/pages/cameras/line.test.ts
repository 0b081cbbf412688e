import { expect, test } from "vitest";
import { ACROSS, arrows, inside, isLongEnough, swapped, withEnd } from "./line";

const SIZE = { width: 200, height: 100 };

/** What the worker counts: the sign of (B-A)x(P-A) in pixels. */
function side(line: typeof ACROSS, point: { x: number; y: number }): number {
  const [ax, ay] = [line.x1 * SIZE.width, line.y1 * SIZE.height];
  const [dx, dy] = [(line.x2 - line.x1) * SIZE.width, (line.y2 - line.y1) * SIZE.height];
  return Math.sign(dx * (point.y - ay) - dy * (point.x - ax));
}

test.each([
  ["across", ACROSS],
  ["upwards", { x1: 0.5, y1: 0.9, x2: 0.5, y2: 0.1 }],
  ["slanted", { x1: 0.8, y1: 0.2, x2: 0.3, y2: 0.9 }],
])("the arrow of a line %s points where the worker counts in", (_name, line) => {
  const drawn = arrows(line, SIZE);
  expect(side(line, drawn.in)).toBe(1);
  expect(side(line, drawn.out)).toBe(-1);
  expect(side(swapped(line), drawn.out)).toBe(1);
});

test("an end stays inside of the picture", () => {
  const line = withEnd(ACROSS, "b", { x: 1.7, y: -0.2 });
  expect([line.x2, line.y2, line.x1]).toEqual([1, 0, 0.1]);
  expect(inside(0.123456)).toBe(0.123);
});

test("a slip of the hand is no line", () => {
  expect(isLongEnough(ACROSS)).toBe(true);
  expect(isLongEnough({ x1: 0.5, y1: 0.5, x2: 0.52, y2: 0.51 })).toBe(false);
});
