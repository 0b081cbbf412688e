import { expect, test } from "vitest";
import { ordinal } from "./ordinal";

test("counts are told as they are spoken", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 101, 112].map(ordinal)).toEqual(
    "1st 2nd 3rd 4th 11th 12th 13th 21st 101st 112th".split(" "),
  );
});
