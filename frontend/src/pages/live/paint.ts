// Paints one camera's picture and what is known of it onto a canvas, as sharp as the screen is.

import type { PersonRecognized } from "./messages";
import type { Marked } from "./scene";

const COLOURS: Readonly<Record<PersonRecognized["state"] | "looking", string>> = {
  looking: "#ffffff",
  known: "#4ade80",
  new: "#5eead4",
  staff: "#c4b5fd",
  undetermined: "#fcd34d",
};
const TEXT_PX = 15;
const SMALL_TEXT_PX = 11;
const SMALL_BELOW_PX = 400;

export interface Painted {
  readonly picture: ImageBitmap;
  readonly marked: readonly Marked[];
  /** What is written over a face. */
  readonly nameOf: (person: PersonRecognized) => string;
}

/** Paint anew; the canvas takes the size it is shown at. */
export function paint(canvas: HTMLCanvasElement, { picture, marked, nameOf }: Painted): void {
  const pen = canvas.getContext("2d");
  if (!pen || canvas.clientWidth === 0) return;
  const fine = Math.min(devicePixelRatio || 1, 2);
  const width = Math.round(canvas.clientWidth * fine);
  const height = Math.round((width * picture.height) / picture.width);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  pen.drawImage(picture, 0, 0, width, height);
  const text_px = (canvas.clientWidth < SMALL_BELOW_PX ? SMALL_TEXT_PX : TEXT_PX) * fine;
  for (const one of marked) mark(pen, one, fine, text_px, nameOf);
}

function mark(
  pen: CanvasRenderingContext2D,
  one: Marked,
  fine: number,
  text_px: number,
  nameOf: Painted["nameOf"],
): void {
  const { width, height } = pen.canvas;
  const { box, person, gone } = one;
  const [x, y, w, h] = [box.x * width, box.y * height, box.width * width, box.height * height];
  const colour = COLOURS[person?.state ?? "looking"];
  if (!gone) {
    pen.lineWidth = 4 * fine;
    pen.strokeStyle = "rgb(0 0 0 / 0.5)";
    pen.strokeRect(x, y, w, h);
    pen.lineWidth = 2 * fine;
    pen.strokeStyle = colour;
    pen.strokeRect(x, y, w, h);
  }
  if (person) write(pen, nameOf(person), x, y, text_px, colour);
}

/** A name above its face, moved so that all of it is in the picture. */
function write(
  pen: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  high: number,
  colour: string,
): void {
  pen.font = `600 ${high}px system-ui, "Noto Sans", sans-serif`;
  pen.textBaseline = "middle";
  const wide = pen.measureText(text).width + high;
  const left = Math.max(0, Math.min(x, pen.canvas.width - wide));
  const top = Math.max(0, y - high * 1.9);
  pen.fillStyle = "rgb(0 0 0 / 0.72)";
  pen.fillRect(left, top, wide, high * 1.7);
  pen.fillStyle = colour;
  pen.fillText(text, left + high / 2, top + high * 0.88);
}
