import { expect, test } from "vitest";
import type { SavedReport } from "@/api/schema";
import { askedOf, FILTERS, type Filters } from "../filters";
import { setupOf, viewOf } from "./saved";

const NOW = { range: "7d", from: "", to: "" };

test("a view that is saved and opened again asks for the same", () => {
  const filters: Filters = { ...NOW, sites: "a,b", bucket: "week", hours: "18-24", gender: "female" };
  const asked = askedOf(filters, "2026-03-05");
  const decided = { name: "Evenings", schedule: "weekly", formats: ["pdf"], recipient_ids: [] } as const;
  const saved = setupOf(asked.query, { ...decided, formats: ["pdf"], recipient_ids: [] }, "vi");
  expect(saved).toMatchObject({ hour_from: 18, hour_to: 24, site_ids: ["a", "b"], schedule: "weekly" });
  for (const hourTo of [24, 0]) {
    const opened = new URL(viewOf({ ...saved, hour_to: hourTo } as SavedReport, NOW), "http://x")
      .searchParams;
    const again = Object.fromEntries(FILTERS.map((name) => [name, opened.get(name) ?? ""])) as Filters;
    expect(askedOf(again, "2026-03-05")).toEqual(asked);
  }
});

test("no filter is saved as none, not as a list of nothing", () => {
  const { query } = askedOf({ ...NOW, sites: "", bucket: "", hours: "", gender: "" }, "2026-03-05");
  const setup = setupOf(query, { name: "x", schedule: "none", formats: ["pdf"], recipient_ids: [] }, "en");
  expect(setup).toMatchObject({
    site_ids: null,
    hour_from: null,
    hour_to: null,
    gender: null,
    bucket: "day",
  });
});
