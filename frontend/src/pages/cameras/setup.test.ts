import dayjs from "dayjs";
import { expect, test } from "vitest";
import type { Camera } from "@/api/schema";
import { changeOf, emptyCamera, newCamera, sourceOf, valuesOf } from "./setup";

const ZONE = "Asia/Ho_Chi_Minh";
const SAVED = {
  camera_id: "c",
  site_id: "s",
  name: "Door",
  type: "rtsp",
  rtsp_url: "rtsp://10.0.0.2/1",
  line: null,
  role: "both",
  recognition: true,
  wanted_state: "running",
  webcam_index: null,
  file_path: null,
  file_starts_at: null,
} as unknown as Camera;

test("a new camera carries the source of its type and no other", () => {
  const webcam = newCamera({ ...emptyCamera("s"), name: "Till", type: "webcam", file_path: "/x" }, "s", ZONE);
  expect(webcam).toMatchObject({ type: "webcam", webcam_index: 0, wanted_state: "running" });
  expect(Object.keys(webcam)).not.toContain("file_path");
  expect(Object.keys(webcam)).not.toContain("file_starts_at");
});

test("an address that was left empty stays, and is tried with the password that is kept", () => {
  const values = valuesOf(SAVED, ZONE);
  expect(values.rtsp_url).toBe("");
  expect(Object.keys(changeOf(values, ZONE))).not.toContain("rtsp_url");
  expect(sourceOf(values, SAVED)).toEqual({ camera_id: "c" });
  const other = { ...values, rtsp_url: " rtsp://u:p@10.0.0.3/1 " };
  expect(changeOf(other, ZONE)).toMatchObject({ rtsp_url: "rtsp://u:p@10.0.0.3/1" });
  expect(sourceOf(other, SAVED)).toEqual({ type: "rtsp", rtsp_url: "rtsp://u:p@10.0.0.3/1" });
});

test("footage begins by the site's clock, there and back", () => {
  const values = { ...emptyCamera("s"), type: "file" as const, file_starts_at: dayjs("2026-03-02T08:30:00") };
  const begins = newCamera(values, "s", ZONE).file_starts_at;
  expect(begins).toBe("2026-03-02T01:30:00.000Z");
  const saved = { ...SAVED, type: "file", file_starts_at: begins } as Camera;
  expect(valuesOf(saved, ZONE).file_starts_at?.format("HH:mm")).toBe("08:30");
});
