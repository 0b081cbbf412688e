// The first step of a login: e-mail and password, or the way to the company's own provider.

import { Alert, Button, Divider, Form, Input } from "antd";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Login } from "@/api/schema";
import { useProblemText } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { signInWords } from "./words";

interface PasswordLoginProps {
  readonly email: string | undefined;
  readonly failure: unknown;
  readonly waiting: boolean;
  readonly onLogin: (login: Login) => void;
}

export function PasswordLogin({ email, failure, waiting, onLogin }: PasswordLoginProps) {
  const words = useWords(signInWords);
  const text = useProblemText();
  const ways = api.useQuery("get", "/v1/auth/ways", {}, { staleTime: 300_000 });
  const problem = failure ? problemOf(failure) : undefined;
  const rules = [{ required: true, message: words.needed }];
  return (
    <>
      {problem && (
        <Alert
          role="alert"
          type="error"
          showIcon
          className="!mb-4"
          title={problem.code === "not_authenticated" ? words.wrong : text(problem)}
        />
      )}
      <Form<Login> layout="vertical" requiredMark={false} onFinish={onLogin}>
        <Form.Item label={words.email} name="email" initialValue={email} rules={rules}>
          <Input type="email" autoComplete="username" size="large" autoFocus />
        </Form.Item>
        <Form.Item label={words.password} name="password" rules={rules}>
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={waiting}>
          {words.enter}
        </Button>
      </Form>
      {ways.data?.oidc && (
        <>
          <Divider plain>{words.or}</Divider>
          <Button size="large" block href="/v1/auth/oidc">
            {words.oidc}
          </Button>
        </>
      )}
      <p className="mb-0 text-center">
        <Link to="/forgotten">{words.forgotten}</Link>
      </p>
    </>
  );
}
