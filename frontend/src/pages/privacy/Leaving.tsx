// Letting the whole chain leave: typed by who means it, with time to take it back.

import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Departure } from "@/api/schema";
import { Refusal } from "@/parts/forms";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { Section } from "./Section";
import { privacyWords } from "./words";

const DEPARTURE = ["get", "/v1/tenant/departure"] as const;

export function Leaving({ name }: { readonly name: string }) {
  const words = useWords(privacyWords).leave;
  const [asking, setAsking] = useState(false);
  const departure = api.useQuery(...DEPARTURE, {}, { retry: false });
  const failure = departure.error ? problemOf(departure.error) : undefined;
  const stays = failure?.status === 404;
  return (
    <Section title={words.title}>
      {departure.isPending && <Loading />}
      {failure && !stays && <Failed problem={failure} onRetry={() => void departure.refetch()} />}
      {departure.data && !failure && <OnItsWay departure={departure.data} />}
      {stays && (
        <>
          <p className="mt-0">{words.help}</p>
          <Button danger onClick={() => setAsking(true)}>
            {words.ask}
          </Button>
        </>
      )}
      {asking && <Ask name={name} onClose={() => setAsking(false)} />}
    </Section>
  );
}

function OnItsWay({ departure }: { readonly departure: Departure }) {
  const words = useWords(privacyWords).leave;
  const format = useFormat();
  const zone = useChainZone();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const stay = api.useMutation("delete", "/v1/tenant/departure", {
    onSuccess: () => void message.success(words.stays),
    onSettled: () => queries.resetQueries({ queryKey: DEPARTURE }),
  });
  if (departure.state !== "waiting") return <Alert type="error" showIcon title={words.running} />;
  return (
    <>
      <Alert
        type="warning"
        showIcon
        className="!mb-4"
        title={words.waiting(format.dateTime(departure.due_at, zone))}
        description={words.waitingHelp}
      />
      <Refusal failure={stay.error} />
      <Button type="primary" loading={stay.isPending} onClick={() => stay.mutate({})}>
        {words.stay}
      </Button>
    </>
  );
}

function Ask({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const words = useWords(privacyWords).leave;
  const shared = useWords(sharedWords);
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const leave = api.useMutation("post", "/v1/tenant/departure", {
    onSuccess: async () => {
      onClose();
      await queries.resetQueries({ queryKey: DEPARTURE });
    },
  });
  return (
    <Modal
      open
      title={words.title}
      okText={words.confirm}
      cancelText={shared.cancel}
      okButtonProps={{ danger: true, disabled: typed.trim() !== name }}
      confirmLoading={leave.isPending}
      onOk={() => leave.mutate({ body: { name: typed.trim() } })}
      onCancel={onClose}
    >
      <p>{words.help}</p>
      <Refusal failure={leave.error} />
      <Form layout="vertical">
        <Form.Item label={words.type(name)} htmlFor="leaving-name">
          <Input id="leaving-name" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
