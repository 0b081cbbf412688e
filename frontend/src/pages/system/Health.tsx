// Which parts of the system answer now; asked again twice a minute.

import { Badge, Card, Typography } from "antd";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import { Failed, Loading } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { systemWords } from "./words";

const PARTS = ["postgresql", "objects", "recognize"] as const;
const ASK_AGAIN_MS = 30_000;

export function Health() {
  const words = useWords(systemWords).health;
  const health = api.useQuery("get", "/v1/system/health", {}, { refetchInterval: ASK_AGAIN_MS });
  if (health.isPending) return <Loading />;
  if (health.error) return <Failed problem={problemOf(health.error)} onRetry={() => void health.refetch()} />;
  const told = health.data;
  return (
    <section aria-label={words.title} className="grid grid-cols-1 gap-3 sm:grid-cols-3">
      {PARTS.map((part) => (
        <Card key={part} size="small">
          <Typography.Text type="secondary" className="block">
            {words.parts[part]}
          </Typography.Text>
          <Badge
            status={told[part] === "ok" ? "success" : "error"}
            text={<Typography.Text strong>{told[part] === "ok" ? words.ok : words.away}</Typography.Text>}
          />
        </Card>
      ))}
    </section>
  );
}
