// A drawn figure and the same as a table; the drawing library is fetched when the first chart is shown.

import { BarChartOutlined, TableOutlined } from "@ant-design/icons";
import { Button, type TableColumnsType, theme } from "antd";
import type { EChartsCoreOption } from "echarts/core";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useDark, usePrinting } from "@/app/theme";
import { useWords } from "@/words/words";
import { Loading } from "./PageState";
import { sharedWords } from "./words";

const FiguresTable = lazy(() => import("./FiguresTable"));
/** Drawn for the screen, which is another width than paper. */
const ON_PAPER =
  "print:!h-auto print:[&>div]:!h-auto print:[&>div]:!w-full print:[&_canvas]:!static print:[&_canvas]:!h-auto print:[&_canvas]:!w-full";
/** What draws; a page of charts fetches it while its figures are on their way. */
export async function fetchDrawing() {
  drawing = await import("./drawing");
  return drawing;
}
let drawing: typeof import("./drawing") | undefined;

interface ChartProps<T> {
  readonly title: string;
  readonly option: EChartsCoreOption;
  readonly height?: number;
  /** The same figures as rows, for who reads rather than looks. */
  readonly columns: TableColumnsType<T>;
  readonly rows: readonly T[];
  /** What must be said under the title for the figures to be understood. */
  readonly note?: ReactNode;
}

export function Chart<T extends { readonly key: string }>({
  title,
  option,
  height = 280,
  columns,
  rows,
  note,
}: ChartProps<T>) {
  const words = useWords(sharedWords);
  const [asTable, setAsTable] = useState(false);
  const other = asTable ? words.showChart : words.showTable;
  return (
    <figure className="m-0" aria-label={title}>
      <figcaption className="mb-2 flex items-center gap-2">
        <h3 className="m-0 font-semibold text-base">{title}</h3>
        <Button
          type="text"
          size="small"
          className="ml-auto print:!hidden"
          icon={asTable ? <BarChartOutlined aria-hidden /> : <TableOutlined aria-hidden />}
          aria-label={other}
          onClick={() => setAsTable(!asTable)}
        >
          <span className="max-sm:hidden">{other}</span>
        </Button>
      </figcaption>
      {note && <p className="mt-0 mb-2 text-sm">{note}</p>}
      {asTable ? (
        <Suspense fallback={<Loading />}>
          <FiguresTable columns={columns} rows={rows} height={height} />
        </Suspense>
      ) : (
        <Drawing option={option} height={height} title={title} />
      )}
    </figure>
  );
}

function Drawing({
  option,
  height,
  title,
}: {
  readonly option: EChartsCoreOption;
  readonly height: number;
  readonly title: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const still = usePrinting();
  const { token } = theme.useToken();
  useEffect(() => {
    let ended = false;
    let end = () => {};
    const drawWith = ({ draw }: typeof import("./drawing")) => {
      if (place.current && !ended) end = draw(place.current, option, { dark, text: token.colorText, still });
    };
    // What is there draws at once: paper does not wait.
    if (drawing) drawWith(drawing);
    else void fetchDrawing().then(drawWith);
    return () => {
      ended = true;
      end();
    };
  }, [option, dark, token.colorText, still]);
  return (
    <div ref={place} className={`drawing ${ON_PAPER}`} role="img" aria-label={title} style={{ height }} />
  );
}
