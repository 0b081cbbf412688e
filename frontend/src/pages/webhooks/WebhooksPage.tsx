// Other programs that are told what happens: where, of what, and whether it gets through.

import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Tag, Typography } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import type { NewWebhook, Webhook } from "@/api/schema";
import { useMay } from "@/app/session";
import { Download } from "@/parts/Download";
import { FormDrawer } from "@/parts/FormDrawer";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { LongWord } from "@/parts/LongWord";
import { Once } from "@/parts/Once";
import { PageHead } from "@/parts/PageHead";
import { SearchField } from "@/parts/SearchField";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { WebhookDrawer } from "./WebhookDrawer";
import { NewWebhookForm } from "./WebhookForm";
import { webhooksWords } from "./words";

export default function WebhooksPage() {
  const words = useWords(webhooksWords);
  const shared = useWords(sharedWords);
  const mayChange = useMay("webhooks.change");
  const navigate = useNavigate();
  const { webhookId } = useParams();
  const [filters, setFilters] = useUrlFilters(["q"]);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewWebhook>();
  const query = given("q", filters.q);
  const webhooks = api.useInfiniteQuery("get", "/v1/webhooks", { params: { query } }, BY_CURSOR);
  return (
    <>
      <PageHead title={words.title}>
        <Download path="/v1/webhooks" query={{ ...query, format: "csv" }} label={shared.export} />
        {mayChange && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
            {words.create}
          </Button>
        )}
      </PageHead>
      <div className="mb-4">
        <SearchField value={filters.q} label={shared.search} onSearch={(q) => setFilters({ q })} />
      </div>
      <Listing<Webhook>
        pages={webhooks}
        keyOf={(webhook) => webhook.webhook_id}
        label={words.title}
        empty={filters.q ? words.none : words.empty}
        columns={[
          { title: words.name, render: (_, webhook) => <Name webhook={webhook} /> },
          { title: words.url, render: (_, webhook) => <LongWord>{webhook.url}</LongWord> },
          { title: words.events, render: (_, webhook) => <Events webhook={webhook} /> },
          { title: words.state, render: (_, webhook) => <State webhook={webhook} /> },
        ]}
        card={(webhook) => (
          <Card size="small" title={<Name webhook={webhook} />} extra={<State webhook={webhook} />}>
            <Typography.Paragraph className="!mb-2">
              <LongWord>{webhook.url}</LongWord>
            </Typography.Paragraph>
            <Events webhook={webhook} />
          </Card>
        )}
      />
      {adding && (
        <FormDrawer title={words.create} size="35rem" onClose={() => setAdding(false)}>
          <NewWebhookForm
            onMade={(webhook) => {
              setAdding(false);
              setMade(webhook);
            }}
          />
        </FormDrawer>
      )}
      {webhookId && (
        <WebhookDrawer
          key={webhookId}
          webhookId={webhookId}
          onSecret={setMade}
          onClose={() => void navigate({ pathname: "/webhooks", search: location.search })}
        />
      )}
      {made && (
        <Once
          title={words.secret}
          say={words.secretHelp}
          secret={made.secret}
          onClose={() => setMade(undefined)}
        />
      )}
    </>
  );
}

function Name({ webhook }: { readonly webhook: Webhook }) {
  return (
    <Link to={{ pathname: `/webhooks/${webhook.webhook_id}`, search: location.search }}>{webhook.name}</Link>
  );
}

function Events({ webhook }: { readonly webhook: Webhook }) {
  const names = useWords(webhooksWords).eventNames;
  return (
    <span className="flex flex-wrap gap-1">
      {webhook.events.map((event) => (
        <Tag key={event} className="!me-0">
          {names[event]}
        </Tag>
      ))}
    </span>
  );
}

function State({ webhook }: { readonly webhook: Webhook }) {
  const words = useWords(webhooksWords);
  if (webhook.disabled_at) return <Tag color="error">{words.off}</Tag>;
  if (!webhook.active) return <Tag>{words.off}</Tag>;
  return <Tag color={webhook.failing_since ? "warning" : "success"}>{words.active}</Tag>;
}
