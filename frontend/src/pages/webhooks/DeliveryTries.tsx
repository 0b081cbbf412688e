// One message: what it said, every try with what came back, and sending it again.

import { App, Button, Timeline, Typography } from "antd";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Attempt, Delivery } from "@/api/schema";
import { useMay } from "@/app/session";
import { Failed, Loading, useProblemText } from "@/parts/PageState";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { useSentAnew } from "./sentAnew";
import { webhooksWords } from "./words";

interface DeliveryTriesProps {
  readonly webhookId: string;
  readonly delivery: Delivery;
}

export function DeliveryTries({ webhookId, delivery }: DeliveryTriesProps) {
  const words = useWords(webhooksWords);
  const text = useProblemText();
  const mayChange = useMay("webhooks.change");
  const { message } = App.useApp();
  const sentAnew = useSentAnew();
  const params = { path: { webhook_id: webhookId, event_id: delivery.event_id } };
  const log = api.useQuery("get", "/v1/webhooks/{webhook_id}/deliveries/{event_id}", { params });
  const again = api.useMutation("post", "/v1/webhooks/{webhook_id}/deliveries/{event_id}/replay", {
    onSuccess: () => void message.success(words.replayed(1)),
    onError: (failure) => void message.error(text(problemOf(failure))),
    onSettled: sentAnew,
  });
  if (log.isPending) return <Loading />;
  if (log.error) return <Failed problem={problemOf(log.error)} onRetry={() => void log.refetch()} />;
  const attempts = log.data.attempts;
  return (
    <>
      {attempts.length > 0 && (
        <Timeline
          items={attempts.map((attempt) => ({
            key: attempt.at,
            color: attempt.failure || !isGood(attempt.status) ? "red" : "green",
            content: <Try attempt={attempt} />,
          }))}
        />
      )}
      <Typography.Text type="secondary">{words.data}</Typography.Text>
      <pre className="mt-1 whitespace-pre-wrap break-all text-xs">
        {JSON.stringify(log.data.data, null, 2)}
      </pre>
      {mayChange && (
        <Button size="small" loading={again.isPending} onClick={() => again.mutate({ params })}>
          {words.replay}
        </Button>
      )}
    </>
  );
}

function isGood(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

function Try({ attempt }: { readonly attempt: Attempt }) {
  const words = useWords(webhooksWords);
  const failures: Readonly<Record<string, string>> = words.failures;
  const format = useFormat();
  const zone = useChainZone();
  const said = attempt.failure ? (failures[attempt.failure] ?? attempt.failure) : `HTTP ${attempt.status}`;
  return (
    <>
      {format.dateTime(attempt.at, zone)} · {said} · {words.took(format.number(attempt.took_ms))}
      {attempt.response_excerpt && (
        <Typography.Paragraph type="secondary" className="!mb-0 break-all font-mono !text-xs">
          {attempt.response_excerpt}
        </Typography.Paragraph>
      )}
    </>
  );
}
