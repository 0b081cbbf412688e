import { expect, test } from "vitest";
import { detailIn, detailWords } from "./details";

test("why a face was looked at, and which fields changed, are told in both languages", () => {
  expect(detailIn(detailWords.vi, { why: "visit_seen" })).toBe("Lý do: mở một lượt khách");
  expect(detailIn(detailWords.en, { fields: ["name", "site_ids"] })).toBe("What changed: name, sites");
  expect(detailIn(detailWords.vi, { recognition: false, found: 3 })).toBe("Nhận diện: không · Tìm thấy: 3");
});

test("what has no words stays as it was noted, and what is empty is left out", () => {
  const noted = { unheard: "of", fields: ["unheard"], note: null, tables: [] };
  expect(detailIn(detailWords.vi, noted)).toBe("unheard: of · Mục đã sửa: unheard");
});
