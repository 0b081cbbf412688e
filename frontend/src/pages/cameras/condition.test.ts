import { expect, test } from "vitest";
import { conditionOf } from "./condition";

const RUNNING = { state: "running", reason: "none", wanted_state: "running", worker: "shop" } as const;

test("a camera that runs needs nothing", () => {
  expect(conditionOf(RUNNING)).toEqual({
    level: "success",
    says: "running",
    reason: undefined,
    advice: undefined,
  });
});

test("one that nobody runs asks for a worker, whatever was heard last", () => {
  const alone = conditionOf({ ...RUNNING, worker: null });
  expect([alone.level, alone.says, alone.advice]).toEqual(["error", "alone", "no_worker"]);
});

test("one that was switched off is no fault, even where its last state was one", () => {
  const off = conditionOf({ ...RUNNING, state: "failed", reason: "unreachable", wanted_state: "stopped" });
  expect([off.level, off.says, off.advice]).toEqual(["default", "off", undefined]);
});

test("a fault is told with its reason and advice; a black picture warns while it runs", () => {
  const failed = conditionOf({ ...RUNNING, state: "failed", reason: "wrong_password" });
  expect([failed.level, failed.reason, failed.advice]).toEqual(["error", "wrong_password", "wrong_password"]);
  expect(conditionOf({ ...RUNNING, reason: "black_picture" }).level).toBe("warning");
});

test("a file that was played to its end needs no worker", () => {
  const ended = conditionOf({ ...RUNNING, state: "stopped", reason: "finished", worker: null });
  expect([ended.says, ended.advice]).toEqual(["stopped", "finished"]);
});
