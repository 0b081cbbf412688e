// Bars and lines over the buckets of a report, for the drawing library. Hidden and unseen buckets are striped behind.

import type { EChartsCoreOption } from "echarts/core";
import { type Cell, drawn } from "./cells";
import type { Label } from "./labels";

export const COLOURS = {
  visits: "#0f766e",
  new: "#0f9488",
  returning: "#d97706",
  undetermined: "#94a3b8",
  female: "#be5a8a",
  male: "#3b82c4",
  unknown: "#94a3b8",
  before: "#64748b",
} as const;

export interface Series {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly colour: string;
  readonly as?: "bar" | "line" | "dashes";
  /** Bars of the same stack stand on each other. */
  readonly stack?: string;
}

export interface Bucketed {
  readonly labels: readonly Label[];
  readonly series: readonly Series[];
  /** Buckets that go on growing are drawn paler. */
  readonly open?: readonly boolean[];
  /** Buckets that cameras have not wholly seen. */
  readonly unseen?: readonly boolean[];
  /** How a number is written, beside the pointer and at the axis. */
  readonly write: (value: number) => string;
  readonly words: { readonly hidden: string; readonly unseen: string; readonly stillOpen: string };
  /** Further lines beside the pointer. */
  readonly remark?: (place: number) => string | undefined;
  /** Bars that lie, the first on top. */
  readonly lying?: boolean;
  /** The axis ends here. */
  readonly most?: number;
  /** How many of what is counted make one at the axis: 60 where seconds are drawn as minutes. */
  readonly per?: number;
}

const STRIPES = { rotation: -Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [2, 6], color: "#9aa5ad" };
const DOTS = {
  symbol: "circle",
  symbolSize: 0.6,
  dashArrayX: [[6, 6]],
  dashArrayY: [6, 6],
  color: "#c08a3e",
};

/** Which buckets have something hidden that would else be drawn. */
export function hiddenOf(series: readonly Series[]): readonly boolean[] {
  const longest = Math.max(0, ...series.map((one) => one.cells.length));
  return Array.from({ length: longest }, (_, place) =>
    series.some((one) => one.cells[place]?.kind === "hidden"),
  );
}

export function barsOption(of: Bucketed): EChartsCoreOption {
  const names = of.labels.map((label) => label.long);
  const shown = {
    type: "category",
    data: names,
    inverse: of.lying === true,
    axisTick: { show: false },
    axisLabel: {
      hideOverlap: true,
      formatter: (_: string, place: number) => of.labels[place]?.short ?? "",
      ...(of.lying ? { width: 110, overflow: "truncate" } : {}),
    },
  };
  const behind = { type: "category", data: names, show: false, inverse: of.lying === true };
  const values = {
    type: "value",
    minInterval: 1,
    splitNumber: 4,
    axisLabel: { formatter: (value: number) => of.write(value * (of.per ?? 1)), hideOverlap: true },
    ...(of.most === undefined ? {} : { max: of.most, minInterval: 0, interval: of.most / 4 }),
  };
  const unit = { type: "value", show: false, min: 0, max: 1 };
  const striped = marks(of);
  const many = of.series.length + striped.length > 1;
  return {
    grid: { left: 4, right: 12, top: many ? 40 : 14, bottom: 4, outerBoundsMode: "same" },
    ...(many ? { legend: { type: "scroll", top: 0, left: 0, itemWidth: 16, itemHeight: 10 } } : {}),
    tooltip: { trigger: "axis", confine: true, formatter: (at: unknown) => tip(of, placeOf(at)) },
    xAxis: of.lying ? [values, unit] : [shown, behind],
    yAxis: of.lying ? [shown, behind] : [values, unit],
    series: [...striped, ...of.series.map((one) => drawnSeries(one, of))],
  };
}

function drawnSeries(one: Series, of: Bucketed) {
  const isLine = one.as === "line" || one.as === "dashes";
  const data = one.cells.slice(0, of.labels.length).map((cell, place) => {
    const value = drawn(cell);
    // A line would fall to what an unfinished bucket has so far.
    return value === null || (one.as === "line" && of.open?.[place]) ? null : value / (of.per ?? 1);
  });
  if (isLine) {
    return {
      name: one.name,
      type: "line",
      data,
      color: one.colour,
      symbol: data.length > 1 ? "none" : "circle",
      lineStyle: { width: 2, type: one.as === "dashes" ? "dashed" : "solid" },
    };
  }
  return {
    name: one.name,
    type: "bar",
    color: one.colour,
    barMaxWidth: 40,
    ...(one.stack ? { stack: one.stack } : {}),
    data: data.map((value, place) => (of.open?.[place] ? { value, itemStyle: { opacity: 0.55 } } : value)),
  };
}

function marks(of: Bucketed) {
  const place = of.lying ? { yAxisIndex: 1, xAxisIndex: 1 } : { xAxisIndex: 1, yAxisIndex: 1 };
  const behind = (name: string, where: readonly boolean[], decal: object) =>
    where.some(Boolean)
      ? [
          {
            name,
            type: "bar",
            ...place,
            barWidth: "100%",
            barGap: "-100%",
            silent: true,
            z: 0,
            itemStyle: { color: "rgba(148,163,184,0.14)", decal },
            data: where.map((is) => (is ? 1 : null)),
          },
        ]
      : [];
  return [
    ...behind(of.words.unseen, of.unseen ?? [], DOTS),
    ...behind(of.words.hidden, hiddenOf(of.series.filter((one) => one.as !== "dashes")), STRIPES),
  ];
}

function placeOf(at: unknown): number {
  const first: unknown = Array.isArray(at) ? at[0] : at;
  const found = typeof first === "object" && first !== null && "dataIndex" in first ? first.dataIndex : 0;
  return typeof found === "number" ? found : 0;
}

/** What stands beside the pointer. As elements, since a site's name is whatever somebody has typed. */
function tip(of: Bucketed, place: number): HTMLElement {
  const box = document.createElement("div");
  const line = (text: string, weight = "400", colour = "") => {
    const row = box.appendChild(document.createElement("div"));
    row.style.fontWeight = weight;
    if (colour) {
      const dot = row.appendChild(document.createElement("span"));
      dot.style.cssText = `display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px;background:${colour}`;
    }
    row.append(text);
  };
  line(`${of.labels[place]?.long ?? ""}${of.open?.[place] ? ` · ${of.words.stillOpen}` : ""}`, "600");
  for (const one of of.series) {
    const cell = one.cells[place];
    if (!cell || cell.kind === "none") continue;
    line(
      `${one.name}: ${cell.kind === "hidden" ? of.words.hidden : of.write(cell.value)}`,
      "400",
      one.colour,
    );
  }
  const remark = of.remark?.(place);
  if (remark) line(remark);
  return box;
}
