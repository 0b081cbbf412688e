// Who comes back: each month's new customers in later months, and how long ago everybody was last here.

import { Card, type TableColumnsType, Typography } from "antd";
import { useMemo } from "react";
import type { CohortRow, RecencyRow } from "@/api/schema";
import { Chart } from "@/parts/Chart";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { barsOption, COLOURS } from "./bars";
import { type Cell, HIDDEN, valued } from "./cells";
import { Figure } from "./Figure";
import { HeatTable } from "./HeatTable";
import type { Labels } from "./labels";
import { reportWords } from "./words";

interface CohortsProps {
  readonly cohorts: readonly CohortRow[];
  readonly labels: Labels;
}

export function Cohorts({ cohorts, labels }: CohortsProps) {
  const words = useWords(reportWords);
  const format = useFormat();
  const months = Math.max(0, ...cohorts.map((one) => one.share_again.length));
  const shares = cohorts.flatMap((one) => one.share_again.map((share) => share ?? 0));
  const rows = cohorts.map((one) => ({
    key: one.month,
    head: labels.month(one.month).long,
    cells: [
      { key: "size", cell: one.hidden ? HIDDEN : valued(one.size), plain: true },
      ...one.share_again.map((share, place) => ({
        key: String(place),
        cell: shareCell(share),
        under: countUnder(one.came_again[place]),
      })),
    ],
  }));
  function countUnder(count: number | null | undefined): string | undefined {
    return count === null || count === undefined ? undefined : format.number(count);
  }
  return (
    <Card>
      <h3 className="mt-0 mb-1 text-base">{words.cohorts}</h3>
      {months === 0 ? (
        <Typography.Text type="secondary">{words.cohortsNone}</Typography.Text>
      ) : (
        <>
          <p className="mt-0 mb-2 text-sm">{words.cohortsHelp}</p>
          <HeatTable
            title={words.cohorts}
            corner={words.firstMonth}
            heads={[
              words.people,
              ...Array.from({ length: months }, (_, place) => words.monthsLater(place + 1)),
            ]}
            rows={rows}
            write={format.percent}
            writePlain={format.number}
            most={Math.max(0.05, ...shares)}
          />
        </>
      )}
    </Card>
  );
}

/** A share is null only where it would tell of too few people. */
function shareCell(share: number | null): Cell {
  return share === null ? HIDDEN : { kind: "value", value: share };
}

export function Recency({ recency }: { readonly recency: readonly RecencyRow[] }) {
  const words = useWords(reportWords);
  const format = useFormat();
  const rows = useMemo(
    () =>
      recency.map((one) => {
        const name = words.daysAgo(one.from_days, one.to_days);
        return {
          key: String(one.from_days),
          label: { short: name, long: name },
          cell: one.hidden ? HIDDEN : valued(one.visitors),
        };
      }),
    [recency, words],
  );
  const option = useMemo(
    () =>
      barsOption({
        labels: rows.map((row) => row.label),
        series: [
          { name: words.figures.visitors, cells: rows.map((row) => row.cell), colour: COLOURS.visits },
        ],
        write: format.number,
        words,
        lying: true,
      }),
    [rows, words, format],
  );
  const columns: TableColumnsType<(typeof rows)[number]> = [
    { title: words.recency, key: "label", render: (_, row) => row.label.long },
    {
      title: words.figures.visitors,
      key: "visitors",
      align: "right",
      render: (_, row) => <Figure cell={row.cell} write={format.number} />,
    },
  ];
  return (
    <Card>
      <Chart
        title={words.recency}
        note={words.recencyHelp}
        option={option}
        rows={rows}
        columns={columns}
        height={230}
      />
    </Card>
  );
}
