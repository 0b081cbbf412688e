// One figure in a table: a number, or a mark that says why there is none.

import { EyeInvisibleOutlined } from "@ant-design/icons";
import { Typography } from "antd";
import type { CSSProperties } from "react";
import { useWords } from "@/words/words";
import type { Cell } from "./cells";
import { reportWords } from "./words";

/** The stripes that stand for what is hidden, in every table and chart. */
export const STRIPED =
  "repeating-linear-gradient(-45deg, transparent 0 5px, rgba(148, 163, 184, 0.28) 5px 7px)";
/** Behind what cameras have not wholly seen. */
export const DOTTED: CSSProperties = {
  backgroundImage: "radial-gradient(circle, rgba(192, 138, 62, 0.5) 1.5px, transparent 2px)",
  backgroundSize: "9px 9px",
};

export function Hidden() {
  const words = useWords(reportWords);
  return (
    <Typography.Text
      type="secondary"
      className="inline-block whitespace-nowrap rounded px-1 text-sm"
      style={{ background: STRIPED }}
    >
      <EyeInvisibleOutlined aria-hidden /> {words.hidden}
    </Typography.Text>
  );
}

export function Figure({ cell, write }: { readonly cell: Cell; readonly write: (value: number) => string }) {
  if (cell.kind === "hidden") return <Hidden />;
  if (cell.kind === "none") return <Typography.Text type="secondary">–</Typography.Text>;
  return <span className="tabular-nums">{write(cell.value)}</span>;
}
