// What a person decides about a camera, as fields of a form; the camera's page and the first run show the same.

import { DatePicker, Form, Input, InputNumber, Radio } from "antd";
import type { Camera } from "@/api/schema";
import { useWords } from "@/words/words";
import { camerasWords } from "./words";

const TYPES = ["rtsp", "webcam", "file"] as const;
const ROLES = ["both", "in", "out"] as const;
const READS = /^rtsps?:\/\/[^\s/]+\S*$/i;

export function NameField() {
  const words = useWords(camerasWords);
  return (
    <Form.Item
      name="name"
      label={words.name}
      extra={words.nameHelp}
      rules={[
        { required: true, whitespace: true, message: words.nameMissing },
        { max: 120, message: words.tooLong("120") },
      ]}
    >
      <Input autoComplete="off" />
    </Form.Item>
  );
}

/** The type and the fields of it; a saved camera keeps its type. */
export function SourceFields({ saved }: { readonly saved: Camera | undefined }) {
  const words = useWords(camerasWords);
  return (
    <>
      <Form.Item name="type" label={words.type} required hidden={saved !== undefined}>
        <Radio.Group options={TYPES.map((type) => ({ value: type, label: words.types[type] }))} />
      </Form.Item>
      <Form.Item noStyle dependencies={["type"]}>
        {({ getFieldValue }) => {
          const type: Camera["type"] = getFieldValue("type");
          if (type === "webcam") return <WebcamField />;
          return type === "file" ? <FileFields /> : <RtspField kept={saved?.rtsp_url ?? undefined} />;
        }}
      </Form.Item>
    </>
  );
}

function RtspField({ kept }: { readonly kept: string | undefined }) {
  const words = useWords(camerasWords);
  return (
    <Form.Item
      name="rtsp_url"
      label={words.rtsp}
      extra={kept ? words.rtspKept(kept) : words.rtspHelp}
      rules={[
        { required: !kept, message: words.rtspWrong },
        { pattern: READS, message: words.rtspWrong },
        { max: 1000, message: words.tooLong("1000") },
      ]}
    >
      <Input autoComplete="off" spellCheck={false} inputMode="url" placeholder="rtsp://" />
    </Form.Item>
  );
}

function WebcamField() {
  const words = useWords(camerasWords);
  return (
    <Form.Item
      name="webcam_index"
      label={words.webcam}
      extra={words.webcamHelp}
      rules={[{ required: true, type: "integer", min: 0, max: 63, message: words.webcamWrong }]}
    >
      <InputNumber />
    </Form.Item>
  );
}

function FileFields() {
  const words = useWords(camerasWords);
  return (
    <>
      <Form.Item
        name="file_path"
        label={words.file}
        extra={words.fileHelp}
        rules={[
          { required: true, message: words.fileMissing },
          { max: 1000, message: words.tooLong("1000") },
        ]}
      >
        <Input autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="file_starts_at" label={words.fileStarts} extra={words.fileStartsHelp}>
        <DatePicker showTime={{ format: "HH:mm" }} format="DD/MM/YYYY HH:mm" />
      </Form.Item>
    </>
  );
}

export function RoleField() {
  const words = useWords(camerasWords);
  return (
    <Form.Item name="role" label={words.role} extra={words.roleHelp} required>
      <Radio.Group
        optionType="button"
        options={ROLES.map((role) => ({ value: role, label: words.roles[role] }))}
      />
    </Form.Item>
  );
}
