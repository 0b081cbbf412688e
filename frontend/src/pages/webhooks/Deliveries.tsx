// What a webhook was told within 30 days: how each message went, every try of it, and sending it again.

import { App, Button, Collapse, Tag, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Delivery } from "@/api/schema";
import { useMay } from "@/app/session";
import { Choice } from "@/parts/Choice";
import { BY_CURSOR } from "@/parts/Listing";
import { Failed, Loading, NothingYet, useProblemText } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { DeliveryTries } from "./DeliveryTries";
import { DELIVERIES, useSentAnew } from "./sentAnew";
import { webhooksWords } from "./words";

type State = Delivery["state"];

export function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const words = useWords(webhooksWords);
  const shared = useWords(sharedWords);
  const [state, setState] = useState("");
  const wanted = state in words.deliveries ? { state: state as State } : {};
  const params = { path: { webhook_id: webhookId }, query: wanted };
  const deliveries = api.useInfiniteQuery("get", DELIVERIES, { params }, BY_CURSOR);
  if (deliveries.isPending) return <Loading />;
  if (deliveries.error) {
    return <Failed problem={problemOf(deliveries.error)} onRetry={() => void deliveries.refetch()} />;
  }
  const found = deliveries.data.pages.flatMap((page) => page.items);
  return (
    <>
      <div className="mb-4 flex flex-wrap gap-2 max-sm:[&>*]:grow">
        <Choice
          label={words.state}
          any={words.anyDelivery}
          value={state}
          choices={words.deliveries}
          onChange={setState}
        />
        <Sending webhookId={webhookId} />
      </div>
      {found.length === 0 && <NothingYet say={words.logEmpty} />}
      <Collapse
        destroyOnHidden
        items={found.map((delivery) => ({
          key: delivery.event_id,
          label: <Line delivery={delivery} />,
          children: <DeliveryTries webhookId={webhookId} delivery={delivery} />,
        }))}
      />
      {deliveries.hasNextPage && (
        <Button block className="mt-3" onClick={() => void deliveries.fetchNextPage()}>
          {shared.more}
        </Button>
      )}
    </>
  );
}

/** A test now, and all failures once more. */
function Sending({ webhookId }: { readonly webhookId: string }) {
  const words = useWords(webhooksWords);
  const text = useProblemText();
  const mayChange = useMay("webhooks.change");
  const { message } = App.useApp();
  const sentAnew = useSentAnew();
  const params = { path: { webhook_id: webhookId } };
  const onError = (failure: unknown) => void message.error(text(problemOf(failure)));
  const test = api.useMutation("post", "/v1/webhooks/{webhook_id}/test", {
    onSuccess: async ({ state }) => {
      if (state === "delivered") void message.success(words.testGood);
      else void message.warning(words.testBad);
      await sentAnew();
    },
    onError,
  });
  const replay = api.useMutation("post", "/v1/webhooks/{webhook_id}/replay", {
    onSuccess: async ({ replayed }) => {
      void message.success(words.replayed(replayed));
      await sentAnew();
    },
    onError,
  });
  if (!mayChange) return null;
  return (
    <>
      <Button loading={test.isPending} onClick={() => test.mutate({ params })}>
        {words.test}
      </Button>
      <Button loading={replay.isPending} onClick={() => replay.mutate({ params })}>
        {words.replayAll}
      </Button>
    </>
  );
}

const COLOURS: Readonly<Record<State, string>> = {
  waiting: "warning",
  delivered: "success",
  failed: "error",
};

function Line({ delivery }: { readonly delivery: Delivery }) {
  const words = useWords(webhooksWords);
  const names: Readonly<Record<string, string>> = words.eventNames;
  const format = useFormat();
  const zone = useChainZone();
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Typography.Text strong>{names[delivery.type] ?? delivery.type}</Typography.Text>
      <Tag color={COLOURS[delivery.state]}>{words.deliveries[delivery.state]}</Tag>
      <Typography.Text type="secondary">
        {format.dateTime(delivery.created_at, zone)} · {words.tries(delivery.tries)}
        {delivery.next_at && ` · ${words.nextTry(format.dateTime(delivery.next_at, zone))}`}
      </Typography.Text>
    </span>
  );
}
