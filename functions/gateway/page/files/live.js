// The live page: logs in, shows today, and keeps it true by what /v1/live says is new.

import { ask, quietly, whenLoggedOut } from "/page/api.js";
import { cameraRow, putFace, siteCard, summary, visitRow } from "/page/view.js";
import { locale, switchLanguage, words } from "/page/words.js";

const REFRESH_MS = 60_000;
const SETTLE_MS = 400;
const RETRY_MS = 5_000;
const MOST_ROWS = 300;
const PAGE = 30;
const part = (id) => document.getElementById(id);
const known = { me: null, figures: [], cameras: [], visits: new Map(), next: null };
let stream = null;
let retry = null;

const may = (action) => known.me?.actions.includes(action) ?? false;

// Many events in a row become one reading.
function settled(read) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => read().catch(quietly), SETTLE_MS);
  };
}

async function readFigures() {
  if (!may("figures.see")) return;
  known.figures = (await ask("/v1/figures/today")).sites;
  drawFigures();
}

async function readCameras() {
  if (!may("cameras.see")) return;
  known.cameras = (await ask("/v1/cameras?limit=200")).items;
  drawCameras();
}

async function readVisits(cursor = null) {
  if (!may("visits.see")) return;
  const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  const page = await ask(`/v1/visits?limit=${PAGE}${after}`);
  if (!cursor) known.visits.clear();
  for (const visit of page.items) known.visits.set(visit.visit_id, visit);
  known.next = page.next_cursor;
  drawVisits();
}

async function readVisit(visitId) {
  if (!may("visits.see")) return;
  try {
    const visit = await ask(`/v1/visits/${visitId}`);
    const before = known.visits.get(visitId);
    known.visits.set(visitId, { ...visit, link: before?.link });
    placeVisit(visit, !before);
    if (!before) part("said").textContent = summary(visit);
  } catch (failure) {
    if (failure.status === 404) dropVisit(visitId);
    else quietly(failure);
  }
}

const figuresSoon = settled(readFigures);
const camerasSoon = settled(readCameras);

const sight = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    showFace(target).catch(quietly);
  }
});

async function showFace(row) {
  const visit = known.visits.get(row.dataset.visitId);
  if (!visit) return;
  const kept = visit.link && new Date(visit.link.expires_at) > new Date();
  if (!kept) visit.link = await ask(`/v1/visits/${visit.visit_id}/face`);
  putFace(row, visit.link.url);
}

function rowOf(visit) {
  const row = visitRow(visit);
  if (row.dataset.face && may("faces.see")) sight.observe(row);
  return row;
}

function placeVisit(visit, arrived) {
  const list = part("visits");
  const row = rowOf(visit);
  if (arrived) row.classList.add("arrived");
  list.querySelector(`[data-visit-id="${visit.visit_id}"]`)?.remove();
  const before = [...list.children].find((other) => other.dataset.startedAt <= visit.started_at);
  list.insertBefore(row, before ?? null);
  while (list.children.length > MOST_ROWS) dropVisit(list.lastElementChild.dataset.visitId);
  part("visits-none").hidden = known.visits.size > 0;
}

function dropVisit(visitId) {
  known.visits.delete(visitId);
  part("visits").querySelector(`[data-visit-id="${visitId}"]`)?.remove();
  part("visits-none").hidden = known.visits.size > 0;
}

function drawVisits() {
  part("visits").replaceChildren(...[...known.visits.values()].map(rowOf));
  part("visits-none").hidden = known.visits.size > 0;
  part("older").hidden = !known.next;
}

function drawFigures() {
  part("figures").replaceChildren(...known.figures.map(siteCard));
}

function drawCameras() {
  part("cameras").replaceChildren(...known.cameras.map(cameraRow));
  part("cameras-none").hidden = known.cameras.length > 0;
}

function drawWords() {
  const word = words();
  document.documentElement.lang = locale();
  for (const spoken of document.querySelectorAll("[data-word]")) spoken.textContent = word[spoken.dataset.word];
  part("language").textContent = word.language;
  part("line-word").textContent = stream?.readyState === EventSource.OPEN ? word.connected : word.waiting;
}

function showLine(connected) {
  part("line").classList.toggle("connected", connected);
  part("line-word").textContent = connected ? words().connected : words().waiting;
}

function watch() {
  stream?.close();
  stream = new EventSource("/v1/live");
  stream.addEventListener("ready", () => {
    showLine(true);
    figuresSoon();
    camerasSoon();
  });
  for (const kind of ["visit_opened", "visit_changed"]) {
    stream.addEventListener(kind, (event) => {
      readVisit(JSON.parse(event.data).subject_id).catch(quietly);
      figuresSoon();
    });
  }
  stream.addEventListener("visit_removed", (event) => {
    dropVisit(JSON.parse(event.data).subject_id);
    figuresSoon();
  });
  stream.addEventListener("staff_seen", figuresSoon);
  stream.addEventListener("face_undetermined", figuresSoon);
  stream.addEventListener("camera_changed", camerasSoon);
  stream.addEventListener("error", () => {
    showLine(false);
    // A refused stream is closed for good by the browser: find out whether it was the login, then open another.
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(() => begin().catch(quietly), RETRY_MS);
  });
}

function showLogin() {
  known.me = null;
  stream?.close();
  clearTimeout(retry);
  known.visits.clear();
  part("visits").replaceChildren();
  part("chain").textContent = "";
  for (const id of ["live", "line", "logout"]) part(id).hidden = true;
  part("login").hidden = false;
}

async function begin() {
  clearTimeout(retry);
  try {
    known.me = await ask("/v1/auth/me");
  } catch (failure) {
    if (failure.status === 401) showLogin();
    else retry = setTimeout(() => begin().catch(quietly), RETRY_MS);
    return;
  }
  part("chain").textContent = known.me.tenant_name ?? "";
  part("login").hidden = true;
  for (const id of ["live", "logout"]) part(id).hidden = false;
  part("line").hidden = !may("live.watch");
  for (const [id, action] of [["figures", "figures.see"], ["visits", "visits.see"], ["cameras", "cameras.see"]]) {
    part(`${id}-part`).hidden = !may(action);
  }
  await Promise.all([readFigures(), readVisits(), readCameras()].map((read) => read.catch(quietly)));
  if (may("live.watch")) watch();
}

part("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  part("login-error").textContent = "";
  try {
    await ask("/v1/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: form.get("email"), password: form.get("password") }),
    });
  } catch (failure) {
    const told = { 401: "wrong", 422: "wrong", 429: "tooMany" };
    part("login-error").textContent = words()[told[failure.status] ?? "away"];
    return;
  }
  event.target.reset();
  await begin();
  part("main").focus({ preventScroll: true });
});

part("logout").addEventListener("click", async () => {
  await ask("/v1/auth/logout", { method: "POST" }).catch(quietly);
  showLogin();
});

part("language").addEventListener("click", () => {
  switchLanguage();
  drawWords();
  drawFigures();
  drawVisits();
  drawCameras();
});

part("older").addEventListener("click", () => readVisits(known.next).catch(quietly));
setInterval(() => {
  if (known.me && !document.hidden) for (const soon of [figuresSoon, camerasSoon]) soon();
}, REFRESH_MS);
whenLoggedOut(showLogin);
drawWords();
begin().catch(quietly);
