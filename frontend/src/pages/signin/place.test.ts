import { expect, test } from "vitest";
import { ownPath, signInPath, tokenIn } from "./place";

test("a login leads to pages of the portal only", () => {
  expect(ownPath("/visits?site=1")).toBe("/visits?site=1");
  for (const foreign of [null, "", "//evil.example", "https://evil.example", "/\\evil.example"]) {
    expect(ownPath(foreign)).toBe("/");
  }
});

test("who asked for a page comes back to it, who was refused is told why", () => {
  expect(signInPath("/visits", "?site=1")).toBe("/sign-in?then=%2Fvisits%3Fsite%3D1");
  expect(signInPath("/", "?login_refused=no_account")).toBe("/sign-in?login_refused=no_account");
});

test("the token of a link stands behind the hash", () => {
  expect(tokenIn("#token=abc-_1")).toBe("abc-_1");
  expect(tokenIn("")).toBe("");
});
