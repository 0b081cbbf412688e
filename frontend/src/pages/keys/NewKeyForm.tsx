// A new key: its name, what it may (never more than its maker), until when.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, DatePicker, Form, Input } from "antd";
import type { Dayjs } from "dayjs";
import { api } from "@/api/client";
import type { MadeKey } from "@/api/schema";
import { useMe } from "@/app/session";
import { dayAt, dayEnds } from "@/parts/days";
import { FormDrawer } from "@/parts/FormDrawer";
import { atLeastOne, Refusal, useFieldFaults } from "@/parts/forms";
import { useChainZone } from "@/parts/zone";
import { useWords } from "@/words/words";
import { AREAS, type Area, offeredScopes } from "./scopes";
import { keysWords, type Scope, scopeWords } from "./words";

const DAY = "YYYY-MM-DD";
const areas = Object.keys(AREAS) as Area[];

interface NewKeyFormProps {
  readonly onClose: () => void;
  readonly onMade: (key: MadeKey) => void;
}
interface Typed {
  readonly name: string;
  readonly scopes: Scope[];
  readonly expires_at?: Dayjs | null;
}

export function NewKeyForm({ onClose, onMade }: NewKeyFormProps) {
  const words = useWords(keysWords);
  const queries = useQueryClient();
  const zone = useChainZone();
  const [form] = Form.useForm<Typed>();
  const make = api.useMutation("post", "/v1/keys", {
    onSuccess: async (key) => {
      onMade(key);
      await queries.invalidateQueries({ queryKey: ["get", "/v1/keys"] });
    },
  });
  useFieldFaults(form, make.error);
  const save = ({ name, scopes, expires_at }: Typed) =>
    make.mutate({
      body: { name, scopes, expires_at: expires_at ? dayEnds(expires_at.format(DAY), zone) : null },
    });
  return (
    <FormDrawer title={words.create} size="30rem" onClose={onClose}>
      <Form<Typed> form={form} name="key" layout="vertical" requiredMark={false} onFinish={save}>
        <Form.Item
          name="name"
          label={words.name}
          extra={words.nameHelp}
          rules={[{ required: true, whitespace: true, message: words.needed }]}
        >
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={words.may}
          extra={words.mayHelp}
          rules={[atLeastOne(words.mayNeeded)]}
        >
          <Checkbox.Group className="!flex w-full !flex-col gap-3">
            {areas.map((area) => (
              <ScopesOf key={area} area={area} />
            ))}
          </Checkbox.Group>
        </Form.Item>
        <Form.Item name="expires_at" label={words.expires} extra={words.expiresHelp(zone)}>
          <DatePicker format="DD/MM/YYYY" disabledDate={(day) => day.format(DAY) < dayAt(new Date(), zone)} />
        </Form.Item>
        <Refusal failure={make.error} />
        <Button type="primary" htmlType="submit" loading={make.isPending}>
          {words.create}
        </Button>
      </Form>
    </FormDrawer>
  );
}

function ScopesOf({ area }: { readonly area: Area }) {
  const words = useWords(keysWords);
  const names = useWords(scopeWords);
  const offered = offeredScopes(useMe(), AREAS[area]);
  if (offered.length === 0) return null;
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="mb-1 p-0 font-semibold">{words.areas[area]}</legend>
      <div className="grid grid-cols-1 gap-1 sm:grid-cols-2">
        {offered.map((scope) => (
          <Checkbox key={scope} value={scope}>
            {names[scope]}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}
