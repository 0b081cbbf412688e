import { expect, test } from "vitest";
import type { PersonRecognized } from "./messages";
import { Scene } from "./scene";

const BOX = { track_id: "t", x: 0.1, y: 0.2, width: 0.1, height: 0.2 };
const LAN: PersonRecognized = {
  kind: "recognized",
  camera_id: "c",
  track_id: "t",
  state: "known",
  name: "Lan",
  handle: "ABC123",
  visit_number: 5,
};

test("a face is nobody's until it is told who it was", () => {
  const scene = new Scene();
  scene.see([BOX], 0);
  expect(scene.marked(1)).toEqual([{ box: BOX, person: undefined, gone: false }]);
});

test("who has left is named for some seconds where they were last", () => {
  const scene = new Scene();
  scene.see([{ ...BOX, x: 0.5 }], 0);
  scene.see([BOX], 100);
  scene.see([], 200);
  expect(scene.marked(300)).toEqual([]);
  scene.recognize(LAN, 2_000);
  expect(scene.marked(2_100)).toEqual([{ box: BOX, person: LAN, gone: true }]);
  expect(scene.marked(9_000)).toEqual([]);
});

test("who is still there keeps the name for as long, and some seconds more", () => {
  const scene = new Scene();
  scene.recognize(LAN, 0);
  for (const at of [0, 20_000, 40_000]) scene.see([BOX], at);
  expect(scene.marked(40_001)).toEqual([{ box: BOX, person: LAN, gone: false }]);
  scene.see([], 40_100);
  expect(scene.marked(45_000)).toEqual([{ box: BOX, person: LAN, gone: true }]);
  expect(scene.marked(47_000)).toEqual([]);
});

test("nothing is remembered for long, and who was never seen here is not drawn", () => {
  const scene = new Scene();
  scene.recognize(LAN, 0);
  expect(scene.marked(1)).toEqual([]);
  scene.see([BOX], 0);
  scene.see([], 60_000);
  scene.recognize(LAN, 60_001);
  expect(scene.marked(60_002)).toEqual([]);
});
