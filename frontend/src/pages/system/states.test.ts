import { expect, test } from "vitest";
import { countStates, workersOf } from "./states";

test("cameras are counted by what they do, workers once each", () => {
  const cameras = [
    { state: "running", worker: "box" },
    { state: "running", worker: "box" },
    { state: "failed", worker: null },
  ] as const;
  expect(countStates(cameras)).toEqual({ running: 2, starting: 0, reconnecting: 0, failed: 1, stopped: 0 });
  expect(workersOf(cameras)).toBe(1);
});
