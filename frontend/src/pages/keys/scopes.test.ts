import { expect, test } from "vitest";
import { offeredScopes } from "./scopes";

test("a key gets what its maker may, and the most dangerous from an owner alone", () => {
  const known = ["worker", "faces.see", "figures.see", "keys.change", "audit.see"] as const;
  expect(offeredScopes({ role: "owner", actions: ["figures.see", "faces.see"] }, known)).toEqual([
    "worker",
    "faces.see",
    "figures.see",
  ]);
  expect(offeredScopes({ role: "operator", actions: ["keys.change", "audit.see"] }, known)).toEqual([
    "worker",
    "audit.see",
  ]);
});
