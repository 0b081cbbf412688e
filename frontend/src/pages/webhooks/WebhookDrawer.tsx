// One webhook: how its messages went, and what it is set up for.

import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Tabs } from "antd";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch, useResource } from "@/api/resource";
import type { NewWebhook, Webhook } from "@/api/schema";
import { useMay } from "@/app/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Kept } from "@/parts/Kept";
import { Failed, Loading, useProblemText } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { Deliveries } from "./Deliveries";
import { WebhookSetupForm } from "./WebhookForm";
import { webhooksWords } from "./words";

interface WebhookDrawerProps {
  readonly webhookId: string;
  readonly onSecret: (webhook: NewWebhook) => void;
  readonly onClose: () => void;
}

export function WebhookDrawer({ webhookId, onSecret, onClose }: WebhookDrawerProps) {
  const words = useWords(webhooksWords);
  const mayChange = useMay("webhooks.change");
  const webhook = useResource(["get", "/v1/webhooks/{webhook_id}", webhookId], () =>
    gateway.GET("/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: webhookId } } }),
  );
  const found = webhook.data;
  return (
    <FormDrawer title={found?.value.name ?? words.title} size="40rem" onClose={onClose}>
      {webhook.isPending && <Loading />}
      {webhook.error && <Failed problem={problemOf(webhook.error)} onRetry={() => void webhook.refetch()} />}
      {found && (
        <>
          <Trouble webhook={found.value} />
          <Tabs
            items={[
              { key: "log", label: words.log, children: <Deliveries webhookId={webhookId} /> },
              {
                key: "setup",
                label: words.setup,
                children: (
                  <>
                    <Kept fresh={found}>
                      {(kept, release) => (
                        <WebhookSetupForm webhook={kept.value} tag={kept.tag} onSaved={release} />
                      )}
                    </Kept>
                    {mayChange && (
                      <Ending webhook={found.value} tag={found.tag} onSecret={onSecret} onClose={onClose} />
                    )}
                  </>
                ),
              },
            ]}
          />
        </>
      )}
    </FormDrawer>
  );
}

function Trouble({ webhook }: { readonly webhook: Webhook }) {
  const words = useWords(webhooksWords);
  const format = useFormat();
  const zone = useChainZone();
  const failing = webhook.failing_since && words.failing(format.dateTime(webhook.failing_since, zone));
  const disabled = webhook.disabled_because && words.disabled[webhook.disabled_because];
  const told = disabled ?? failing;
  return told ? <Alert type={disabled ? "error" : "warning"} showIcon title={told} /> : null;
}

interface EndingProps {
  readonly webhook: Webhook;
  readonly tag: string;
  readonly onSecret: (webhook: NewWebhook) => void;
  readonly onClose: () => void;
}

function Ending({ webhook, tag, onSecret, onClose }: EndingProps) {
  const words = useWords(webhooksWords);
  const shared = useWords(sharedWords);
  const text = useProblemText();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const path = { webhook_id: webhook.webhook_id };
  const refused = (failure: unknown) => void message.error(text(problemOf(failure)));
  const rotate = api.useMutation("post", "/v1/webhooks/{webhook_id}/secret", {
    onSuccess: onSecret,
    onError: refused,
  });
  const remove = api.useMutation("delete", "/v1/webhooks/{webhook_id}", {
    onSuccess: async () => {
      void message.success(words.deleted);
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", "/v1/webhooks"] });
    },
    onError: refused,
  });
  const ask = (title: string, content: string, okText: string, onOk: () => void) =>
    void modal.confirm({ title, content, okText, cancelText: shared.cancel, onOk });
  return (
    <div className="mt-6 flex flex-wrap gap-2">
      <Button
        onClick={() =>
          ask(words.rotateAsk, words.rotateHelp, words.rotate, () => rotate.mutate({ params: { path } }))
        }
      >
        {words.rotate}
      </Button>
      <Button
        danger
        onClick={() =>
          ask(words.deleteAsk(webhook.name), words.deleteHelp, words.delete, () =>
            remove.mutate({ params: { path, header: ifMatch(tag) } }),
          )
        }
      >
        {words.delete}
      </Button>
    </div>
  );
}
