// A page as small as can be that does what the portal does: hears what happens, and shows what a camera sees.
const byId = (id) => document.getElementById(id);
const canvas = byId("picture");
const lags = [];

byId("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ email: byId("email").value, password: byId("password").value });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/v1/auth/login", { method: "POST", headers, body });
  byId("line").textContent = answer.ok ? "in" : "refused";
  if (answer.ok) {
    listen();
    await watch(new URLSearchParams(location.search).get("camera"));
  }
});

function listen() {
  const stream = new EventSource("/v1/live");
  stream.addEventListener("ready", () => (byId("line").textContent = "listening"));
  stream.addEventListener("visit_opened", ({ data }) => add("happened", JSON.parse(data).subject_id));
  stream.addEventListener("counts", ({ data }) => (byId("inside").textContent = JSON.parse(data).visits));
}

async function watch(camera) {
  const answer = await fetch(`/v1/live-view?camera_id=${camera}`);
  const reader = answer.body.getReader();
  let waiting = new Uint8Array();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    waiting = joined(waiting, value);
    for (let message = first(waiting); message; message = first(waiting)) {
      waiting = waiting.slice(message.length);
      await show(message);
    }
  }
}

// Two lengths, the JSON, the JPEG.
function first(bytes) {
  if (bytes.length < 8) return null;
  const lengths = new DataView(bytes.buffer, bytes.byteOffset);
  const [told, pictured] = [lengths.getUint32(0), lengths.getUint32(4)];
  const length = 8 + told + pictured;
  if (bytes.length < length) return null;
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + told)));
  return { facts, jpeg: bytes.slice(8 + told, length), length };
}

async function show({ facts, jpeg }) {
  if (facts.kind === "recognized") add("recognized", facts.handle);
  if (facts.kind !== "picture") return;
  const picture = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  pen.strokeStyle = "#ff0";
  for (const box of facts.boxes) {
    const across = [box.x, box.width].map((part) => part * canvas.width);
    const down = [box.y, box.height].map((part) => part * canvas.height);
    pen.strokeRect(across[0], down[0], across[1], down[1]);
  }
  lags.push(Date.now() - Date.parse(facts.at));
  canvas.dataset.lags = JSON.stringify(lags);
}

function add(list, text) {
  const line = document.createElement("li");
  line.textContent = text;
  byId(list).append(line);
}

function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
