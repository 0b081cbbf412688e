import { expect, test } from "vitest";
import { problemOf } from "@/api/problem";
import { formatFor } from "@/words/format";
import { faultIn, faultWords, problemIn } from "./faults";
import { reasonWords } from "./reasons";
import { sharedWords } from "./words";

const { number } = formatFor("vi");
const fault = (code: string, limit: number | null = null, field = "body.name") => ({
  field,
  code,
  limit,
  message: "the server's own sentence",
});
const words = { reasons: reasonWords.vi, faults: faultWords.vi, codes: sharedWords.vi.problems };
const refusal = (told: object) => ({ ...problemOf(undefined), code: "input_refused", ...told });

test("a field's fault is told in the language, with its limit as the language writes numbers", () => {
  expect(faultIn(faultWords.vi, fault("missing"), number)).toBe("Hãy điền mục này.");
  expect(faultIn(faultWords.vi, fault("string_too_long", 1000), number)).toBe("Chỉ được tối đa 1.000 ký tự.");
  expect(faultIn(faultWords.en, fault("greater_than", 0), number)).toBe("It must be more than 0.");
  expect(faultIn(faultWords.vi, fault("not_a_time_zone"), number)).toContain("múi giờ");
});

test("what has no words, or lacks the limit that its words name, keeps the server's sentence", () => {
  expect(faultIn(faultWords.vi, fault("never_heard_of"), number)).toBe("the server's own sentence");
  expect(faultIn(faultWords.vi, fault("toString"), number)).toBe("the server's own sentence");
  expect(faultIn(faultWords.vi, fault("less_than_equal"), number)).toBe("the server's own sentence");
});

test("a problem is told by its reason, by what is wrong with all of it, by its code, or as the server says it", () => {
  expect(problemIn(refusal({ reason: "webhook_url" }), words, number)).toContain("https://");
  const whole = { code: "invalid_request", errors: [fault("line_is_a_point", null, "body")] };
  expect(problemIn(refusal(whole), words, number)).toBe("Vạch cần hai điểm khác nhau.");
  const ofField = { code: "invalid_request", errors: [fault("missing")] };
  expect(problemIn(refusal(ofField), words, number)).toBe(sharedWords.vi.problems.invalid_request);
  expect(problemIn(refusal({ reason: "never_heard_of", detail: "So it is." }), words, number)).toBe(
    "So it is.",
  );
});
