// The one place that knows the drawing library; fetched with the first chart.

import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart,
  LineChart,
  HeatmapChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

interface Look {
  readonly dark: boolean;
  readonly text: string;
  /** At once and as it stays: nothing is drawn any more once the paper is. */
  readonly still: boolean;
}

/** Draw into `place` and follow its size; returns what ends it. */
export function draw(place: HTMLElement, option: EChartsCoreOption, look: Look): () => void {
  const zoom = Number(getComputedStyle(place).zoom) || 1;
  const chart = init(place, look.dark ? "dark" : undefined, { devicePixelRatio: devicePixelRatio * zoom });
  chart.setOption({
    backgroundColor: "transparent",
    color: ["#0f766e", "#d97706", "#64748b", "#7c3aed", "#be123c", "#2563eb"],
    textStyle: { color: look.text, fontFamily: 'system-ui, "Noto Sans", sans-serif' },
    animation: !look.still,
    animationDuration: 200,
    ...option,
  });
  if (look.still) chart.getZr().flush();
  const watcher = new ResizeObserver(() => chart.resize());
  watcher.observe(place);
  return () => {
    watcher.disconnect();
    chart.dispose();
  };
}
