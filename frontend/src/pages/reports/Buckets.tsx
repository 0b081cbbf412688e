// The charts whose bars are the buckets of the range: visits, new and returning, gender, passages, stay, coverage.

import { Card } from "antd";
import { type ReactNode, useMemo } from "react";
import { Chart } from "@/parts/Chart";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { barsOption, type Series } from "./bars";
import { cellOf, type FigureName } from "./cells";
import { useColumns, writerOf } from "./columns";
import { kindOf, type Row, unseenOf } from "./rows";
import { reportWords } from "./words";

interface BucketsProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly rows: readonly Row[];
  /** What a row of the table is, as "Day". */
  readonly first: string;
  readonly series: readonly Series[];
  /** The figures of the table, the first of which says how numbers are written at the axis. */
  readonly names: readonly [FigureName, ...FigureName[]];
  readonly most?: number;
  readonly marksUnseen?: boolean;
  readonly lying?: boolean;
  readonly height?: number;
}

/** One chart of the buckets and its table. `series` must be the same object while the figures are. */
export function Buckets({
  title,
  note,
  rows,
  first,
  series,
  names,
  most,
  marksUnseen = true,
  lying = false,
  height = 260,
}: BucketsProps) {
  const words = useWords(reportWords);
  const format = useFormat();
  const columns = useColumns(first, names);
  const [leading] = names;
  const option = useMemo(
    () =>
      barsOption({
        labels: rows.map((row) => row.label),
        series,
        open: rows.map((row) => row.open),
        unseen: marksUnseen ? unseenOf(rows) : [],
        write: writerOf(leading, format),
        words,
        lying,
        ...(most === undefined ? {} : { most }),
        ...(kindOf(leading) === "seconds" ? { per: 60 } : {}),
        remark: (place) => {
          const row = rows[place];
          const cell = row && marksUnseen ? cellOf(row.figures, "coverage") : undefined;
          return cell?.kind === "value"
            ? `${words.figures.coverage}: ${format.percent(cell.value)}`
            : undefined;
        },
      }),
    [rows, series, format, words, marksUnseen, leading, most, lying],
  );
  return (
    <Card>
      <Chart title={title} note={note} option={option} rows={rows} columns={columns} height={height} />
    </Card>
  );
}
