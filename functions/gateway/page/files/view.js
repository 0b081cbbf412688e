// What the live page shows: turns answers of the API into elements; live.js decides when.

import { locale, words } from "/page/words.js";

export function element(tag, name, ...inside) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...inside.filter((part) => part !== null && part !== ""));
  return made;
}

// One site's day: the visits first, what they consist of, and the line crossings as a figure of their own.
export function siteCard(day) {
  const word = words();
  const number = (value) => value.toLocaleString(locale());
  const figure = (kind, value) =>
    element("div", `figure ${kind}`, element("dt", "", word[kind]), element("dd", "", number(value)));
  const crossings = element(
    "p", "crossings",
    element("span", "", `${word.crossedIn} `, element("b", "", number(day.crossed_in))),
    element("span", "", `${word.crossedOut} `, element("b", "", number(day.crossed_out))),
    element("small", "", word.crossed),
  );
  const when = new Date(`${day.day}T12:00:00Z`).toLocaleDateString(locale(), {
    weekday: "long", day: "numeric", month: "long", timeZone: "UTC",
  });
  return element(
    "article", "card site",
    element("header", "", element("h3", "", day.site_name), element("p", "when", when)),
    element("p", "sum", element("b", "", number(day.visits)), element("span", "", word.count)),
    element(
      "dl", "parts",
      figure("new", day.new), figure("returning", day.returning), figure("undetermined", day.undetermined),
    ),
    crossings,
  );
}

// One visit; its picture is asked for when the row comes into sight, since every look at a face is noted.
export function visitRow(visit) {
  const word = words();
  const who = nameOf(visit);
  const picture = element("div", "face");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", word.noFace);
  const row = element(
    "li", `card visit ${visit.status}`,
    picture,
    element(
      "div", "who",
      element("p", "name", who),
      element(
        "p", "facts",
        element("span", "pill", word[visit.status]),
        visit.customer ? element("span", "", word.number(visit.customer.visit_number)) : "",
        ...[word[visit.gender], visit.direction === "unknown" ? "" : word[visit.direction]].map((fact) =>
          fact ? element("span", "", fact) : "",
        ),
      ),
    ),
    element("p", "at", timeOf(visit), element("small", "", visit.site_name)),
  );
  row.dataset.visitId = visit.visit_id;
  row.dataset.startedAt = visit.started_at;
  row.dataset.who = who;
  if (visit.has_face) row.dataset.face = "wanted";
  return row;
}

// What a screen reader says of an arrival.
export function summary(visit) {
  const word = words();
  const number = visit.customer ? word.number(visit.customer.visit_number) : "";
  return [nameOf(visit), word[visit.status], number, visit.site_name].filter(Boolean).join(", ");
}

export function putFace(row, url) {
  const picture = row.querySelector(".face");
  const image = element("img");
  image.alt = words().face(row.dataset.who);
  image.decoding = "async";
  image.addEventListener("load", () => {
    picture.removeAttribute("role");
    picture.removeAttribute("aria-label");
    picture.replaceChildren(image);
  });
  image.src = url;
}

export function cameraRow(camera) {
  const word = words();
  const alone = camera.worker === null && camera.wanted_state === "running" && camera.reason !== "finished";
  const light = alone && camera.state !== "failed" ? "alone" : camera.state;
  const off = camera.wanted_state === "stopped";
  const state = off ? word.off : alone && camera.state !== "failed" ? word.noWorker : word.states[camera.state];
  const reason = off || alone && camera.state !== "failed" ? "" : (word.reasons[camera.reason] ?? "");
  const counters = [
    camera.counters.tracks_spooled ? word.spooled(camera.counters.tracks_spooled) : "",
    camera.counters.tracks_lost ? word.lost(camera.counters.tracks_lost) : "",
  ].filter(Boolean);
  return element(
    "li", `card camera ${off ? "stopped" : light}`,
    element("span", "dot"),
    element(
      "div", "",
      element("p", "name", camera.name, element("small", "", camera.site_name)),
      element("p", "state", [[state, reason].filter(Boolean).join(": "), ...counters].join(" · ")),
      unclear(camera.lost_today),
    ),
  );
}

// Why faces of today were not told: how many in all, the most frequent reason, and what helps against it.
function unclear(lost) {
  if (lost.length === 0) return "";
  const [why, advice] = words().unclear[lost[0].reason];
  const tracks = lost.reduce((sum, one) => sum + one.tracks, 0);
  return element("p", "advice", words().unclearFaces(tracks, why, advice));
}

function nameOf(visit) {
  const word = words();
  return visit.customer ? (visit.customer.name ?? word.customer(visit.customer.handle)) : word.stranger;
}

function timeOf(visit) {
  const begun = new Date(visit.started_at);
  const zone = { timeZone: visit.time_zone };
  const day = (date) => date.toLocaleDateString("en-CA", zone);
  const time = begun.toLocaleTimeString(locale(), { ...zone, hour: "2-digit", minute: "2-digit", hour12: false });
  const shown = day(begun) === day(new Date())
    ? time
    : `${begun.toLocaleDateString(locale(), { ...zone, day: "numeric", month: "numeric" })} ${time}`;
  const made = element("time", "", shown);
  made.dateTime = visit.started_at;
  return made;
}
