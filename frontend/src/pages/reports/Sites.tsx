// One site against the other, over the whole range.

import { useMemo } from "react";
import type { SiteRow } from "@/api/schema";
import { useWords } from "@/words/words";
import { Buckets } from "./Buckets";
import { COLOURS, type Series } from "./bars";
import { cellOf, NONE, sortable } from "./cells";
import { cellsOf, type Row } from "./rows";
import { reportWords } from "./words";

const ROW_HEIGHT = 30;

export function Sites({ sites }: { readonly sites: readonly SiteRow[] }) {
  const words = useWords(reportWords);
  const { figures } = words;
  const rows = useMemo<readonly Row[]>(
    () =>
      sites
        .map((site) => ({
          key: site.site_id,
          label: { short: site.name, long: site.name },
          open: false,
          figures: site,
          before: NONE,
        }))
        .sort((one, other) => visitsOf(other) - visitsOf(one)),
    [sites],
  );
  const series = useMemo<readonly Series[]>(
    () =>
      (["returning", "new", "undetermined"] as const).map((name) => ({
        name: figures[name],
        cells: cellsOf(rows, name),
        colour: COLOURS[name],
        stack: "parts",
      })),
    [rows, figures],
  );
  return (
    <Buckets
      title={words.sitesBy}
      note={words.sitesHelp}
      rows={rows}
      first={words.site}
      series={series}
      names={[
        "visits",
        "visitors",
        "new",
        "returning",
        "visits_per_visitor",
        "dwell_median_s",
        "came_in",
        "occupancy_peak",
        "coverage",
      ]}
      height={80 + rows.length * ROW_HEIGHT}
      lying
    />
  );
}

function visitsOf(row: Row): number {
  return sortable(cellOf(row.figures, "visits"));
}
