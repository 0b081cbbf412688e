// The hours of a site's day beside those of a usual such weekday.

import { useMemo } from "react";
import type { HourOfDay, SiteDay } from "@/api/schema";
import { Chart } from "@/parts/Chart";
import { Text } from "@/parts/Text";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { hoursShown } from "./hours";
import { todayWords } from "./words";

export function HourCurve({ site }: { readonly site: SiteDay }) {
  const words = useWords(todayWords);
  const format = useFormat();
  if (!site.hours) return <Text tone="secondary">{words.hoursHidden}</Text>;
  return <Hours title={words.hours(format.day(site.day))} hours={site.hours} />;
}

function Hours({ title, hours }: { readonly title: string; readonly hours: readonly HourOfDay[] }) {
  const words = useWords(todayWords);
  const format = useFormat();
  const rows = useMemo(() => hoursShown(hours).map((one) => ({ ...one, key: String(one.hour) })), [hours]);
  // What is drawn stays, with what stands beside the pointer, until an hour has another number.
  const option = useMemo(() => {
    const known = rows.some((row) => row.usual !== null);
    const usual = {
      name: words.usual,
      type: "line",
      smooth: true,
      smoothMonotone: "x", // else it swings above the busiest hour and below nobody
      symbol: "none",
      data: rows.map((row) => row.usual),
    };
    const present = {
      name: words.present,
      type: "bar",
      data: rows.map((row) => row.visits),
      itemStyle: { borderRadius: [4, 4, 0, 0] },
    };
    return {
      grid: { left: 36, right: 8, top: known ? 32 : 12, bottom: 24 },
      tooltip: {
        trigger: "axis",
        valueFormatter: (value: unknown) => (typeof value === "number" ? format.number(value) : "–"),
      },
      ...(known ? { legend: { top: 0, left: 0 } } : {}),
      xAxis: { type: "category", data: rows.map((row) => `${row.hour}h`) },
      yAxis: { type: "value", minInterval: 1 },
      series: known ? [present, usual] : [present],
    };
  }, [rows, words, format]);
  return (
    <Chart
      title={title}
      option={option}
      height={220}
      rows={rows}
      columns={[
        { title: words.hour, dataIndex: "hour", render: (hour: number) => `${hour}:00` },
        { title: words.present, dataIndex: "visits", align: "right", render: format.number },
        {
          title: words.usual,
          dataIndex: "usual",
          align: "right",
          render: (usual: number | null) => (usual === null ? "–" : format.number(usual)),
        },
      ]}
    />
  );
}
