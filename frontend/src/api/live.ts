// Server-sent events of the chain: one connection per page. However many come, a page asks again in one round at a time.

import { useEffect, useRef, useState } from "react";
import { renew } from "./client";

export type LineState = "connecting" | "connected" | "stale";
/** Told the kinds of what came; the next are told when its promise has ended. */
export type Told = (kinds: ReadonlySet<string>) => Promise<unknown>;

/** What comes in one piece is asked for in one round; a single piece of news hardly waits. */
const GATHER_MS = 30;
/** Between the end of one round and the next, so that the page is left time to be used. */
const REST_MS = 1_000;
const TRY_AGAIN_MS = 3_000;

/** Listen to these kinds of news while the component is shown. */
export function useLive(kinds: readonly string[], onNews: Told): LineState {
  const [line, setLine] = useState<LineState>("connecting");
  const told = useRef(onNews);
  told.current = onNews;
  const wanted = kinds.join(" ");
  useEffect(() => {
    const connection = new LiveConnection(wanted.split(" "), (news) => told.current(news), setLine);
    return () => connection.close();
  }, [wanted]);
  return line;
}

class LiveConnection {
  private source: EventSource | undefined;
  private waiting = new Set<string>();
  private telling = false;
  private restsUntil = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private brokenOff = false;

  constructor(
    private readonly kinds: readonly string[],
    private readonly tell: Told,
    private readonly say: (line: LineState) => void,
  ) {
    this.open();
  }

  close(): void {
    this.closed = true;
    this.source?.close();
    clearTimeout(this.timer);
  }

  private open(): void {
    const source = new EventSource("/v1/live");
    this.source = source;
    source.addEventListener("ready", () => {
      this.say("connected");
      if (this.brokenOff) for (const kind of this.kinds) this.heard(kind); // what came meanwhile is told to nobody
      this.brokenOff = false;
    });
    for (const kind of this.kinds) {
      source.addEventListener(kind, () => this.heard(kind));
    }
    source.onerror = () => {
      this.say("stale");
      if (source.readyState === EventSource.CLOSED && !this.closed) void this.reopen();
    };
  }

  /** The browser gives up on an answer that is no stream: a login that ran out, or a gateway that is away. */
  private async reopen(): Promise<void> {
    this.brokenOff = true;
    await renew();
    await new Promise((done) => setTimeout(done, TRY_AGAIN_MS));
    if (!this.closed) this.open();
  }

  private heard(kind: string): void {
    this.waiting.add(kind);
    if (!this.telling) this.plan();
  }

  private plan(): void {
    const wait = Math.max(GATHER_MS, this.restsUntil - performance.now());
    this.timer ??= setTimeout(() => void this.round(), wait);
  }

  private async round(): Promise<void> {
    const kinds = this.waiting;
    this.waiting = new Set();
    this.timer = undefined;
    this.telling = true;
    await this.tell(kinds).catch(() => undefined); // what failed is said where it is shown
    this.telling = false;
    this.restsUntil = performance.now() + REST_MS;
    if (this.waiting.size > 0 && !this.closed) this.plan();
  }
}
