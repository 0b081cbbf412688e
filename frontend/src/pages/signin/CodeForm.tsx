// The second step of a login: a code of the authenticator, or a recovery code where the phone is lost.

import { Button, Form, Input } from "antd";
import { useState } from "react";
import { Refusal } from "@/parts/forms";
import { useWords } from "@/words/words";
import { signInWords } from "./words";

interface CodeFormProps {
  readonly failure: unknown;
  readonly waiting: boolean;
  readonly onCode: (code: string) => void;
}

export function CodeForm({ failure, waiting, onCode }: CodeFormProps) {
  const words = useWords(signInWords);
  const [lostPhone, setLostPhone] = useState(false);
  return (
    <Form<{ code: string }>
      key={String(lostPhone)}
      layout="vertical"
      requiredMark={false}
      onFinish={({ code }) => onCode(code.replace(/\s/g, ""))}
    >
      <Refusal failure={failure} />
      <Form.Item
        name="code"
        label={lostPhone ? words.code.recovery : words.code.app}
        extra={lostPhone ? words.code.recoveryHelp : undefined}
        rules={[{ required: true, min: 6, message: words.needed }]}
      >
        <Input
          autoFocus
          size="large"
          autoComplete={lostPhone ? "off" : "one-time-code"}
          inputMode={lostPhone ? "text" : "numeric"}
          maxLength={20}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" block loading={waiting}>
        {words.code.enter}
      </Button>
      <Button type="link" block className="mt-2" onClick={() => setLostPhone(!lostPhone)}>
        {lostPhone ? words.code.useApp : words.code.useRecovery}
      </Button>
    </Form>
  );
}
