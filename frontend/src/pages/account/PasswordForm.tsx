// Choosing another password: on the account's page, and where a one-time password must be changed first.

import { Button, Form, Input } from "antd";
import { api } from "@/api/client";
import type { Me, PasswordChange } from "@/api/schema";
import { Refusal } from "@/parts/forms";
import { useWords } from "@/words/words";
import { NewPassword } from "./NewPassword";
import { accountWords } from "./words";

interface PasswordFormProps {
  readonly email: string;
  /** The present password where it was typed a moment ago; it is asked for otherwise. */
  readonly present?: string | undefined;
  readonly onChanged: (me: Me) => void;
}

export function PasswordForm({ email, present, onChanged }: PasswordFormProps) {
  const words = useWords(accountWords);
  const [form] = Form.useForm<PasswordChange>();
  const change = api.useMutation("put", "/v1/auth/password", {
    onSuccess: (me) => {
      form.resetFields();
      onChanged(me);
    },
  });
  return (
    <Form
      form={form}
      name="password"
      layout="vertical"
      requiredMark={false}
      onFinish={(body) => change.mutate({ body: { present: present ?? body.present, new: body.new } })}
    >
      <input type="text" hidden readOnly autoComplete="username" value={email} />
      <Refusal failure={change.error} />
      {present === undefined && <PresentPassword />}
      <NewPassword email={email} />
      <Button type="primary" htmlType="submit" size="large" loading={change.isPending}>
        {words.password.save}
      </Button>
    </Form>
  );
}

/** The field for the present password, so that an unattended screen is not enough. */
export function PresentPassword() {
  const words = useWords(accountWords);
  return (
    <Form.Item
      name="present"
      label={words.password.present}
      rules={[{ required: true, message: words.needed }]}
    >
      <Input.Password size="large" autoComplete="current-password" />
    </Form.Item>
  );
}
