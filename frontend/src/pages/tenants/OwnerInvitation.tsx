// Inviting an owner of a chain, who then invites everybody else; the link is shown once.

import { Button, Form, Input } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { InvitedUser } from "@/api/schema";
import { OneTimeLink } from "@/pages/users/OneTimeLink";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { useWords } from "@/words/words";
import { tenantsWords } from "./words";

export function OwnerInvitation({ tenantId }: { readonly tenantId: string }) {
  const words = useWords(tenantsWords);
  const [link, setLink] = useState<InvitedUser>();
  const [form] = Form.useForm<{ email: string }>();
  const invite = api.useMutation("post", "/v1/users", {
    onSuccess: (user) => {
      form.resetFields();
      setLink(user);
    },
  });
  useFieldFaults(form, invite.error);
  return (
    <>
      <Form
        form={form}
        name="owner"
        layout="vertical"
        requiredMark={false}
        onFinish={({ email }) =>
          invite.mutate({ body: { email, role: "owner", site_ids: [], tenant_id: tenantId } })
        }
      >
        <Form.Item
          name="email"
          label={words.email}
          extra={words.ownerHelp}
          rules={[{ required: true, pattern: /^[^@\s]+@[^@\s]+$/, message: words.badEmail }]}
        >
          <Input type="email" autoComplete="off" maxLength={254} />
        </Form.Item>
        <Refusal failure={invite.error} />
        <Button htmlType="submit" loading={invite.isPending}>
          {words.owner}
        </Button>
      </Form>
      {link && <OneTimeLink user={link} onClose={() => setLink(undefined)} />}
    </>
  );
}
