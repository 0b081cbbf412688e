// In, out and the most at once; how long people stayed; how much the cameras saw.

import { Card, Typography } from "antd";
import { useMemo } from "react";
import type { ReportPage } from "@/api/schema";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { Buckets } from "./Buckets";
import { COLOURS, type Series } from "./bars";
import { cellOf } from "./cells";
import { cellsOf, type Row } from "./rows";
import { reportWords } from "./words";

interface OperationProps {
  readonly page: ReportPage;
  readonly rows: readonly Row[];
  readonly first: string;
}

export function Operation({ page, rows, first }: OperationProps) {
  const words = useWords(reportWords);
  const { figures } = words;
  const dwell = useMemo<readonly Series[]>(
    () => [
      { name: figures.dwell_median_s, cells: cellsOf(rows, "dwell_median_s"), colour: COLOURS.visits },
      {
        name: figures.dwell_mean_s,
        cells: cellsOf(rows, "dwell_mean_s"),
        colour: COLOURS.returning,
        as: "line",
      },
    ],
    [rows, figures],
  );
  const coverage = useMemo<readonly Series[]>(
    () => [{ name: figures.coverage, cells: cellsOf(rows, "coverage"), colour: COLOURS.before }],
    [rows, figures],
  );
  return (
    <>
      <Movements page={page} rows={rows} first={first} />
      <Buckets
        title={words.dwellBy}
        note={words.dwellHelp}
        rows={rows}
        first={first}
        series={dwell}
        names={["dwell_median_s", "dwell_mean_s", "dwell_visits"]}
      />
      <div className="xl:col-span-2 print:col-span-2">
        <Buckets
          title={words.coverageBy}
          note={words.coverageHelp}
          rows={rows}
          first={first}
          series={coverage}
          names={["coverage", "visits"]}
          most={1}
          height={180}
        />
      </div>
    </>
  );
}

function Movements({ page, rows, first }: OperationProps) {
  const words = useWords(reportWords);
  const format = useFormat();
  const { figures } = words;
  const { total } = page.now;
  const isKnown = total.came_in !== null || total.hidden.includes("came_in");
  const hasPeaks = total.occupancy_peak !== null && rows.some((row) => row.figures.occupancy_peak !== null);
  const series = useMemo<readonly Series[]>(
    () => [
      { name: figures.came_in, cells: cellsOf(rows, "came_in"), colour: COLOURS.visits },
      { name: figures.went_out, cells: cellsOf(rows, "went_out"), colour: COLOURS.undetermined },
      ...(hasPeaks
        ? [
            {
              name: figures.occupancy_peak,
              cells: cellsOf(rows, "occupancy_peak"),
              colour: COLOURS.returning,
              as: "line" as const,
            },
          ]
        : []),
    ],
    [rows, figures, hasPeaks],
  );
  if (!isKnown) {
    return (
      <Card>
        <h3 className="mt-0 text-base">{words.movements}</h3>
        <Typography.Text type="secondary">{words.movementsNone}</Typography.Text>
      </Card>
    );
  }
  const apart = (["staff_tracks", "rejected_tracks"] as const).map((name) => {
    const cell = cellOf(total, name);
    return cell.kind === "value" ? format.number(cell.value) : words.hidden;
  });
  return (
    <Buckets
      title={words.movements}
      note={`${words.movementsApart(apart[0] ?? "", apart[1] ?? "")} ${hasPeaks ? "" : words.occupancyNone}`}
      rows={rows}
      first={first}
      series={series}
      names={["came_in", "went_out", "occupancy_peak", "occupancy_mean", "staff_tracks", "rejected_tracks"]}
    />
  );
}
