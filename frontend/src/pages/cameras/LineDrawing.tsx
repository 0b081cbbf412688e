// The counting line over a picture: drawn by mouse, finger or pen, its ends moved by keys too; an arrow shows the way in.

import { type PointerEvent, useRef, useState } from "react";
import type { Line } from "@/api/schema";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { arrows, type End, endOf, inside, isLongEnough, type Point, type Size, withEnd } from "./line";
import { camerasWords } from "./words";

interface LineDrawingProps {
  /** What is under the line; undefined: nothing was seen yet. */
  readonly picture: { readonly url: string; readonly alt: string } | undefined;
  readonly size: Size;
  readonly line: Line | undefined;
  readonly onChange: (line: Line) => void;
}

const STEP = 0.01;
const BIG_STEP = 0.05;
const KEYS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export function LineDrawing({ picture, size, line, onChange }: LineDrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState<{ readonly line: Line; readonly end: End }>();
  const shown = draft?.line ?? line;
  const at = (event: PointerEvent): Point => {
    const box = place.current?.getBoundingClientRect() ?? new DOMRect();
    return {
      x: inside((event.clientX - box.left) / box.width),
      y: inside((event.clientY - box.top) / box.height),
    };
  };
  const begin = (event: PointerEvent, end?: End) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    place.current?.setPointerCapture(event.pointerId);
    const point = at(event);
    const fresh = { x1: point.x, y1: point.y, x2: point.x, y2: point.y };
    setDraft(end && line ? { line, end } : { line: fresh, end: "b" });
  };
  const finish = () => {
    if (draft && isLongEnough(draft.line)) onChange(draft.line);
    setDraft(undefined);
  };
  return (
    <div
      ref={place}
      className="relative w-full cursor-crosshair touch-none rounded-lg bg-[rgb(128_140_150/0.18)]"
      style={{ aspectRatio: `${size.width} / ${size.height}` }}
      onPointerDown={begin}
      onPointerMove={(event) =>
        draft && setDraft({ ...draft, line: withEnd(draft.line, draft.end, at(event)) })
      }
      onPointerUp={finish}
      onPointerCancel={() => setDraft(undefined)}
    >
      {picture && (
        <img
          src={picture.url}
          alt={picture.alt}
          draggable={false}
          className="pointer-events-none block h-full w-full rounded-lg"
        />
      )}
      {shown && <Drawn line={shown} size={size} />}
      {shown && !(draft && !line) && (
        <>
          <Handle end="a" line={shown} onChange={onChange} onGrab={begin} />
          <Handle end="b" line={shown} onChange={onChange} onGrab={begin} />
        </>
      )}
    </div>
  );
}

interface HandleProps {
  readonly end: End;
  readonly line: Line;
  readonly onChange: (line: Line) => void;
  readonly onGrab: (event: PointerEvent, end: End) => void;
}

function Handle({ end, line, onChange, onGrab }: HandleProps) {
  const words = useWords(camerasWords);
  const format = useFormat();
  const { x, y } = endOf(line, end);
  return (
    <button
      type="button"
      data-end={end}
      className="absolute flex h-11 w-11 cursor-grab touch-none items-center justify-center border-0 bg-transparent p-0"
      style={{ left: `${x * 100}%`, top: `${y * 100}%`, translate: "-50% -50%" }}
      aria-label={words.lineEnd(end.toUpperCase(), format.percent(x), format.percent(y))}
      onPointerDown={(event) => onGrab(event, end)}
      onKeyDown={(event) => {
        const way = KEYS[event.key];
        if (!way) return;
        event.preventDefault();
        const step = event.shiftKey ? BIG_STEP : STEP;
        const moved = withEnd(line, end, { x: x + way.x * step, y: y + way.y * step });
        if (isLongEnough(moved)) onChange(moved);
      }}
    >
      <span className="h-5 w-5 rounded-full border-3 border-white bg-[#0f766e] shadow-[0_0_4px_rgb(0_0_0/0.6)]" />
    </button>
  );
}

/** The line itself, light on dark so that it is seen on every picture. */
function Drawn({ line, size }: { readonly line: Line; readonly size: Size }) {
  const words = useWords(camerasWords);
  const { middle, in: tip, out } = arrows(line, size);
  const fine = Math.max(size.width, size.height) / 320;
  const from = { x: line.x1 * size.width, y: line.y1 * size.height };
  const to = { x: line.x2 * size.width, y: line.y2 * size.height };
  const said = {
    fontSize: fine * 13,
    fontWeight: 700,
    textAnchor: "middle",
    dominantBaseline: "middle",
  } as const;
  const outline = { stroke: "#000a", strokeWidth: fine * 3.5, paintOrder: "stroke" } as const;
  const beyond = (point: Point): Point => ({
    x: Math.min(size.width * 0.94, Math.max(size.width * 0.06, middle.x + (point.x - middle.x) * 1.8)),
    y: Math.min(size.height * 0.95, Math.max(size.height * 0.05, middle.y + (point.y - middle.y) * 1.8)),
  });
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${size.width} ${size.height}`}
      className="pointer-events-none absolute inset-0 h-full w-full"
    >
      <Stroke from={from} to={to} fine={fine} />
      <Stroke from={middle} to={tip} fine={fine} />
      <ArrowHead from={middle} to={tip} fine={fine} />
      <text {...beyond(tip)} {...said} {...outline} fill="#5eead4">
        {words.in}
      </text>
      <text {...beyond(out)} {...said} {...outline} fill="#fde68a">
        {words.out}
      </text>
    </svg>
  );
}

interface StrokeProps {
  readonly from: Point;
  readonly to: Point;
  readonly fine: number;
}

function Stroke({ from, to, fine }: StrokeProps) {
  const along = { x1: from.x, y1: from.y, x2: to.x, y2: to.y, strokeLinecap: "round" } as const;
  return (
    <>
      <line {...along} stroke="#000a" strokeWidth={fine * 4} />
      <line {...along} stroke="#5eead4" strokeWidth={fine * 2} />
    </>
  );
}

function ArrowHead({ from, to, fine }: StrokeProps) {
  const long = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [((to.x - from.x) / long) * fine * 7, ((to.y - from.y) / long) * fine * 7];
  const corners = [
    [to.x + ux, to.y + uy],
    [to.x - uy * 0.7, to.y + ux * 0.7],
    [to.x + uy * 0.7, to.y - ux * 0.7],
  ];
  return <polygon points={corners.join(" ")} fill="#5eead4" stroke="#000a" strokeWidth={fine * 0.7} />;
}
