import { expect, test } from "vitest";
import { AREAS, offeredScopes } from "./scopes";
import { scopeWords } from "./words";

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

test("every permission is offered in one area", () => {
  expect(Object.values(AREAS).flat().toSorted()).toEqual(Object.keys(scopeWords.en).toSorted());
});
