// The figures of the whole range, each with its change against the time before and a year ago.

import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { Card, Typography } from "antd";
import type { FigureRow, PeriodFigures, ReportPage } from "@/api/schema";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { type Cell, cellOf, changeOf, type FigureName, pointsOf, shareOf } from "./cells";
import { writerOf } from "./columns";
import { Figure } from "./Figure";
import type { Labels } from "./labels";
import { isComparable } from "./rows";
import { reportWords } from "./words";

interface Told {
  readonly title: string;
  readonly help: string;
  readonly of: (row: FigureRow) => Cell;
  readonly write: (value: number) => string;
  /** As a share of what it was, as points of a hundred, or not at all. */
  readonly compared: "change" | "points" | "never";
}

export function Headline({ page, labels }: { readonly page: ReportPage; readonly labels: Labels }) {
  const words = useWords(reportWords);
  const told = useTold();
  const { now, before, last_year: ago } = page;
  const tells = (then: PeriodFigures) =>
    isComparable(now, then) && told.some((one) => differenceOf(one, now, then).kind !== "none");
  const whyNot = (then: PeriodFigures) => (then.total.visits === 0 ? words.nobodyThen : words.tooLittleThen);
  const tellsBefore = tells(before);
  const tellsAgo = ago !== null && tells(ago);
  return (
    <Card>
      <h2 className="seen-by-readers-only">{words.headline}</h2>
      <dl className="m-0 grid grid-cols-2 gap-x-4 gap-y-6 md:grid-cols-4">
        {told.map((one) => (
          <div key={one.title} className="min-w-0">
            <dt>
              <Typography.Text strong>{one.title}</Typography.Text>
            </dt>
            <dd className="m-0">
              <div className="my-1 font-semibold text-3xl">
                <Figure cell={one.of(now.total)} write={one.write} />
              </div>
              {one.compared !== "never" && one.of(now.total).kind !== "none" && (
                <>
                  {tellsBefore && <Change since={words.sinceBefore} told={one} now={now} then={before} />}
                  {tellsAgo && <Change since={words.sinceLastYear} told={one} now={now} then={ago} />}
                </>
              )}
              <Typography.Text type="secondary" className="!block text-xs max-sm:!hidden">
                {one.help}
              </Typography.Text>
            </dd>
          </div>
        ))}
      </dl>
      <Typography.Text type="secondary" className="!mt-4 !block text-sm">
        {labels.range(now)}
        {" · "}
        {words.beforeIs(labels.range(before))}
        {!tellsBefore && ` (${whyNot(before)})`}
        {ago && ` · ${words.lastYearIs(labels.range(ago))}`}
        {ago && !tellsAgo && ` (${whyNot(ago)})`}
      </Typography.Text>
    </Card>
  );
}

function useTold(): readonly Told[] {
  const words = useWords(reportWords);
  const format = useFormat();
  const one = (name: FigureName, help: string): Told => ({
    title: words.figures[name],
    help,
    of: (row) => cellOf(row, name),
    write: writerOf(name, format),
    compared: "change",
  });
  return [
    one("visits", words.helps.visits),
    one("visitors", words.helps.visitors),
    {
      title: words.returningShare,
      help: words.helps.returning,
      of: (row) => shareOf(cellOf(row, "returning"), cellOf(row, "visits")),
      write: format.percent,
      compared: "points",
    },
    one("visits_per_visitor", words.helps.visits_per_visitor),
    { ...one("dwell_median_s", words.helps.dwell), title: words.dwell },
    one("came_in", words.helps.came_in),
    one("occupancy_peak", words.helps.occupancy),
    { ...one("coverage", words.helps.coverage), compared: "never" },
  ];
}

function differenceOf(told: Told, now: PeriodFigures, then: PeriodFigures): Cell {
  const differ = told.compared === "points" ? pointsOf : changeOf;
  return differ(told.of(now.total), told.of(then.total));
}

interface ChangeProps {
  readonly since: string;
  readonly told: Told;
  readonly now: PeriodFigures;
  readonly then: PeriodFigures;
}

function Change({ since, told, now, then }: ChangeProps) {
  const words = useWords(reportWords);
  const format = useFormat();
  const cell = differenceOf(told, now, then);
  const write =
    told.compared === "points"
      ? (points: number) => words.points(format.number(Math.round(points * 10) / 10))
      : format.percent;
  return (
    <div className="text-sm">
      {cell.kind === "value" ? (
        <Signed value={cell.value} write={write} />
      ) : cell.kind === "hidden" ? (
        <Figure cell={cell} write={write} />
      ) : (
        <Typography.Text type="secondary">{words.nothingThen}</Typography.Text>
      )}{" "}
      <Typography.Text type="secondary" className="text-xs">
        {since}
      </Typography.Text>
    </div>
  );
}

function Signed({ value, write }: { readonly value: number; readonly write: (value: number) => string }) {
  const words = useWords(reportWords);
  const size = write(Math.abs(value));
  if (size === write(0)) return <span>{words.unchanged}</span>;
  const up = value > 0;
  return (
    <span className="whitespace-nowrap font-medium tabular-nums">
      {up ? <ArrowUpOutlined aria-hidden /> : <ArrowDownOutlined aria-hidden />} {up ? "+" : "−"}
      {size}
    </span>
  );
}
