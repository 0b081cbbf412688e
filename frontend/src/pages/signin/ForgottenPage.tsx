// Asking for a link to choose a new password; the answer is the same whether there is such an account or not.

import { Button, Form, Input, Result } from "antd";
import { Link } from "react-router";
import { api } from "@/api/client";
import type { Forgotten } from "@/api/schema";
import { Refusal } from "@/parts/forms";
import { useWords } from "@/words/words";
import { Doorway } from "./Doorway";
import { signInWords } from "./words";

export default function ForgottenPage() {
  const words = useWords(signInWords);
  const ask = api.useMutation("post", "/v1/auth/password/forgotten");
  const back = <Link to="/sign-in">{words.back}</Link>;
  if (ask.isSuccess) {
    return (
      <Doorway title={words.reset.title}>
        <Result
          className="!p-0"
          status="success"
          title={words.reset.sent}
          subTitle={words.reset.sentHelp}
          extra={back}
        />
      </Doorway>
    );
  }
  return (
    <Doorway title={words.reset.title} help={words.reset.help}>
      <Form<Forgotten> layout="vertical" requiredMark={false} onFinish={(body) => ask.mutate({ body })}>
        <Refusal failure={ask.error} />
        <Form.Item
          name="email"
          label={words.email}
          rules={[{ required: true, pattern: /^[^@\s]+@[^@\s]+$/, message: words.noEmail }]}
        >
          <Input type="email" size="large" autoComplete="username" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={ask.isPending}>
          {words.reset.send}
        </Button>
      </Form>
      <p className="mb-0 text-center">{back}</p>
    </Doorway>
  );
}
