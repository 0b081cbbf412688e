// Each sighting of a visit: which camera, when, and in words why it was decided so; never a score.

import { Card, Timeline, Typography } from "antd";
import type { SeenBy, VisitDetail } from "@/api/schema";
import { peopleWords } from "@/parts/people/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { visitsWords } from "./words";

export function WhyDecided({ visit }: { readonly visit: VisitDetail }) {
  const words = useWords(visitsWords);
  return (
    <Card title={<h2 className="m-0 text-lg">{words.why}</h2>}>
      <Timeline
        items={visit.seen_by.map((seen) => ({
          key: seen.track_id,
          content: <Sighting seen={seen} zone={visit.time_zone} />,
        }))}
      />
    </Card>
  );
}

function Sighting({ seen, zone }: { readonly seen: SeenBy; readonly zone: string }) {
  const words = useWords(visitsWords);
  const people = useWords(peopleWords);
  const format = useFormat();
  const reasons: Readonly<Record<string, string>> = words.reasons;
  const outcomes: Readonly<Record<string, string>> = words.outcomes;
  return (
    <>
      <Typography.Text strong>
        {format.time(seen.started_at, zone)} · {seen.camera_name ?? words.cameraGone} ·{" "}
        {outcomes[seen.outcome] ?? seen.outcome}
      </Typography.Text>
      <Typography.Paragraph className="!mb-0">{reasons[seen.reason] ?? seen.words}</Typography.Paragraph>
      <Typography.Text type="secondary">
        {people.direction}: {people.directions[seen.direction]}
        {seen.lost_because && ` · ${words.lost}: ${words.lostBecause[seen.lost_because]}`}
      </Typography.Text>
    </>
  );
}
