// Visits and visitors over time, who of them was new, and of which gender.

import { useMemo } from "react";
import { useWords } from "@/words/words";
import { Buckets } from "./Buckets";
import { COLOURS, type Series } from "./bars";
import { cellsOf, type Row } from "./rows";
import { reportWords } from "./words";

interface OverTimeProps {
  readonly rows: readonly Row[];
  readonly first: string;
}

export function OverTime({ rows, first }: OverTimeProps) {
  const words = useWords(reportWords);
  const { figures } = words;
  const visits = useMemo<readonly Series[]>(
    () => [
      { name: figures.visits, cells: cellsOf(rows, "visits"), colour: COLOURS.visits },
      { name: figures.visitors, cells: cellsOf(rows, "visitors"), colour: COLOURS.returning, as: "line" },
      { name: words.before, cells: rows.map((row) => row.before), colour: COLOURS.before, as: "dashes" },
    ],
    [rows, figures, words],
  );
  const statuses = useMemo(
    () => (["returning", "new", "undetermined"] as const).map((name) => stacked(rows, name, figures[name])),
    [rows, figures],
  );
  const genders = useMemo(
    () => (["female", "male", "unknown"] as const).map((name) => stacked(rows, name, figures[name])),
    [rows, figures],
  );
  return (
    <>
      <div className="xl:col-span-2 print:col-span-2">
        <Buckets
          title={words.visitsBy}
          rows={rows}
          first={first}
          series={visits}
          names={["visits", "visitors", "visits_per_visitor", "coverage"]}
          height={300}
        />
      </div>
      <Buckets
        title={words.newBy}
        rows={rows}
        first={first}
        series={statuses}
        names={["new", "returning", "undetermined", "new_visitors", "returning_visitors"]}
      />
      <Buckets
        title={words.genderBy}
        rows={rows}
        first={first}
        series={genders}
        names={["female", "male", "unknown"]}
      />
    </>
  );
}

function stacked(
  rows: readonly Row[],
  name: "new" | "returning" | "undetermined" | "male" | "female" | "unknown",
  title: string,
): Series {
  return { name: title, cells: cellsOf(rows, name), colour: COLOURS[name], stack: "parts" };
}
