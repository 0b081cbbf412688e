// The first step: what the chain is called.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Card, Form, Input } from "antd";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch, useResource } from "@/api/resource";
import type { Tenant } from "@/api/schema";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { Failed, Loading } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { startWords } from "./words";

export function ChainStep({ onDone }: { readonly onDone: () => void }) {
  const tenant = useResource(["get", "/v1/tenant"], () => gateway.GET("/v1/tenant"));
  if (tenant.isPending) return <Loading />;
  if (tenant.error) return <Failed problem={problemOf(tenant.error)} onRetry={() => void tenant.refetch()} />;
  const { value, tag } = tenant.data;
  return <ChainForm key={tag} tenant={value} tag={tag} onDone={onDone} />;
}

interface ChainFormProps {
  readonly tenant: Tenant;
  readonly tag: string;
  readonly onDone: () => void;
}

function ChainForm({ tenant, tag, onDone }: ChainFormProps) {
  const words = useWords(startWords);
  const [form] = Form.useForm<{ name: string }>();
  const queries = useQueryClient();
  const change = api.useMutation("patch", "/v1/tenant", {
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: ["get", "/v1/tenant"] });
      await queries.invalidateQueries({ queryKey: ["get", "/v1/auth/me"] });
    },
  });
  useFieldFaults(form, change.error);
  const save = ({ name }: { name: string }) => {
    if (name.trim() === tenant.name) return onDone();
    return change.mutate({ params: { header: ifMatch(tag) }, body: { name } });
  };
  return (
    <Card className="max-w-xl">
      <Form form={form} layout="vertical" initialValues={{ name: tenant.name }} onFinish={save}>
        <Form.Item
          name="name"
          label={words.chainName}
          extra={words.chainHelp}
          rules={[
            { required: true, whitespace: true, message: words.chainMissing },
            { max: 120, message: words.tooLong("120") },
          ]}
        >
          <Input autoComplete="organization" />
        </Form.Item>
        <Refusal failure={change.error} />
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {words.next}
        </Button>
      </Form>
    </Card>
  );
}
