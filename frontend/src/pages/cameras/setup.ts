// A camera's form and what the gateway takes: only the fields of its type, and the password only when it was entered.

import dayjs, { type Dayjs } from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import type { Camera, CameraChange, CameraSource, NewCamera, SavedCamera } from "@/api/schema";

dayjs.extend(utc);
dayjs.extend(timezone);
const WALL_CLOCK = "YYYY-MM-DDTHH:mm:ss";

export interface CameraValues {
  readonly name: string;
  readonly site_id: string | undefined;
  readonly type: Camera["type"];
  readonly webcam_index: number;
  readonly rtsp_url: string;
  readonly file_path: string;
  /** As the site's clock shows it. */
  readonly file_starts_at: Dayjs | null;
  readonly line: Camera["line"];
  readonly role: Camera["role"];
  readonly recognition: boolean;
  readonly running: boolean;
}

export function emptyCamera(siteId: string | undefined): CameraValues {
  return {
    name: "",
    site_id: siteId,
    type: "rtsp",
    webcam_index: 0,
    rtsp_url: "",
    file_path: "",
    file_starts_at: null,
    line: null,
    role: "both",
    recognition: true,
    running: true,
  };
}

/** The form of a camera at a site in this zone; its address stays empty, since the password is not told. */
export function valuesOf(camera: Camera, zone: string): CameraValues {
  const { name, site_id, type, line, role, recognition } = camera;
  const begins = camera.file_starts_at;
  return {
    ...{ name, site_id, type, line, role, recognition },
    webcam_index: camera.webcam_index ?? 0,
    rtsp_url: "",
    file_path: camera.file_path ?? "",
    file_starts_at: begins ? dayjs(dayjs(begins).tz(zone).format(WALL_CLOCK)) : null,
    running: camera.wanted_state === "running",
  };
}

const SET_UP = [
  "name",
  "type",
  "webcam_index",
  "rtsp_url",
  "file_path",
  "file_starts_at",
  "line",
  "role",
  "recognition",
] as const satisfies readonly (keyof Camera)[];

/** Says whether what the form edits has become another; a camera that was started or stopped has not. */
export function isSetUpAnew(one: Camera, other: Camera): boolean {
  return SET_UP.some((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

/** The source that the form names; of a saved camera whose address was left alone, the camera itself. */
export function sourceOf(values: CameraValues, saved: Camera | undefined): CameraSource | SavedCamera {
  if (values.type === "webcam") return { type: "webcam", webcam_index: values.webcam_index };
  if (values.type === "file") return { type: "file", file_path: values.file_path };
  const url = values.rtsp_url.trim();
  return !url && saved ? { camera_id: saved.camera_id } : { type: "rtsp", rtsp_url: url };
}

export function newCamera(values: CameraValues, siteId: string, zone: string): NewCamera {
  const { name, line, role, recognition, running } = values;
  return {
    ...(sourceOf(values, undefined) as CameraSource),
    ...(values.type === "file" ? { file_starts_at: instant(values.file_starts_at, zone) } : {}),
    ...{ site_id: siteId, name, line, role, recognition },
    wanted_state: running ? "running" : "stopped",
  };
}

/** What the form changes of a saved camera; start and stop have their own buttons. */
export function changeOf(values: CameraValues, zone: string): CameraChange {
  const { name, type, line, role, recognition } = values;
  const url = values.rtsp_url.trim();
  return {
    ...{ name, line, role, recognition },
    ...(type === "webcam" ? { webcam_index: values.webcam_index } : {}),
    ...(type === "rtsp" && url ? { rtsp_url: url } : {}),
    ...(type === "file"
      ? { file_path: values.file_path, file_starts_at: instant(values.file_starts_at, zone) }
      : {}),
  };
}

function instant(shown: Dayjs | null, zone: string): string | null {
  return shown ? dayjs.tz(shown.format(WALL_CLOCK), zone).toISOString() : null;
}
