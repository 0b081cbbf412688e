// One camera to be made or changed: where it is and what it is on one side, its picture with the line on the other.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Form, Select, Switch } from "antd";
import { useRef, useState } from "react";
import { api } from "@/api/client";
import { ifMatch } from "@/api/resource";
import type { Camera } from "@/api/schema";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { AskBeforeLeaving } from "@/parts/leaving";
import { useSites } from "@/parts/SiteSelect";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { NameField, RoleField, SourceFields } from "./CameraFields";
import { camerasChanged } from "./change";
import { LineField } from "./LineField";
import { type CameraValues, changeOf, newCamera, sourceOf } from "./setup";
import { camerasWords } from "./words";

const OF_THE_SOURCE = ["type", "rtsp_url", "webcam_index", "file_path"] as const;

interface CameraFormProps {
  readonly values: CameraValues;
  /** The camera that is changed, and its state's tag; undefined: a new one. */
  readonly saved?: { readonly camera: Camera; readonly tag: string } | undefined;
  readonly onSaved: (camera: Camera) => void;
}

export function CameraForm({ values, saved, onSaved }: CameraFormProps) {
  const words = useWords(camerasWords);
  const shared = useWords(sharedWords);
  const sites = useSites().filter((site) => site.active || site.site_id === values.site_id);
  const [form] = Form.useForm<CameraValues>();
  const name = Form.useWatch("name", form) ?? values.name;
  const isSaved = useRef(false);
  const [isEntered, setEntered] = useState(false);
  const { save, failure, waiting } = useSaving(saved, (camera) => {
    isSaved.current = true;
    onSaved(camera);
  });
  useFieldFaults(form, failure);
  const source = async () => {
    const right = await form.validateFields([...OF_THE_SOURCE]).catch(() => undefined);
    return right && sourceOf({ ...values, ...form.getFieldsValue() }, saved?.camera);
  };
  return (
    <Form<CameraValues>
      form={form}
      name="camera"
      layout="vertical"
      initialValues={values}
      onFinish={(entered) =>
        save({ ...values, ...entered }, zoneOf(sites, entered.site_id ?? values.site_id))
      }
      onValuesChange={() => {
        isSaved.current = false;
        setEntered(true);
      }}
      requiredMark="optional"
      scrollToFirstError
    >
      {isEntered && <AskBeforeLeaving holds={() => !isSaved.current && form.isFieldsTouched()} />}
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(20rem,2fr)_minmax(0,3fr)]">
        <Card title={<h2 className="m-0 text-base">{words.settings}</h2>}>
          <NameField />
          {!saved && (
            <Form.Item
              name="site_id"
              label={words.site}
              rules={[{ required: true, message: words.siteMissing }]}
            >
              <Select
                showSearch={{ optionFilterProp: "label" }}
                options={sites.map((site) => ({ value: site.site_id, label: site.name }))}
              />
            </Form.Item>
          )}
          <SourceFields saved={saved?.camera} />
          <RoleField />
          <Form.Item
            name="recognition"
            label={words.recognition}
            extra={words.recognitionHelp}
            valuePropName="checked"
            required
          >
            <Switch />
          </Form.Item>
          {!saved && (
            <Form.Item name="running" label={words.startNow} valuePropName="checked" required>
              <Switch />
            </Form.Item>
          )}
        </Card>
        <Card title={<h2 className="m-0 text-base">{words.line}</h2>}>
          <Form.Item name="line" noStyle>
            <LineField name={name} source={source} />
          </Form.Item>
        </Card>
      </div>
      <div className="mt-4">
        <Refusal failure={failure} />
        <Button type="primary" size="large" htmlType="submit" loading={waiting}>
          {shared.save}
        </Button>
      </div>
    </Form>
  );
}

/** Saves a form; told once the gateway has it. */
export function useSaving(saved: CameraFormProps["saved"], onSaved: (camera: Camera) => void) {
  const words = useWords(camerasWords);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const done = async (camera: Camera) => {
    message.success(words.saved);
    onSaved(camera);
    await camerasChanged(queries);
  };
  const create = api.useMutation("post", "/v1/cameras", { onSuccess: done });
  const change = api.useMutation("patch", "/v1/cameras/{camera_id}", { onSuccess: done });
  const save = (values: CameraValues, zone: string) => {
    if (saved) {
      const params = { path: { camera_id: saved.camera.camera_id }, header: ifMatch(saved.tag) };
      change.mutate({ params, body: changeOf(values, zone) });
    } else if (values.site_id) {
      create.mutate({ body: newCamera(values, values.site_id, zone) });
    }
  };
  return { save, failure: create.error ?? change.error, waiting: create.isPending || change.isPending };
}

/** The zone of a camera's site; the chain's first where the site is not known here. */
export function zoneOf(
  sites: readonly { readonly site_id: string; readonly time_zone: string }[],
  siteId: string | undefined,
): string {
  return (sites.find((site) => site.site_id === siteId) ?? sites[0])?.time_zone ?? "UTC";
}
