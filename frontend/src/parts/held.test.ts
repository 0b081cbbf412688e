import { expect, test } from "vitest";
import { hold, isHeld, mayAllGo } from "./held";

test("what would be lost is asked for, and nothing goes on unless all of it may", async () => {
  expect([isHeld(), await mayAllGo()]).toEqual([false, true]);
  const asked: string[] = [];
  const holder = (name: string, holds: boolean, may: boolean) =>
    hold(
      () => holds,
      () => {
        asked.push(name);
        return Promise.resolve(may);
      },
    );
  const ends = [holder("untouched", false, false), holder("typed", true, true)];
  expect([isHeld(), await mayAllGo(), asked]).toEqual([true, true, ["typed"]]);
  ends.push(holder("secret", true, false));
  expect([await mayAllGo(), asked]).toEqual([false, ["typed", "typed", "secret"]]);
  for (const end of ends) end();
  expect(isHeld()).toBe(false);
});
