// A camera's state in words: what it does, why, and what to do about it.

import { Badge, Typography } from "antd";
import type { Camera } from "@/api/schema";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { conditionOf, lostInAll } from "./condition";
import { conditionWords } from "./conditionWords";

export function CameraStatus({
  camera,
  advice = true,
}: {
  readonly camera: Camera;
  readonly advice?: boolean;
}) {
  const words = useWords(conditionWords);
  const format = useFormat();
  const condition = conditionOf(camera);
  const { says, reason } = condition;
  const state = says === "off" ? words.off : says === "alone" ? words.noWorker : words.states[says];
  const { tracks_spooled, tracks_lost } = camera.counters;
  const told = [
    reason ? `${state}: ${words.reasons[reason]}` : state,
    ...(tracks_spooled ? [words.spooled(format.number(tracks_spooled))] : []),
    ...(tracks_lost ? [words.lost(format.number(tracks_lost))] : []),
  ];
  return (
    <span className="flex flex-col" data-level={condition.level}>
      <span className="flex items-baseline gap-2">
        <Badge status={condition.level} />
        <Typography.Text>{told.join(" · ")}</Typography.Text>
      </span>
      {advice && condition.advice && (
        <Typography.Text type="secondary" className="max-w-prose whitespace-normal pl-3.5">
          {words.advice[condition.advice]}
        </Typography.Text>
      )}
    </span>
  );
}

/** How many faces of today could not be told, and mostly why; nothing where there were none. */
export function LostInShort({ camera }: { readonly camera: Camera }) {
  const words = useWords(conditionWords);
  const format = useFormat();
  const [most] = camera.lost_today;
  if (!most) return null;
  const many = words.unclearFaces(format.number(lostInAll(camera.lost_today)));
  return (
    <Typography.Text type="secondary">
      {`${many}, ${words.mostly(words.unclearReasons[most.reason])}`}
    </Typography.Text>
  );
}

/** Every reason with its number and what helps against it. */
export function LostToday({ camera }: { readonly camera: Camera }) {
  const words = useWords(conditionWords);
  const format = useFormat();
  if (camera.lost_today.length === 0) return null;
  return (
    <section>
      <Typography.Title level={2} className="!mt-0 !mb-2 !text-base">
        {words.unclear}
      </Typography.Title>
      <ul className="m-0 flex list-none flex-col gap-2 p-0">
        {camera.lost_today.map(({ reason, tracks }) => (
          <li key={reason} className="flex gap-3">
            <Typography.Text strong className="w-10 flex-none text-right">
              {format.number(tracks)}
            </Typography.Text>
            <span className="flex flex-col">
              <Typography.Text>{words.unclearReasons[reason]}</Typography.Text>
              <Typography.Text type="secondary">{words.unclearAdvice[reason]}</Typography.Text>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
