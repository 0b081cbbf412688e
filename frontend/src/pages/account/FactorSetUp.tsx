// Setting up an authenticator: the password, a picture to scan, its first code, and the recovery codes to keep.

import { Button, Form, Input, QRCode, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { Refusal } from "@/parts/forms";
import { useWords } from "@/words/words";
import { PresentPassword } from "./PasswordForm";
import { RecoveryCodes } from "./RecoveryCodes";
import { accountWords } from "./words";

interface FactorSetUpProps {
  readonly present?: string | undefined;
  readonly onDone: () => void;
}

export function FactorSetUp({ present, onDone }: FactorSetUpProps) {
  const words = useWords(accountWords).factor;
  const begin = api.useMutation("post", "/v1/auth/second-factor");
  const confirm = api.useMutation("post", "/v1/auth/second-factor/confirm");
  const [form] = Form.useForm<{ code: string }>();
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} onKept={onDone} />;
  if (!begin.data) {
    return (
      <Form<{ present: string }>
        name="factor"
        layout="vertical"
        requiredMark={false}
        onFinish={(typed) => begin.mutate({ body: { present: present ?? typed.present } })}
      >
        <Refusal failure={begin.error} />
        {present === undefined && <PresentPassword />}
        <Button type="primary" size="large" htmlType="submit" loading={begin.isPending}>
          {present === undefined ? words.next : words.begin}
        </Button>
      </Form>
    );
  }
  return (
    <Form
      form={form}
      name="factor"
      layout="vertical"
      requiredMark={false}
      onFinish={({ code }) => confirm.mutate({ body: { code: code.replace(/\s/g, "") } })}
    >
      <p className="mt-0">{words.scan}</p>
      <Scan uri={begin.data.otpauth_uri} secret={begin.data.secret} />
      <Refusal failure={confirm.error} />
      <Form.Item name="code" label={words.code} rules={[{ required: true, len: 6, message: words.code }]}>
        <Input size="large" inputMode="numeric" autoComplete="one-time-code" maxLength={7} />
      </Form.Item>
      <Button type="primary" size="large" htmlType="submit" loading={confirm.isPending}>
        {words.confirm}
      </Button>
    </Form>
  );
}

/** The secret as a picture and as text; the picture stays dark on light, which every camera reads. */
function Scan({ uri, secret }: { readonly uri: string; readonly secret: string }) {
  const words = useWords(accountWords).factor;
  const [shown] = useState(secret.replace(/(.{4})/g, "$1 ").trim());
  return (
    <div className="mb-4 flex flex-wrap items-center gap-4">
      <QRCode value={uri} type="svg" size={184} color="#000000" bgColor="#ffffff" aria-label={words.scan} />
      <div className="min-w-0 flex-1 basis-48">
        {words.secret}
        <Typography.Paragraph code className="!mb-0" copyable={{ text: secret }}>
          {shown}
        </Typography.Paragraph>
      </div>
    </div>
  );
}
