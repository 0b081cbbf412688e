// The connection of live view: one stream for all cameras shown, opened again when it ends, closed while nobody looks.

import { useEffect, useState } from "react";
import { renew } from "@/api/client";
import type { LineState } from "@/api/live";
import { type Message, MessageReader, type PersonRecognized, type PictureShown } from "./messages";

type Seen = PictureShown | PersonRecognized;
type Listener = (message: Seen) => void;
/** The gateway says every 5 s that it is there. */
const SILENT_FOR_MS = 12_000;
const SOON_MS = 1_000;
const LATEST_MS = 10_000;

/** Hands each camera's messages to the screens that show it; who comes later gets the newest picture at once. */
export class Hub {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly pictures = new Map<string, PictureShown>();

  tell(message: Seen): void {
    if (message.kind === "picture") this.pictures.set(message.camera_id, message);
    for (const listener of this.listeners.get(message.camera_id) ?? []) listener(message);
  }

  listen(cameraId: string, listener: Listener): () => void {
    const all = this.listeners.get(cameraId) ?? new Set();
    this.listeners.set(cameraId, all.add(listener));
    const newest = this.pictures.get(cameraId);
    if (newest) listener(newest);
    return () => all.delete(listener);
  }

  /** Forget what was seen: after a pause it is no longer now. */
  clear(): void {
    this.pictures.clear();
  }
}

/** Watch these cameras while the page is seen; each beginning is audited by the gateway. */
export function useLiveView(cameraIds: readonly string[]): { readonly hub: Hub; readonly line: LineState } {
  const [hub] = useState(() => new Hub());
  const [line, setLine] = useState<LineState>("connecting");
  const wanted = [...cameraIds].sort().join(" ");
  useEffect(() => {
    if (!wanted) return;
    let stream: Stream | undefined;
    const look = () => {
      if (document.hidden) {
        stream?.close();
        stream = undefined;
        hub.clear();
      } else stream ??= new Stream(wanted.split(" "), hub, setLine);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      stream?.close();
    };
  }, [wanted, hub]);
  return { hub, line };
}

class Stream {
  private readonly ended = new AbortController();
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly cameraIds: readonly string[],
    private readonly hub: Hub,
    private readonly say: (line: LineState) => void,
  ) {
    say("connecting");
    void this.run();
  }

  close(): void {
    this.ended.abort();
    clearTimeout(this.silence);
  }

  private async run(): Promise<void> {
    let wait = SOON_MS;
    while (!this.ended.signal.aborted) {
      const worked = await this.watch().catch(() => false);
      if (this.ended.signal.aborted) return;
      if (!worked) this.say("stale");
      wait = worked ? SOON_MS : Math.min(wait * 2, LATEST_MS);
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  /** Read one answer to its end; says whether it told anything. */
  private async watch(): Promise<boolean> {
    const attempt = new AbortController();
    const signal = AbortSignal.any([this.ended.signal, attempt.signal]);
    const query = new URLSearchParams(this.cameraIds.map((id) => ["camera_id", id]));
    const listen = () => {
      clearTimeout(this.silence);
      this.silence = setTimeout(() => attempt.abort(), SILENT_FOR_MS);
    };
    listen();
    try {
      const answer = await fetch(`/v1/live-view?${query}`, { signal });
      if (answer.status === 401) await renew();
      if (!answer.ok || !answer.body) return false;
      this.say("connected");
      return await this.readAll(answer.body, listen);
    } finally {
      clearTimeout(this.silence);
    }
  }

  private async readAll(body: ReadableStream<Uint8Array>, heard: () => void): Promise<boolean> {
    const [pieces, messages] = [body.getReader(), new MessageReader()];
    let told = false;
    for (;;) {
      const { value, done } = await pieces.read();
      if (done) return told;
      told = true;
      heard();
      for (const message of messages.read(value)) this.pass(message);
    }
  }

  private pass(message: Message): void {
    if (message.kind !== "alive") this.hub.tell(message);
  }
}
