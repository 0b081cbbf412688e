import { expect, test } from "vitest";
import { askedOf, bandChanged, bandOf, FILTERS, type Filters } from "./filters";

const NONE = Object.fromEntries(FILTERS.map((name) => [name, ""])) as Filters;
const TODAY = "2026-03-05";

test("nothing in the URL asks for everything of the last four weeks, by day", () => {
  expect(askedOf(NONE, TODAY).query).toEqual({ from: "2026-02-06", to: TODAY, bucket: "day" });
});

test("every filter of the URL is asked for", () => {
  const filters = { ...NONE, range: "7d", sites: "a,b", bucket: "week", hours: "18-2", gender: "female" };
  expect(askedOf(filters, TODAY).query).toEqual({
    from: "2026-02-27",
    to: TODAY,
    bucket: "week",
    hour_from: 18,
    hour_to: 2,
    gender: "female",
    site_id: ["a", "b"],
  });
});

test("what a URL makes up is left out", () => {
  const made = askedOf({ ...NONE, bucket: "fortnight", hours: "25-3", gender: "x" }, TODAY).query;
  expect(Object.keys(made).sort()).toEqual(["bucket", "from", "to"]);
});

test("the whole day, and from an hour to itself, is no band", () => {
  expect([bandOf("0-24"), bandOf("7-7"), bandOf("24-3"), bandOf("7"), bandOf("")]).toEqual(
    Array(5).fill(undefined),
  );
  expect(bandOf("22-24")).toEqual({ from: 22, to: 24 });
});

test("one end of a band brings the other, and takes it away", () => {
  expect(bandChanged(undefined, { from: 18 })).toBe("18-24");
  expect(bandChanged(undefined, { to: 12 })).toBe("0-12");
  expect(bandChanged({ from: 18, to: 24 }, { to: 2 })).toBe("18-2");
  expect(bandChanged({ from: 18, to: 2 }, { from: undefined })).toBe("");
});
