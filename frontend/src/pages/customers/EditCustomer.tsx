// What a human knows of a customer; an empty field means that nobody knows.

import { App, Button, Form, Input, InputNumber, Select, Typography } from "antd";
import { api } from "@/api/client";
import { ifMatch, type Tagged } from "@/api/resource";
import type { CustomerChange, CustomerDetail } from "@/api/schema";
import { FormDrawer } from "@/parts/FormDrawer";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { Kept } from "@/parts/Kept";
import { useRefreshPeople } from "@/parts/people/correcting";
import { peopleWords } from "@/parts/people/words";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { profileRules } from "./profile";
import { customersWords } from "./words";

interface EditCustomerProps {
  readonly customer: Tagged<CustomerDetail>;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function EditCustomer({ customer, open, onClose }: EditCustomerProps) {
  const words = useWords(customersWords);
  return (
    <FormDrawer open={open} onClose={onClose} title={words.edit} size="26.25rem" destroyOnHidden>
      <Kept fresh={customer}>{(kept) => <EditForm customer={kept} onSaved={onClose} />}</Kept>
    </FormDrawer>
  );
}

interface EditProps {
  readonly customer: Tagged<CustomerDetail>;
  readonly onSaved: () => void;
}

function EditForm({ customer, onSaved }: EditProps) {
  const words = useWords(customersWords);
  const people = useWords(peopleWords);
  const shared = useWords(sharedWords);
  const { message } = App.useApp();
  const refresh = useRefreshPeople();
  const [form] = Form.useForm<CustomerChange>();
  const save = api.useMutation("patch", "/v1/customers/{customer_id}", {
    onSuccess: async () => {
      message.success(words.saved);
      onSaved();
      await refresh();
    },
  });
  useFieldFaults(form, save.error);
  const rules = profileRules(words);
  const { value, tag } = customer;
  const params = { path: { customer_id: value.customer_id }, header: ifMatch(tag) };
  return (
    <Form<CustomerChange>
      form={form}
      name="customer"
      layout="vertical"
      initialValues={{ ...value, gender: value.gender_set }}
      onFinish={(typed) => save.mutate({ params, body: emptyIsUnknown(typed) })}
    >
      <Form.Item label={words.name} name="name" rules={rules.name}>
        <Input maxLength={120} autoComplete="off" />
      </Form.Item>
      <Form.Item label={people.gender} name="gender">
        <Select
          options={[
            { value: "unknown", label: words.genderUnset },
            { value: "female", label: people.genders.female },
            { value: "male", label: people.genders.male },
          ]}
        />
      </Form.Item>
      <Form.Item label={words.birthYear} name="birth_year" rules={rules.birthYear}>
        <InputNumber className="!w-full" controls={false} />
      </Form.Item>
      <Form.Item label={words.phone} name="phone" rules={rules.phone}>
        <Input type="tel" autoComplete="off" />
      </Form.Item>
      <Typography.Paragraph type="secondary">{words.sharedHelp}</Typography.Paragraph>
      <Form.Item label={words.note} name="note" extra={words.noteHelp} rules={rules.note}>
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={2000} />
      </Form.Item>
      <Refusal failure={save.error} />
      <Button type="primary" htmlType="submit" block loading={save.isPending}>
        {shared.save}
      </Button>
    </Form>
  );
}

/** Fields that were emptied are told as not known any more. */
function emptyIsUnknown(typed: CustomerChange): CustomerChange {
  return {
    name: typed.name?.trim() || null,
    gender: typed.gender ?? "unknown",
    birth_year: typed.birth_year ?? null,
    phone: typed.phone?.trim() || null,
    note: typed.note?.trim() || null,
  };
}
