// Who was recognized at the large camera while one looks, the latest first, said aloud.

import { Tag, Typography } from "antd";
import { useEffect, useState } from "react";
import type { Camera } from "@/api/schema";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import type { PersonRecognized } from "./messages";
import { useNameOf } from "./names";
import type { Hub } from "./stream";
import { liveWords } from "./words";

const SHOWN = 6;
interface Came {
  readonly person: PersonRecognized;
  readonly at: string;
}

export function JustRecognized({
  camera,
  hub,
  zone,
}: {
  readonly camera: Camera;
  readonly hub: Hub;
  readonly zone: string;
}) {
  const words = useWords(liveWords);
  const format = useFormat();
  const nameOf = useNameOf();
  const [people, setPeople] = useState<readonly Came[]>([]);
  useEffect(() => {
    setPeople([]);
    return hub.listen(camera.camera_id, (message) => {
      if (message.kind !== "recognized") return;
      const came = { person: message, at: new Date().toISOString() };
      setPeople((before) => [came, ...before].slice(0, SHOWN));
    });
  }, [hub, camera.camera_id]);
  return (
    <section aria-label={words.recognized} className="min-w-0">
      <Typography.Title level={2} className="!mt-0 !mb-2 !text-base">
        {words.recognized}
      </Typography.Title>
      {people.length === 0 && (
        <Typography.Text type="secondary">
          {camera.recognition ? words.recognizedNone : words.countsOnly}
        </Typography.Text>
      )}
      <ol className="m-0 flex list-none flex-wrap gap-2 p-0" aria-live="polite">
        {people.map(({ person, at }) => (
          <li key={person.track_id} data-track={person.track_id}>
            <Tag className="!m-0 !px-3 !py-1 !text-base">{`${format.time(at, zone)} ${nameOf(person)}`}</Tag>
          </li>
        ))}
      </ol>
    </section>
  );
}
