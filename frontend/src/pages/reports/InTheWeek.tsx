// When in the week people come: by hour, by day, and both at once.

import { Card, type TableColumnsType } from "antd";
import { useMemo } from "react";
import type { HeatCell } from "@/api/schema";
import { Chart } from "@/parts/Chart";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { barsOption, COLOURS } from "./bars";
import { isPoorlySeen } from "./cells";
import { Figure } from "./Figure";
import { HeatTable } from "./HeatTable";
import type { Label, Labels } from "./labels";
import { cellOfHeat, hoursWorth, type Sum, sumsByDay, sumsByHour, WEEKDAYS } from "./week";
import { reportWords } from "./words";

interface InTheWeekProps {
  readonly heat: readonly HeatCell[];
  readonly labels: Labels;
}

export function InTheWeek({ heat, labels }: InTheWeekProps) {
  const words = useWords(reportWords);
  const hours = useMemo(
    () =>
      sumsByHour(heat).map(({ hour, sum }) => ({
        key: String(hour),
        label: { short: String(hour), long: `${labels.hour(hour)}–${labels.hour(hour + 1)}` },
        sum,
      })),
    [heat, labels],
  );
  const days = useMemo(
    () => sumsByDay(heat).map(({ day, sum }) => ({ key: day, label: labels.weekday(day), sum })),
    [heat, labels],
  );
  return (
    <>
      <div className="flex flex-col gap-4 print:col-span-2 print:grid print:grid-cols-2">
        <Sums title={words.visitsByHour} first={words.hour} sums={hours} />
        <Sums title={words.visitsByDay} first={words.buckets.day_of_week} sums={days} />
      </div>
      <div className="grid print:col-span-2">
        <HeatMap heat={heat} labels={labels} />
      </div>
    </>
  );
}

interface SumRow {
  readonly key: string;
  readonly label: Label;
  readonly sum: Sum;
}

function Sums(of: { readonly title: string; readonly first: string; readonly sums: readonly SumRow[] }) {
  const { title, first, sums } = of;
  const words = useWords(reportWords);
  const format = useFormat();
  const option = useMemo(
    () =>
      barsOption({
        labels: sums.map((row) => row.label),
        series: [
          { name: words.figures.visits, cells: sums.map((row) => row.sum.cell), colour: COLOURS.visits },
        ],
        write: format.number,
        words,
        remark: (place) => (sums[place]?.sum.atLeast ? words.atLeastHelp : undefined),
      }),
    [sums, words, format],
  );
  const columns: TableColumnsType<SumRow> = [
    { title: first, key: "label", render: (_, row) => row.label.long },
    {
      title: words.figures.visits,
      key: "visits",
      align: "right",
      render: (_, { sum }) => (
        <Figure
          cell={sum.cell}
          write={(value) => (sum.atLeast ? words.atLeast(format.number(value)) : format.number(value))}
        />
      ),
    },
  ];
  const note = sums.some((row) => row.sum.atLeast) ? words.atLeastHelp : undefined;
  return (
    <Card>
      <Chart title={title} note={note} option={option} rows={sums} columns={columns} height={190} />
    </Card>
  );
}

function HeatMap({ heat, labels }: InTheWeekProps) {
  const words = useWords(reportWords);
  const format = useFormat();
  const byPlace = new Map(heat.map((cell) => [`${cell.day_of_week} ${cell.hour}`, cell]));
  const rows = hoursWorth(heat).map((hour) => ({
    key: String(hour),
    head: labels.hour(hour),
    cells: WEEKDAYS.flatMap((day) => {
      const found = byPlace.get(`${day} ${hour}`);
      return found ? [{ key: day, cell: cellOfHeat(found), unseen: isPoorlySeen(found.coverage) }] : [];
    }),
  }));
  return (
    <Card>
      <h3 className="mt-0 mb-2 text-base">{words.heat}</h3>
      <HeatTable
        title={words.heat}
        corner={words.hour}
        heads={WEEKDAYS.map((day) => labels.weekday(day).short)}
        rows={rows}
        write={format.number}
      />
    </Card>
  );
}
