// A view as a saved report, and a saved report as a view.

import type { SavedReport, SavedReportSetup } from "@/api/schema";
import type { ReportQuery } from "../ranges";

/** What a person decides when they save a view. */
export type Decided = Pick<SavedReportSetup, "name" | "schedule" | "formats" | "recipient_ids">;

/** The view's filters as a saved report; its days are not saved, since they move on. */
export function setupOf(query: ReportQuery, decided: Decided, language: "vi" | "en"): SavedReportSetup {
  return {
    ...decided,
    keep_months: 13,
    language,
    bucket: query.bucket ?? "day",
    gender: query.gender ?? null,
    hour_from: query.hour_from ?? null,
    hour_to: query.hour_to ?? null,
    site_ids: query.site_id ?? null,
  };
}

/** The address of the page with a saved report's filters, and the days that are shown now. */
export function viewOf(saved: SavedReport, days: Readonly<Record<"range" | "from" | "to", string>>): string {
  const { hour_from: from, hour_to: to } = saved;
  const filters = {
    ...days,
    sites: saved.site_ids?.join(",") ?? "",
    bucket: saved.bucket === "total" ? "" : saved.bucket,
    hours: from === null || to === null ? "" : `${from}-${to === 0 ? 24 : to}`,
    gender: saved.gender ?? "",
  };
  return `/reports?${new URLSearchParams(Object.entries(filters).filter(([, value]) => value))}`;
}
