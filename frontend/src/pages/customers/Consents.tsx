// What a customer has said, the newest first, and the form that notes what they say now.

import { Button, Card, Form, Input, Modal, Radio, Select, Tag, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Consent, ConsentGiven, CustomerDetail } from "@/api/schema";
import { useMay } from "@/app/session";
import { useClosing } from "@/parts/FormDrawer";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { Failed, Loading } from "@/parts/PageState";
import { useRefreshPeople } from "@/parts/people/correcting";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { rightsWords } from "./rights";

const PURPOSES = ["recognition", "profile", "marketing"] as const;

export function Consents({ customer }: { readonly customer: CustomerDetail }) {
  const words = useWords(rightsWords);
  const mayChange = useMay("customers.change");
  const [noting, setNoting] = useState(false);
  const path = { customer_id: customer.customer_id };
  const said = api.useQuery("get", "/v1/customers/{customer_id}/consents", { params: { path } });
  return (
    <Card title={<h2 className="m-0 text-lg">{words.consents}</h2>}>
      {mayChange && (
        <Button className="mb-4" onClick={() => setNoting(true)}>
          {words.consentAdd}
        </Button>
      )}
      {said.isPending ? (
        <Loading />
      ) : said.error ? (
        <Failed problem={problemOf(said.error)} onRetry={() => void said.refetch()} />
      ) : said.data.items.length === 0 ? (
        <Typography.Paragraph type="secondary">{words.consentsNone}</Typography.Paragraph>
      ) : (
        <ul className="m-0 flex list-none flex-col gap-3 p-0">
          {said.data.items.map((one) => (
            <Said key={one.consent_id} consent={one} zone={customer.time_zone} />
          ))}
        </ul>
      )}
      <NoteConsent customerId={customer.customer_id} open={noting} onClose={() => setNoting(false)} />
    </Card>
  );
}

function Said({ consent, zone }: { readonly consent: Consent; readonly zone: string }) {
  const words = useWords(rightsWords);
  const format = useFormat();
  return (
    <li>
      <Tag color={consent.given ? "success" : "error"}>{consent.given ? words.givenYes : words.givenNo}</Tag>
      <Typography.Text>{words.purposes[consent.purpose]}</Typography.Text>
      <Typography.Text type="secondary" className="!block text-sm">
        {format.dateTime(consent.at, zone)} · {consent.how} · {consent.text_version}
      </Typography.Text>
    </li>
  );
}

interface NoteConsentProps {
  readonly customerId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

function NoteConsent({ customerId, open, onClose }: NoteConsentProps) {
  const words = useWords(rightsWords);
  const refresh = useRefreshPeople();
  const [form] = Form.useForm<ConsentGiven>();
  const note = api.useMutation("post", "/v1/customers/{customer_id}/consents", {
    onSuccess: async () => {
      onClose();
      await refresh();
    },
  });
  useFieldFaults(form, note.error);
  const { close, watch, guard } = useClosing(onClose);
  const needed = [{ required: true, whitespace: true, message: words.needed }];
  const path = { customer_id: customerId };
  return (
    <Modal
      open={open}
      title={words.consentAdd}
      okText={words.consentAdd}
      okButtonProps={{ loading: note.isPending }}
      onOk={() => form.submit()}
      onCancel={close}
      afterClose={note.reset}
      destroyOnHidden
    >
      {open && guard}
      <Form.Provider onFormChange={watch}>
        <Form<ConsentGiven>
          form={form}
          name="consent"
          layout="vertical"
          requiredMark={false}
          initialValues={{ purpose: "recognition", given: true }}
          onFinish={(body) => note.mutate({ params: { path }, body })}
        >
          <Form.Item label={words.purpose} name="purpose">
            <Select options={PURPOSES.map((one) => ({ value: one, label: words.purposes[one] }))} />
          </Form.Item>
          <Form.Item label={words.given} name="given">
            <Radio.Group
              options={[
                { value: true, label: words.givenYes },
                { value: false, label: words.givenNo },
              ]}
            />
          </Form.Item>
          <Form.Item label={words.how} name="how" rules={needed}>
            <Input placeholder={words.howExample} maxLength={1000} />
          </Form.Item>
          <Form.Item label={words.textVersion} name="text_version" rules={needed}>
            <Input placeholder={words.textExample} maxLength={120} />
          </Form.Item>
          <Refusal failure={note.error} />
        </Form>
      </Form.Provider>
    </Modal>
  );
}
