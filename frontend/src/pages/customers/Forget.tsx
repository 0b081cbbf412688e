// Erasing a customer, or noting that they object to being recognized: says what is lost and lets one type the handle.

import { Alert, App, Form, Input, Modal, Typography } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import type { CustomerDetail, Erasure } from "@/api/schema";
import { useDialogClosing } from "@/parts/FormDrawer";
import { Refusal } from "@/parts/forms";
import { useRefreshPeople } from "@/parts/people/correcting";
import { useNameOf } from "@/parts/people/naming";
import { useWords } from "@/words/words";
import { Receipt } from "./Receipt";
import { rightsWords } from "./rights";

interface ForgetProps {
  readonly customer: CustomerDetail;
  readonly how: "erase" | "object" | undefined;
  readonly proof: string | undefined;
  readonly onClose: () => void;
}

export function Forget({ customer, how, proof, onClose }: ForgetProps) {
  const words = useWords(rightsWords);
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const forget = useRefreshPeople("later"); // who is gone must not be asked for once more
  const { message } = App.useApp();
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState("");
  const [receipt, setReceipt] = useState<Erasure>();
  const leave = async () => {
    await forget();
    await navigate("/customers");
  };
  const erase = api.useMutation("post", "/v1/customers/{customer_id}/erasure", { onSuccess: setReceipt });
  const object = api.useMutation("post", "/v1/customers/{customer_id}/objection", {
    onSuccess: async () => {
      message.success(words.objectDone);
      await leave();
    },
  });
  const { close, guard } = useDialogClosing(how === "object" && said.trim() !== "", onClose);
  if (receipt) return <Receipt erasure={receipt} onClose={() => void leave()} />;
  const params = { path: { customer_id: customer.customer_id } };
  const proven = { proof: proof ?? null };
  const ready = typed.trim().toUpperCase() === customer.handle && (how === "erase" || said.trim() !== "");
  const carryOut = () => {
    if (how === "erase") erase.mutate({ params, body: proven });
    else object.mutate({ params, body: { ...proven, how: said.trim() } });
  };
  return (
    <Modal
      open={how !== undefined}
      title={how === "object" ? words.object : words.eraseTitle(nameOf(customer))}
      okText={words.eraseAct}
      okButtonProps={{ danger: true, disabled: !ready, loading: erase.isPending || object.isPending }}
      onOk={carryOut}
      onCancel={close}
      afterClose={() => {
        setTyped("");
        setSaid("");
        erase.reset();
        object.reset();
      }}
      destroyOnHidden
    >
      {guard}
      <WhatIsLost objecting={how === "object"} whole={proof !== undefined} />
      <Form layout="vertical">
        {how === "object" && (
          <Form.Item label={words.how}>
            <Input
              aria-label={words.how}
              value={said}
              placeholder={words.howExample}
              maxLength={1000}
              onChange={(event) => setSaid(event.target.value)}
            />
          </Form.Item>
        )}
        <Form.Item label={words.eraseType(customer.handle)}>
          <Input
            aria-label={words.eraseType(customer.handle)}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </Form.Item>
      </Form>
      <Refusal failure={erase.error ?? object.error} />
    </Modal>
  );
}

function WhatIsLost({ objecting, whole }: { readonly objecting: boolean; readonly whole: boolean }) {
  const words = useWords(rightsWords);
  return (
    <>
      {objecting && <Typography.Paragraph>{words.objectHelp}</Typography.Paragraph>}
      <Typography.Text strong>{words.eraseWill}</Typography.Text>
      <ul className="mt-1 pl-5">
        {words.eraseLost.split("\n").map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <Alert
        type={whole ? "warning" : "info"}
        showIcon
        className="!mb-4"
        title={whole ? words.eraseWhole : words.eraseScope}
      />
    </>
  );
}
