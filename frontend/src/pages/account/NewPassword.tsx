// The field for a password to have from now on, judged while it is typed as the gateway will judge it.

import { Form, Input } from "antd";
import { useWords } from "@/words/words";
import { passwordFault } from "./password";
import { accountWords } from "./words";

export function NewPassword({ email }: { readonly email: string }) {
  const words = useWords(accountWords).password;
  const judge = (_rule: unknown, typed: string | undefined) => {
    const fault = passwordFault(typed ?? "", email);
    return fault ? Promise.reject(new Error(words[fault])) : Promise.resolve();
  };
  return (
    <Form.Item
      name="new"
      label={words.new}
      extra={words.rule}
      rules={[{ validator: judge }]}
      validateTrigger="onBlur"
    >
      <Input.Password size="large" autoComplete="new-password" maxLength={1024} />
    </Form.Item>
  );
}
