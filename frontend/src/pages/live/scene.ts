// What is drawn over one camera's picture: boxes around faces now, and for some seconds who somebody was.

import type { PersonRecognized } from "./messages";

export interface FaceBox {
  readonly track_id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Marked {
  readonly box: FaceBox;
  /** Undefined until it is known who it is, at the latest after the track. */
  readonly person: PersonRecognized | undefined;
  /** The face itself has left the picture; this is where it was last. */
  readonly gone: boolean;
}

const NAME_FOR_MS = 6_000;
const REMEMBER_FOR_MS = 30_000;

/** Remembers where each face was last, since who it was may be told after it has gone. */
export class Scene {
  private now: readonly FaceBox[] = [];
  private readonly last = new Map<string, { readonly box: FaceBox; readonly at: number }>();
  private readonly people = new Map<string, { readonly person: PersonRecognized; readonly at: number }>();

  /** The boxes of a new picture; `at` is this machine's clock in milliseconds. */
  see(boxes: readonly FaceBox[], at: number): void {
    this.now = boxes;
    for (const box of boxes) {
      this.last.set(box.track_id, { box, at });
      const known = this.people.get(box.track_id);
      if (known) this.people.set(box.track_id, { ...known, at });
    }
    for (const kept of [this.last, this.people]) {
      for (const [track, { at: then }] of kept) if (at - then > REMEMBER_FOR_MS) kept.delete(track);
    }
  }

  recognize(person: PersonRecognized, at: number): void {
    this.people.set(person.track_id, { person, at });
  }

  /** What to draw at this moment. */
  marked(at: number): readonly Marked[] {
    const here = this.now.map((box) => ({ box, person: this.people.get(box.track_id)?.person, gone: false }));
    const shown = new Set(this.now.map((box) => box.track_id));
    const gone = [...this.people].flatMap(([track, { person, at: then }]) => {
      const box = this.last.get(track)?.box;
      return box && !shown.has(track) && at - then < NAME_FOR_MS ? [{ box, person, gone: true }] : [];
    });
    return [...here, ...gone];
  }
}
