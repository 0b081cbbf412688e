// What a webhook is told, where and of which sites: made or changed.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Form, Input, Select, Switch } from "antd";
import { api } from "@/api/client";
import { ifMatch } from "@/api/resource";
import type { NewWebhook, Webhook, WebhookSetup } from "@/api/schema";
import { useMay } from "@/app/session";
import { atLeastOne, Refusal, useFieldFaults } from "@/parts/forms";
import { useSites } from "@/parts/SiteSelect";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { webhooksWords } from "./words";

const EVENTS = [
  "visit.started",
  "regular.returned",
  "camera.failed",
  "camera.recovered",
  "report.ready",
] as const satisfies readonly WebhookSetup["events"][number][];

export function NewWebhookForm({ onMade }: { readonly onMade: (webhook: NewWebhook) => void }) {
  const words = useWords(webhooksWords);
  const queries = useQueryClient();
  const make = api.useMutation("post", "/v1/webhooks", {
    onSuccess: async (webhook) => {
      onMade(webhook);
      await queries.invalidateQueries({ queryKey: ["get", "/v1/webhooks"] });
    },
  });
  return (
    <SetupForm
      initial={{ events: ["regular.returned", "camera.failed", "camera.recovered"], active: true }}
      act={words.create}
      failure={make.error}
      waiting={make.isPending}
      onSave={(body) => make.mutate({ body })}
    />
  );
}

interface WebhookSetupProps {
  readonly webhook: Webhook;
  readonly tag: string;
  readonly onSaved: () => void;
}

export function WebhookSetupForm({ webhook, tag, onSaved }: WebhookSetupProps) {
  const words = useWords(webhooksWords);
  const shared = useWords(sharedWords);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const change = api.useMutation("patch", "/v1/webhooks/{webhook_id}", {
    onSuccess: async () => {
      void message.success(words.saved);
      onSaved();
      await queries.invalidateQueries({ queryKey: ["get", "/v1/webhooks"] });
      await queries.invalidateQueries({ queryKey: ["get", "/v1/webhooks/{webhook_id}"] });
    },
  });
  const params = { path: { webhook_id: webhook.webhook_id }, header: ifMatch(tag) };
  return (
    <SetupForm
      initial={webhook}
      act={shared.save}
      failure={change.error}
      waiting={change.isPending}
      onSave={(body) => change.mutate({ params, body })}
    />
  );
}

interface SetupFormProps {
  readonly initial: Partial<WebhookSetup>;
  readonly act: string;
  readonly failure: unknown;
  readonly waiting: boolean;
  readonly onSave: (setup: WebhookSetup) => void;
}

function SetupForm({ initial, act, failure, waiting, onSave }: SetupFormProps) {
  const words = useWords(webhooksWords);
  const sites = useSites();
  const mayChange = useMay("webhooks.change");
  const [form] = Form.useForm<WebhookSetup>();
  useFieldFaults(form, failure);
  const save = (typed: WebhookSetup) =>
    onSave({ ...typed, url: typed.url.trim(), site_ids: typed.site_ids?.length ? typed.site_ids : null });
  return (
    <Form<WebhookSetup>
      form={form}
      name="webhook"
      layout="vertical"
      requiredMark={false}
      disabled={!mayChange}
      initialValues={{ ...initial, site_ids: initial.site_ids ?? [] }}
      onFinish={save}
    >
      <Form.Item
        name="name"
        label={words.name}
        rules={[{ required: true, whitespace: true, message: words.needed }]}
      >
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item
        name="url"
        label={words.url}
        extra={words.urlHelp}
        rules={[{ required: true, pattern: /^\s*https?:\/\/\S+\s*$/, message: words.urlBad }]}
      >
        <Input type="url" maxLength={1000} placeholder="https://" />
      </Form.Item>
      <Form.Item name="events" label={words.events} rules={[atLeastOne(words.eventsNeeded)]}>
        <Checkbox.Group
          className="!grid grid-cols-1 gap-1 sm:!grid-cols-2"
          options={EVENTS.map((event) => ({ value: event, label: words.eventNames[event] }))}
        />
      </Form.Item>
      <Form.Item name="site_ids" label={words.sites}>
        <Select
          mode="multiple"
          placeholder={words.allSites}
          showSearch={{ optionFilterProp: "label" }}
          options={sites.map((site) => ({ value: site.site_id, label: site.name }))}
        />
      </Form.Item>
      <Form.Item
        name="include_names"
        label={words.names}
        extra={words.namesHelp}
        valuePropName="checked"
        initialValue={false}
      >
        <Switch />
      </Form.Item>
      <Form.Item name="active" label={words.active} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Refusal failure={failure} />
      <Button type="primary" htmlType="submit" loading={waiting}>
        {act}
      </Button>
    </Form>
  );
}
