// A table whose cells are the deeper in colour the more is in them: a chart that is its own table.

import { theme } from "antd";
import type { CSSProperties, ReactNode } from "react";
import { useWords } from "@/words/words";
import type { Cell } from "./cells";
import { DOTTED, STRIPED } from "./Figure";
import { reportWords } from "./words";

/** Deeper would make the numbers hard to read. */
const DEEPEST_PERCENT = 55;

export interface HeatTableCell {
  readonly key: string;
  readonly cell: Cell;
  readonly under?: string | undefined;
  readonly unseen?: boolean;
  /** Stands in the table without being part of the map. */
  readonly plain?: boolean;
}
export interface HeatTableRow {
  readonly key: string;
  readonly head: ReactNode;
  readonly cells: readonly HeatTableCell[];
}
interface HeatTableProps {
  readonly title: string;
  readonly corner: string;
  readonly heads: readonly ReactNode[];
  readonly rows: readonly HeatTableRow[];
  readonly write: (value: number) => string;
  readonly writePlain?: (value: number) => string;
  /** What the deepest colour stands for; as a rule the largest of the cells. */
  readonly most?: number;
}

export function HeatTable({ title, corner, heads, rows, write, writePlain = write, most }: HeatTableProps) {
  const { token } = theme.useToken();
  const words = useWords(reportWords);
  const values = rows.flatMap((row) => row.cells.map(({ cell }) => (cell.kind === "value" ? cell.value : 0)));
  const largest = most ?? Math.max(1, ...values);
  return (
    // The keyboard scrolls it, too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable
    <section className="overflow-x-auto" tabIndex={0} aria-label={title}>
      <table className="w-full border-separate text-sm tabular-nums" style={{ borderSpacing: 2 }}>
        <thead>
          <tr style={{ color: token.colorTextSecondary }}>
            <th scope="col" className="px-1 text-left font-normal">
              {corner}
            </th>
            {heads.map((head, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: heads have no other name and never move
              <th key={place} scope="col" className="px-1 text-center font-normal">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="whitespace-nowrap px-1 text-left font-normal">
                {row.head}
              </th>
              {row.cells.map((one) => (
                <td
                  key={one.key}
                  className="h-8 rounded px-1 text-center"
                  style={lookOf(one, largest, token.colorPrimary)}
                >
                  {one.cell.kind === "hidden" && words.hidden}
                  {one.cell.kind === "value" && (one.plain ? writePlain : write)(one.cell.value)}
                  {one.unseen && <span className="seen-by-readers-only">{words.unseen}</span>}
                  {one.under && <div className="text-xs max-sm:hidden">{one.under}</div>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function lookOf({ cell, unseen, plain }: HeatTableCell, largest: number, colour: string): CSSProperties {
  if (cell.kind === "hidden") return { backgroundImage: STRIPED, fontSize: 12 };
  const deep = cell.kind === "value" && !plain ? Math.round((cell.value / largest) * DEEPEST_PERCENT) : 0;
  const filled = deep > 0 ? { backgroundColor: `color-mix(in srgb, ${colour} ${deep}%, transparent)` } : {};
  return unseen ? { ...filled, ...DOTTED } : filled;
}
