// The account's second step: whether it is on, setting it up, new recovery codes, switching it off.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Tag } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { PresentPasswordAndCode } from "@/api/schema";
import { useMe } from "@/app/session";
import { Refusal } from "@/parts/forms";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { FactorSetUp } from "./FactorSetUp";
import { PresentPassword } from "./PasswordForm";
import { RecoveryCodes } from "./RecoveryCodes";
import { accountWords } from "./words";

type Doing = "nothing" | "set up" | "renew" | "remove";

export function SecondFactor() {
  const words = useWords(accountWords).factor;
  const { second_factor: on } = useMe();
  const queries = useQueryClient();
  const [doing, setDoing] = useState<Doing>("nothing");
  const done = async () => {
    await queries.invalidateQueries({ queryKey: ["get", "/v1/auth/me"] });
    void queries.invalidateQueries({ queryKey: ["get", "/v1/auth/sessions"] });
    setDoing("nothing");
  };
  if (doing === "set up") return <FactorSetUp onDone={() => void done()} />;
  if (doing === "renew") return <Renew onDone={() => void done()} />;
  if (doing === "remove") return <Remove onDone={() => void done()} />;
  return (
    <>
      <p className="mt-0">
        <Tag color={on ? "success" : "default"}>{on ? words.on : words.off}</Tag>{" "}
        {on ? words.onHelp : words.offHelp}
      </p>
      <div className="flex flex-wrap gap-2">
        {on ? (
          <>
            <Button onClick={() => setDoing("renew")}>{words.renew}</Button>
            <Button danger onClick={() => setDoing("remove")}>
              {words.remove}
            </Button>
          </>
        ) : (
          <Button type="primary" onClick={() => setDoing("set up")}>
            {words.begin}
          </Button>
        )}
      </div>
    </>
  );
}

function Renew({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(accountWords).factor;
  const renew = api.useMutation("post", "/v1/auth/second-factor/recovery-codes");
  if (renew.data) return <RecoveryCodes codes={renew.data.codes} onKept={onDone} />;
  return (
    <Proven
      say={words.renewHelp}
      act={words.renew}
      failure={renew.error}
      waiting={renew.isPending}
      onProof={(body) => renew.mutate({ body })}
      onCancel={onDone}
    />
  );
}

function Remove({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(accountWords).factor;
  const { message } = App.useApp();
  const remove = api.useMutation("post", "/v1/auth/second-factor/remove", {
    onSuccess: () => {
      void message.success(words.removed);
      onDone();
    },
  });
  return (
    <Proven
      danger
      say={words.removeHelp}
      act={words.remove}
      failure={remove.error}
      waiting={remove.isPending}
      onProof={(body) => remove.mutate({ body })}
      onCancel={onDone}
    />
  );
}

interface ProvenProps {
  readonly say: string;
  readonly act: string;
  readonly danger?: boolean;
  readonly failure: unknown;
  readonly waiting: boolean;
  readonly onProof: (proof: PresentPasswordAndCode) => void;
  readonly onCancel: () => void;
}

/** Asks for password and code before something that weakens the account. */
function Proven({ say, act, danger = false, failure, waiting, onProof, onCancel }: ProvenProps) {
  const words = useWords(accountWords);
  const shared = useWords(sharedWords);
  return (
    <Form<PresentPasswordAndCode>
      name="factor"
      layout="vertical"
      requiredMark={false}
      onFinish={(typed) => onProof({ ...typed, code: typed.code.replace(/\s/g, "") })}
    >
      <p className="mt-0">{say}</p>
      <Refusal failure={failure} />
      <PresentPassword />
      <Form.Item
        name="code"
        label={words.factor.anyCode}
        rules={[{ required: true, min: 6, message: words.needed }]}
      >
        <Input size="large" autoComplete="one-time-code" maxLength={20} />
      </Form.Item>
      <div className="flex flex-wrap gap-2">
        <Button type="primary" danger={danger} htmlType="submit" loading={waiting}>
          {act}
        </Button>
        <Button onClick={onCancel}>{shared.cancel}</Button>
      </div>
    </Form>
  );
}
