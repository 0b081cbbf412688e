// Server-sent events of the chain: one connection per page, told in batches so that a rush does not freeze it.

import { useEffect, useRef, useState } from "react";
import { renew } from "./client";

export type LineState = "connecting" | "connected" | "stale";
export interface LiveNews {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const TELL_EVERY_MS = 300;
const TRY_AGAIN_MS = 3_000;

/** Listen to these kinds of news while the component is shown; `onNews` gets what came within 0.3 s at once. */
export function useLive(kinds: readonly string[], onNews: (news: readonly LiveNews[]) => void): LineState {
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
  private waiting: LiveNews[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private readonly kinds: readonly string[],
    private readonly tell: (news: readonly LiveNews[]) => void,
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
    source.addEventListener("ready", () => this.say("connected"));
    for (const kind of this.kinds) {
      source.addEventListener(kind, (event) => this.heard(kind, event.data));
    }
    source.onerror = () => {
      this.say("stale");
      if (source.readyState === EventSource.CLOSED && !this.closed) void this.reopen();
    };
  }

  /** The browser gives up on an answer that is no stream: a login that ran out, or a gateway that is away. */
  private async reopen(): Promise<void> {
    await renew();
    await new Promise((done) => setTimeout(done, TRY_AGAIN_MS));
    if (!this.closed) this.open();
  }

  private heard(kind: string, text: string): void {
    this.waiting.push({ kind, data: JSON.parse(text) as Record<string, unknown> });
    this.timer ??= setTimeout(() => {
      const news = this.waiting;
      this.waiting = [];
      this.timer = undefined;
      this.tell(news);
    }, TELL_EVERY_MS);
  }
}
