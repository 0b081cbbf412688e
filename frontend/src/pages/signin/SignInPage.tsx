// Where everybody comes in; afterwards back to the page that was asked for.

import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Form, Input, Typography } from "antd";
import { useEffect } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Login } from "@/api/schema";
import { useProblemText } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { signInWords } from "./words";

export default function SignInPage() {
  const words = useWords(signInWords);
  const text = useProblemText();
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  useEffect(() => {
    document.title = `${words.title} · Regulars`;
  }, [words]);
  const login = api.useMutation("post", "/v1/auth/login", {
    onSuccess: async () => {
      queries.clear();
      await navigate(ownPath(parameters.get("then")), { replace: true });
    },
  });
  const problem = login.error ? problemOf(login.error) : undefined;
  const rules = [{ required: true, message: words.needed }];
  return (
    <main className="flex min-h-dvh items-start justify-center p-4 pt-[12vh]">
      <Card className="w-full max-w-sm">
        <Typography.Title level={1} className="!text-2xl">
          {words.title}
        </Typography.Title>
        {problem && (
          <Alert
            role="alert"
            type="error"
            showIcon
            className="!mb-4"
            title={problem.status === 401 ? words.wrong : text(problem)}
          />
        )}
        <Form<Login> layout="vertical" requiredMark={false} onFinish={(body) => login.mutate({ body })}>
          <Form.Item label={words.email} name="email" rules={rules}>
            <Input type="email" autoComplete="username" size="large" />
          </Form.Item>
          <Form.Item label={words.password} name="password" rules={rules}>
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={login.isPending}>
            {words.enter}
          </Button>
        </Form>
      </Card>
    </main>
  );
}

/** A path of this portal only: a link in a message must not lead elsewhere after the login. */
export function ownPath(wanted: string | null): string {
  return wanted?.startsWith("/") && !wanted.startsWith("//") && !wanted.includes("\\") ? wanted : "/";
}
