// What live view sends, taken apart: one message after another, each two lengths (4 bytes, big-endian), JSON, JPEG.

import type { FaceBox } from "./scene";

export interface PictureShown {
  readonly kind: "picture";
  readonly camera_id: string;
  readonly at: string;
  readonly width: number;
  readonly height: number;
  /** Whether the faces in the boxes will be recognized at all. */
  readonly recognition: boolean;
  readonly boxes: readonly FaceBox[];
  readonly jpeg: Uint8Array<ArrayBuffer>;
}
export interface PersonRecognized {
  readonly kind: "recognized";
  readonly camera_id: string;
  readonly track_id: string;
  readonly state: "known" | "new" | "staff" | "undetermined";
  readonly name: string | null;
  readonly handle: string | null;
  readonly visit_number: number | null;
}
export type Message = PictureShown | PersonRecognized | { readonly kind: "alive" };

const LENGTHS = 8;
const reader = new TextDecoder();

/** Puts the pieces of a stream together again; a message may come in many pieces, a piece may hold many messages. */
export class MessageReader {
  private kept = new Uint8Array(0);

  /** Take a piece; returns the messages that are whole with it. */
  read(piece: Uint8Array): Message[] {
    const all = new Uint8Array(this.kept.length + piece.length);
    all.set(this.kept);
    all.set(piece, this.kept.length);
    const lengths = new DataView(all.buffer);
    const whole: Message[] = [];
    let from = 0;
    while (all.length - from >= LENGTHS) {
      const told = from + LENGTHS + lengths.getUint32(from);
      const end = told + lengths.getUint32(from + 4);
      if (all.length < end) break;
      const facts = JSON.parse(reader.decode(all.subarray(from + LENGTHS, told))) as Message;
      whole.push(facts.kind === "picture" ? { ...facts, jpeg: all.slice(told, end) } : facts);
      from = end;
    }
    this.kept = all.slice(from);
    return whole;
  }
}
