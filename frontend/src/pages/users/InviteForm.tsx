// Whom to invite as what; the link to hand over comes afterwards.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { api } from "@/api/client";
import type { Invitation, InvitedUser } from "@/api/schema";
import { useMe } from "@/app/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { useWords } from "@/words/words";
import { RoleField } from "./RoleField";
import { usersWords } from "./words";

interface InviteFormProps {
  readonly onClose: () => void;
  readonly onInvited: (user: InvitedUser) => void;
}

export function InviteForm({ onClose, onInvited }: InviteFormProps) {
  const words = useWords(usersWords);
  const me = useMe();
  const queries = useQueryClient();
  const [form] = Form.useForm<Invitation>();
  const invite = api.useMutation("post", "/v1/users", {
    onSuccess: async (user) => {
      onInvited(user);
      await queries.invalidateQueries({ queryKey: ["get", "/v1/users"] });
    },
  });
  useFieldFaults(form, invite.error);
  return (
    <FormDrawer title={words.invite} size="30rem" onClose={onClose}>
      <Form<Invitation>
        form={form}
        name="invite"
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: me.tenant_id ? "manager" : "operator" }}
        onFinish={(body) => invite.mutate({ body })}
      >
        <Form.Item
          name="email"
          label={words.email}
          rules={[{ required: true, pattern: /^[^@\s]+@[^@\s]+$/, message: words.badEmail }]}
        >
          <Input type="email" autoComplete="off" maxLength={254} />
        </Form.Item>
        <RoleField />
        <Refusal failure={invite.error} />
        <Button type="primary" htmlType="submit" loading={invite.isPending}>
          {words.invite}
        </Button>
      </Form>
    </FormDrawer>
  );
}
