// How long pictures and people are kept, and how small a group reports may tell of.

import { App, Button, Form, Input, InputNumber, Radio } from "antd";
import type { Tenant, TenantChange } from "@/api/schema";
import { useMay } from "@/app/session";
import { Refusal } from "@/parts/forms";
import { sharedWords } from "@/parts/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { Section } from "./Section";
import { useTenantChange } from "./tenant";
import { privacyWords } from "./words";

interface RetentionProps {
  readonly tenant: Tenant;
  readonly tag: string;
  readonly onSaved: () => void;
}
const KEPT = [
  "name",
  "language",
  "retention_days",
  "inactive_after_months",
  "least_people_shown",
] as const satisfies readonly (keyof Tenant)[];
type Kept = Pick<Tenant, (typeof KEPT)[number]>;

/** Says whether what the form edits has become another. */
export function isKeptOtherwise(one: Tenant, other: Tenant): boolean {
  return KEPT.some((name) => one[name] !== other[name]);
}

export function Retention({ tenant, tag, onSaved }: RetentionProps) {
  const words = useWords(privacyWords);
  const shared = useWords(sharedWords);
  const format = useFormat();
  const mayChange = useMay("tenant.change");
  const { modal } = App.useApp();
  const { change, failure, waiting } = useTenantChange(tag, onSaved);
  const save = (typed: Kept) => {
    const body: TenantChange = { ...typed, inactive_after_months: typed.inactive_after_months ?? null };
    if (typed.retention_days >= tenant.retention_days) return change(body);
    return void modal.confirm({
      title: words.keep.shorter,
      content: words.keep.shorterHelp(format.number(typed.retention_days)),
      okText: shared.save,
      cancelText: shared.cancel,
      okButtonProps: { danger: true },
      onOk: () => change(body),
    });
  };
  const number = (name: keyof Kept, texts: NumberTexts, least: number, most: number, isNeeded = true) => (
    <Form.Item
      name={name}
      label={texts.label}
      extra={texts.help}
      rules={[{ required: isNeeded, message: words.needed }]}
    >
      <InputNumber min={least} max={most} precision={0} suffix={texts.unit} className="!w-40" />
    </Form.Item>
  );
  const { keep, chain } = words;
  return (
    <Section title={keep.title}>
      <Form<Kept>
        name="kept"
        layout="vertical"
        requiredMark={false}
        disabled={!mayChange}
        initialValues={tenant}
        onFinish={save}
      >
        <Form.Item
          name="name"
          label={chain.name}
          extra={`${chain.sharing}: ${chain.sharings[tenant.sharing]}`}
          rules={[{ required: true, whitespace: true, message: words.needed }]}
        >
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item name="language" label={chain.language}>
          <Radio.Group
            optionType="button"
            options={[
              { value: "vi", label: "Tiếng Việt" },
              { value: "en", label: "English" },
            ]}
          />
        </Form.Item>
        {number("retention_days", { label: keep.days, help: keep.daysHelp, unit: keep.daysUnit }, 1, 30)}
        {number(
          "inactive_after_months",
          { label: keep.inactive, help: keep.inactiveHelp, unit: keep.inactiveUnit },
          1,
          120,
          false,
        )}
        {number(
          "least_people_shown",
          { label: keep.least, help: keep.leastHelp, unit: keep.leastUnit },
          1,
          100,
        )}
        <Refusal failure={failure} />
        {mayChange && (
          <Button type="primary" htmlType="submit" loading={waiting}>
            {shared.save}
          </Button>
        )}
      </Form>
    </Section>
  );
}

interface NumberTexts {
  readonly label: string;
  readonly help: string;
  readonly unit: string;
}
