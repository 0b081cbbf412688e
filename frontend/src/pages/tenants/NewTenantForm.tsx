// Opening a chain; its first owner is invited in the next step.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Radio } from "antd";
import { api } from "@/api/client";
import type { NewTenant } from "@/api/schema";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { useWords } from "@/words/words";
import { SharingField } from "./SharingField";
import { tenantsWords } from "./words";

export function NewTenantForm({ onOpened }: { readonly onOpened: (tenantId: string) => void }) {
  const words = useWords(tenantsWords);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<NewTenant>();
  const open = api.useMutation("post", "/v1/tenants", {
    onSuccess: async (tenant) => {
      void message.success(words.created);
      onOpened(tenant.tenant_id);
      await queries.invalidateQueries({ queryKey: ["get", "/v1/tenants"] });
    },
  });
  useFieldFaults(form, open.error);
  return (
    <Form<NewTenant>
      form={form}
      name="tenant"
      layout="vertical"
      requiredMark={false}
      initialValues={{ sharing: "network", language: "vi" }}
      onFinish={(body) => open.mutate({ body })}
    >
      <Form.Item
        name="name"
        label={words.name}
        rules={[{ required: true, whitespace: true, message: words.needed }]}
      >
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item name="language" label={words.language}>
        <Radio.Group
          optionType="button"
          options={[
            { value: "vi", label: "Tiếng Việt" },
            { value: "en", label: "English" },
          ]}
        />
      </Form.Item>
      <SharingField />
      <Refusal failure={open.error} />
      <Button type="primary" htmlType="submit" loading={open.isPending}>
        {words.create}
      </Button>
    </Form>
  );
}
