import { expect, test } from "vitest";
import { type Message, MessageReader } from "./messages";

function packed(facts: object, jpeg: readonly number[] = []): number[] {
  const told = [...new TextEncoder().encode(JSON.stringify(facts))];
  const lengths = new DataView(new ArrayBuffer(8));
  lengths.setUint32(0, told.length);
  lengths.setUint32(4, jpeg.length);
  return [...new Uint8Array(lengths.buffer), ...told, ...jpeg];
}

const STREAM = [
  ...packed({ kind: "picture", camera_id: "một" }, [1, 2, 3]),
  ...packed({ kind: "alive" }),
  ...packed({ kind: "recognized", name: "Lan" }),
];

test.each([1, 3, 7, 1000])("messages are whole again in pieces of %i bytes", (size) => {
  const reader = new MessageReader();
  const found: Message[] = [];
  for (let from = 0; from < STREAM.length; from += size) {
    found.push(...reader.read(new Uint8Array(STREAM.slice(from, from + size))));
  }
  expect(found.map((one) => one.kind)).toEqual(["picture", "alive", "recognized"]);
  expect(found[0]).toMatchObject({ camera_id: "một", jpeg: new Uint8Array([1, 2, 3]) });
});

test("what is not whole yet waits", () => {
  const reader = new MessageReader();
  expect(reader.read(new Uint8Array(STREAM.slice(0, 20)))).toEqual([]);
});
