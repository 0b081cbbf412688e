import { expect, test } from "vitest";
import { passwordFault } from "./password";

test("a password is long, and neither the account's name nor one character", () => {
  expect(passwordFault("short", "a@b.vn")).toBe("tooShort");
  expect(passwordFault("Mai.Nguyen@b.vn", "mai.nguyen@b.vn")).toBe("isEmail");
  expect(passwordFault("mai.nguyen", "mai.nguyen@b.vn")).toBe("isEmail");
  expect(passwordFault("aaaaaaaaaaaa", "a@b.vn")).toBe("tooSimple");
  expect(passwordFault("correct horse", "")).toBeUndefined();
});
