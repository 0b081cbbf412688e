import { expect, test } from "vitest";
import { offeredScopes } from "./scopes";

test("a key gets what its maker may, and the most dangerous from an owner alone", () => {
  expect(offeredScopes({ role: "owner", actions: ["faces.see", "figures.see"] })).toEqual([
    "worker",
    "faces.see",
    "figures.see",
  ]);
  expect(offeredScopes({ role: "operator", actions: ["keys.change", "audit.see"] })).toEqual([
    "worker",
    "audit.see",
  ]);
});
