// The pictures of a visit while they are kept; asked for at once, as one look that the audit log notes.

import { Card, Image, Typography } from "antd";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { VisitDetail } from "@/api/schema";
import { useMay } from "@/app/session";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { visitsWords } from "./words";

export function Shots({ visit }: { readonly visit: VisitDetail }) {
  const words = useWords(visitsWords);
  const maySee = useMay("faces.see");
  return (
    <Card title={<h2 className="m-0 text-lg">{words.shots}</h2>}>
      {!maySee ? (
        <NothingYet say={words.shotsHidden} />
      ) : visit.has_face ? (
        <KeptShots visit={visit} />
      ) : (
        <NothingYet say={words.shotsNone} />
      )}
    </Card>
  );
}

function KeptShots({ visit }: { readonly visit: VisitDetail }) {
  const words = useWords(visitsWords);
  const format = useFormat();
  const path = { visit_id: visit.visit_id };
  const shots = api.useQuery(
    "get",
    "/v1/visits/{visit_id}/shots",
    { params: { path } },
    { staleTime: 240_000 },
  );
  if (shots.isPending) return <Loading />;
  if (shots.error) return <Failed problem={problemOf(shots.error)} onRetry={() => void shots.refetch()} />;
  if (shots.data.items.length === 0) return <NothingYet say={words.shotsNone} />;
  return (
    <Image.PreviewGroup>
      <ul className="m-0 flex list-none flex-wrap gap-3 p-0">
        {shots.data.items.map((shot, at) => (
          <li key={shot.url}>
            <Image
              src={shot.url}
              alt={words.shotOf(at + 1)}
              width={112}
              height={112}
              className="rounded-lg object-cover"
            />
            {shot.at && (
              <Typography.Text type="secondary" className="!block text-center text-sm">
                {format.time(shot.at, visit.time_zone)}
              </Typography.Text>
            )}
          </li>
        ))}
      </ul>
    </Image.PreviewGroup>
  );
}
