// One camera's picture as it comes, with what is known of the faces in it; says so when the picture is old or missing.

import { VideoCameraOutlined } from "@ant-design/icons";
import { Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import type { Camera } from "@/api/schema";
import { CameraStatus } from "@/pages/cameras/CameraStatus";
import { conditionOf } from "@/pages/cameras/condition";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import type { PersonRecognized, PictureShown } from "./messages";
import { useNameOf } from "./names";
import { paint } from "./paint";
import { Scene } from "./scene";
import type { Hub } from "./stream";
import { liveWords } from "./words";

const OLD_AFTER_S = 4;
const REPAINT_MS = 1_000;

interface ScreenProps {
  readonly camera: Camera;
  readonly hub: Hub;
  readonly boxes: boolean;
  readonly small?: boolean;
}

export function Screen({ camera, hub, boxes, small = false }: ScreenProps) {
  const words = useWords(liveWords);
  const canvas = useRef<HTMLCanvasElement>(null);
  const age_s = useShowing(canvas, camera.camera_id, hub, boxes);
  const format = useFormat();
  const old = age_s !== undefined && age_s >= OLD_AFTER_S;
  const ago = age_s === undefined ? "" : `${format.number(age_s)} s`;
  return (
    <div
      className="relative aspect-video w-full overflow-hidden rounded-lg bg-black"
      data-age={age_s ?? "none"}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={words.pictureOf(camera.name)}
        className={`block h-full w-full object-contain ${old ? "opacity-40" : ""}`}
      />
      {age_s === undefined && <Nothing camera={camera} small={small} />}
      {old && (
        <span className="absolute top-2 left-2 rounded bg-[rgb(0_0_0/0.75)] px-2 py-0.5 text-sm text-white">
          {words.old(ago)}
        </span>
      )}
    </div>
  );
}

/** Instead of a picture; a small screen has its state written below it. */
function Nothing({ camera, small }: { readonly camera: Camera; readonly small: boolean }) {
  const words = useWords(liveWords);
  const runs = conditionOf(camera).says === "running";
  return (
    <div className="absolute inset-0 flex items-center justify-center bg-[rgb(128_140_150/0.18)] p-3">
      {small ? (
        <VideoCameraOutlined className="text-2xl !text-white" aria-hidden />
      ) : (
        <div className="rounded-lg bg-[var(--ant-color-bg-container)] px-3 py-2">
          {runs ? (
            <Typography.Text>{words.waiting}</Typography.Text>
          ) : (
            <CameraStatus camera={camera} advice={false} />
          )}
        </div>
      )}
    </div>
  );
}

/** Paint what comes onto the canvas; returns how old the picture is in seconds, undefined while there is none. */
function useShowing(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  cameraId: string,
  hub: Hub,
  boxes: boolean,
): number | undefined {
  const [age_s, setAge] = useState<number>();
  const nameOf = useNameOf();
  const look = useRef({ boxes, nameOf });
  look.current = { boxes, nameOf };
  useEffect(() => {
    const showing = new Showing(
      () => look.current,
      () => canvas.current,
    );
    const leave = hub.listen(cameraId, (message) => showing.take(message));
    const timer = setInterval(() => {
      showing.repaint();
      setAge(showing.age_s());
    }, REPAINT_MS);
    showing.first = () => setAge(0);
    return () => {
      leave();
      clearInterval(timer);
      showing.end();
      setAge(undefined);
    };
  }, [canvas, cameraId, hub]);
  return age_s;
}

interface Look {
  readonly boxes: boolean;
  readonly nameOf: (person: PersonRecognized) => string;
}

/** Decodes one picture at a time: what comes meanwhile waits, and only the newest of it. */
class Showing {
  first = () => {};
  private readonly scene = new Scene();
  private picture: ImageBitmap | undefined;
  private came = 0;
  private decoding = false;
  private next: PictureShown | undefined;
  private ended = false;

  constructor(
    private readonly look: () => Look,
    private readonly canvas: () => HTMLCanvasElement | null,
  ) {}

  take(message: PictureShown | PersonRecognized): void {
    if (message.kind === "recognized") {
      this.scene.recognize(message, Date.now());
      this.repaint();
    } else {
      this.next = message;
      if (!this.decoding) void this.decode();
    }
  }

  age_s(): number | undefined {
    return this.picture && Math.floor((Date.now() - this.came) / 1000);
  }

  repaint(): void {
    const canvas = this.canvas();
    if (!canvas || !this.picture || this.ended) return;
    const { boxes, nameOf } = this.look();
    paint(canvas, { picture: this.picture, marked: boxes ? this.scene.marked(Date.now()) : [], nameOf });
  }

  end(): void {
    this.ended = true;
    this.picture?.close();
  }

  private async decode(): Promise<void> {
    this.decoding = true;
    while (this.next && !this.ended) {
      const shown = this.next;
      this.next = undefined;
      const picture = await createImageBitmap(new Blob([shown.jpeg], { type: "image/jpeg" })).catch(
        () => undefined,
      );
      if (!picture) continue;
      if (this.ended) return picture.close();
      if (!this.picture) this.first();
      this.picture?.close();
      this.picture = picture;
      this.came = Date.now();
      this.scene.see(shown.boxes, this.came);
      this.repaint();
    }
    this.decoding = false;
  }
}
