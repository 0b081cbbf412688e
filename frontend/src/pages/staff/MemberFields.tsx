// The fields of a member, alike for a new one and a change; they check what the gateway checks.

import { Form, Input, InputNumber, Select, Switch } from "antd";
import type { NewMember } from "@/api/schema";
import { useMe } from "@/app/session";
import { useSites } from "@/parts/SiteSelect";
import { useWords } from "@/words/words";
import { staffWords } from "./words";

const PHONE = /^\s*(\+?[0-9][0-9 ().-]{3,28})?\s*$/;
const GENDERS = ["unknown", "female", "male"] as const;

export type TypedMember = Partial<NewMember>;

export function MemberFields() {
  const words = useWords(staffWords);
  const sites = useSites();
  const { role } = useMe();
  const ofSomeSites = role === "manager";
  return (
    <>
      <Form.Item
        label={words.name}
        name="name"
        rules={[
          { required: true, whitespace: true, message: words.needed },
          { max: 120, message: words.tooLong },
        ]}
      >
        <Input maxLength={120} autoComplete="off" />
      </Form.Item>
      <Form.Item
        label={words.sites}
        name="site_ids"
        extra={words.sitesHelp}
        rules={ofSomeSites ? [{ required: true, type: "array", min: 1, message: words.siteNeeded }] : []}
      >
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: "label" }}
          options={sites.map((site) => ({ value: site.site_id, label: site.name }))}
        />
      </Form.Item>
      <Form.Item label={words.gender} name="gender">
        <Select options={GENDERS.map((one) => ({ value: one, label: words.genders[one] }))} />
      </Form.Item>
      <Form.Item
        label={words.birthYear}
        name="birth_year"
        rules={[{ type: "integer", min: 1900, max: 2100, message: words.yearWrong }]}
      >
        <InputNumber className="!w-full" controls={false} />
      </Form.Item>
      <Form.Item label={words.phone} name="phone" rules={[{ pattern: PHONE, message: words.phoneWrong }]}>
        <Input type="tel" autoComplete="off" />
      </Form.Item>
      <Form.Item label={words.email} name="email" rules={[{ type: "email", message: words.emailWrong }]}>
        <Input type="email" autoComplete="off" maxLength={254} />
      </Form.Item>
      <Form.Item label={words.stillActive} name="active" valuePropName="checked" extra={words.activeHelp}>
        <Switch />
      </Form.Item>
    </>
  );
}

/** What was typed, as the gateway takes it: an empty field is not known. */
export function memberOf(typed: TypedMember) {
  return {
    name: typed.name?.trim() ?? "",
    gender: typed.gender ?? ("unknown" as const),
    birth_year: typed.birth_year ?? null,
    phone: typed.phone?.trim() || null,
    email: typed.email?.trim() || null,
    site_ids: typed.site_ids ?? [],
    active: typed.active ?? true,
  };
}
