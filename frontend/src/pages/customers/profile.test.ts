import { expect, test } from "vitest";
import { PHONE } from "./profile";

test.each(["", " ", "0901 234 567", "+84 (28) 3822-1234", " 0901.234.567 "])(
  "%j is a phone number",
  (typed) => {
    expect(PHONE.test(typed)).toBe(true);
  },
);

test.each(["0901", "call me", "+", "0901234567890123456789012345678901"])("%j is none", (typed) => {
  expect(PHONE.test(typed)).toBe(false);
});
