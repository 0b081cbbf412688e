// When a customer comes: how often, at which hours of the week, and at which sites.

import { Card, Typography } from "antd";
import type { CustomerDetail, UsualHour } from "@/api/schema";
import { Chart } from "@/parts/Chart";
import { peopleWords } from "@/parts/people/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { customersWords } from "./words";

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

export function Rhythm({ customer }: { readonly customer: CustomerDetail }) {
  const words = useWords(customersWords);
  const people = useWords(peopleWords);
  const format = useFormat();
  const days = customer.usual_absence_days;
  return (
    <Card title={<h2 className="m-0 text-lg">{words.rhythm}</h2>}>
      <Typography.Paragraph>
        {days === null
          ? words.absenceNone
          : days < 0.5
            ? words.absenceShort
            : words.absence(format.number(Math.round(days * 10) / 10))}
      </Typography.Paragraph>
      <WeekHours hours={customer.hours} />
      <h3 className="mb-2 text-base">{words.sites}</h3>
      <ul className="m-0 flex list-none flex-col gap-1 p-0">
        {customer.sites.map((site) => (
          <li key={site.site_id} className="flex flex-wrap justify-between gap-x-3">
            <span>{site.site_name}</span>
            <Typography.Text type="secondary">
              {people.visitsTold(format.number(site.visits))} · {people.lastVisit}:{" "}
              {format.date(site.last_visit_at, site.time_zone)}
            </Typography.Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function WeekHours({ hours }: { readonly hours: readonly UsualHour[] }) {
  const words = useWords(customersWords);
  const first = Math.min(8, ...hours.map((one) => one.hour));
  const last = Math.max(20, ...hours.map((one) => one.hour));
  const shown = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const most = Math.max(1, ...hours.map((one) => one.visits));
  const dayName = (weekday: number) => words.weekdays[weekday as (typeof WEEKDAYS)[number]];
  const option = {
    grid: { left: 52, right: 8, top: 8, bottom: 28 },
    tooltip: {},
    xAxis: { type: "category", data: shown.map((hour) => `${hour}h`), splitArea: { show: true } },
    yAxis: { type: "category", inverse: true, data: WEEKDAYS.map(dayName), splitArea: { show: true } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: ["#bfe3dd", "#0f766e"] } },
    series: [
      {
        type: "heatmap",
        name: words.visits,
        data: hours.map((one) => [one.hour - first, one.weekday - 1, one.visits]),
        itemStyle: { borderRadius: 3 },
      },
    ],
  };
  return (
    <Chart
      title={words.rhythmChart}
      option={option}
      height={240}
      rows={hours.map((one) => ({ ...one, key: `${one.weekday}-${one.hour}` }))}
      columns={[
        { title: words.weekday, dataIndex: "weekday", render: dayName },
        { title: words.hour, dataIndex: "hour", render: (hour: number) => `${hour}:00` },
        { title: words.visits, dataIndex: "visits", align: "right" },
      ]}
    />
  );
}
