import { expect, test } from "vitest";
import { piecesOf } from "./pieces";

test.each([
  ["linh@example.com", ["linh@", "example.com"]],
  ["nguyen.phuong_2@quan.vn", ["nguyen.", "phuong_", "2@", "quan.vn"]],
  ["https://203.0.113.9/hook", ["https://", "203.0.113.9/", "hook"]],
  ["@.", ["@."]],
  ["", []],
])("%s is broken where a reader would, and nothing of it is lost", (word, pieces) => {
  expect(piecesOf(word)).toEqual(pieces);
});
