// Columns of the tables behind the charts: the bucket, then figures.

import { type TableColumnsType, Tag } from "antd";
import { type Format, useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { cellOf, type FigureName, isPoorlySeen, sortable } from "./cells";
import { DOTTED, Figure } from "./Figure";
import { kindOf, type Row } from "./rows";
import { reportWords } from "./words";

export function writerOf(name: FigureName, format: Format): (value: number) => string {
  const kind = kindOf(name);
  if (kind === "share") return format.percent;
  if (kind === "seconds") return format.duration;
  return kind === "fraction" ? (value) => format.number(Math.round(value * 100) / 100) : format.number;
}

export function useColumns(first: string, names: readonly FigureName[]): TableColumnsType<Row> {
  const words = useWords(reportWords);
  const format = useFormat();
  return [
    {
      title: first,
      key: "label",
      render: (_, row) => (
        <span className="whitespace-nowrap">
          {row.label.long} {row.open && <Tag variant="filled">{words.stillOpen}</Tag>}
        </span>
      ),
    },
    ...names.map((name) => ({
      title: words.figures[name],
      key: name,
      align: "right" as const,
      sorter: (one: Row, other: Row) =>
        sortable(cellOf(one.figures, name)) - sortable(cellOf(other.figures, name)),
      render: (_: unknown, row: Row) => (
        <Figure cell={cellOf(row.figures, name)} write={writerOf(name, format)} />
      ),
      ...(name === "coverage"
        ? {
            onCell: (row: Row) => ({
              style: isPoorlySeen(row.figures.coverage) ? DOTTED : {},
            }),
          }
        : {}),
    })),
  ];
}
