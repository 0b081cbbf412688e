// Saving the view that is shown, or changing what was saved: name, schedule, files, who gets it by mail.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Form, Input, Radio, Select } from "antd";
import { api } from "@/api/client";
import type { SavedReport } from "@/api/schema";
import { useMay } from "@/app/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { atLeastOne, Refusal, useFieldFaults } from "@/parts/forms";
import { sharedWords } from "@/parts/words";
import { useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import type { ReportQuery } from "../ranges";
import { type Decided, setupOf } from "./saved";
import { savedWords } from "./words";

const SCHEDULES = ["none", "weekly", "monthly"] as const;
const FORMATS = ["pdf", "xlsx"] as const;
const LIST = ["get", "/v1/saved-reports"] as const;

interface SaveFormProps {
  /** The filters to save. */
  readonly query: ReportQuery;
  /** What is changed; nothing where the view is saved anew. */
  readonly of?: SavedReport | undefined;
  readonly onClose: () => void;
}

export function SaveForm({ query, of, onClose }: SaveFormProps) {
  const words = useWords(savedWords);
  const shared = useWords(sharedWords);
  const language = useLanguage();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Decided>();
  const onSuccess = async () => {
    void message.success(words.done);
    onClose();
    await queries.invalidateQueries({ queryKey: LIST });
  };
  const create = api.useMutation("post", "/v1/saved-reports", { onSuccess });
  const change = api.useMutation("patch", "/v1/saved-reports/{saved_report_id}", { onSuccess });
  const failure = create.error ?? change.error;
  useFieldFaults(form, failure);
  const finish = (decided: Decided) =>
    of
      ? change.mutate({ params: { path: { saved_report_id: of.saved_report_id } }, body: decided })
      : create.mutate({ body: setupOf(query, decided, language) });
  return (
    <FormDrawer title={of ? words.edit : words.save} size="30rem" onClose={onClose}>
      {!of && <p className="mt-0">{words.saveHelp}</p>}
      <Form<Decided>
        form={form}
        name="save-report"
        layout="vertical"
        requiredMark={false}
        initialValues={of ?? { schedule: "weekly", formats: ["pdf"], recipient_ids: [] }}
        onFinish={finish}
      >
        <Form.Item
          name="name"
          label={words.name}
          rules={[{ required: true, whitespace: true, message: words.nameMissing }]}
        >
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name="schedule" label={words.schedule}>
          <Radio.Group
            className="!flex flex-col gap-1"
            options={SCHEDULES.map((one) => ({ value: one, label: words.schedules[one] }))}
          />
        </Form.Item>
        <Form.Item name="formats" label={words.formats} rules={[atLeastOne(words.formatMissing)]}>
          <Checkbox.Group options={FORMATS.map((one) => ({ value: one, label: words.formatNames[one] }))} />
        </Form.Item>
        <Recipients />
        <Refusal failure={failure} />
        <Button type="primary" htmlType="submit" loading={create.isPending || change.isPending}>
          {shared.save}
        </Button>
      </Form>
    </FormDrawer>
  );
}

function Recipients() {
  const words = useWords(savedWords);
  const enabled = useMay("users.see");
  const users = api.useQuery("get", "/v1/users", { params: { query: { limit: 200 } } }, { enabled });
  return (
    <Form.Item name="recipient_ids" label={words.recipients} extra={words.recipientsHelp} hidden={!enabled}>
      <Select
        mode="multiple"
        loading={users.isFetching}
        showSearch={{ optionFilterProp: "label" }}
        options={(users.data?.items ?? []).map((user) => ({ value: user.user_id, label: user.email }))}
      />
    </Form.Item>
  );
}
