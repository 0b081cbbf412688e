// How the live page speaks to the gateway: JSON in, JSON out, a refusal as an error with its status. A login is renewed
// before it runs out, so that the stream of events goes on, and when a request finds that it has.

export class Refused extends Error {
  constructor(status) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

const EARLY_MS = 60_000;
const LEAST_MS = 5_000;
const OF_LOGINS = "/v1/auth/";
let loggedOut = () => {};
let renewal = null;

export function whenLoggedOut(tell) {
  loggedOut = tell;
}

export async function ask(path, options = {}) {
  let answer = await fetch(path, { credentials: "same-origin", ...options });
  if (answer.status === 401 && path !== "/v1/auth/login" && (await renew())) {
    answer = await fetch(path, { credentials: "same-origin", ...options });
  }
  if (answer.status === 401 && path !== "/v1/auth/login") loggedOut();
  if (!answer.ok) throw new Refused(answer.status);
  const told = answer.status === 204 ? null : await answer.json();
  if (path.startsWith(OF_LOGINS)) renewLater(told?.expires_at);
  return told;
}

// One tab renews at a time: the token of a renewal is good once.
async function renew() {
  const post = () => fetch("/v1/auth/refresh", { method: "POST", credentials: "same-origin" });
  const answer = await (navigator.locks ? navigator.locks.request("regulars-renewal", post) : post());
  if (answer.ok) renewLater((await answer.json()).expires_at);
  return answer.ok;
}

function renewLater(expiresAt) {
  clearTimeout(renewal);
  if (!expiresAt) return;
  const wait = Math.max(new Date(expiresAt) - Date.now() - EARLY_MS, LEAST_MS);
  renewal = setTimeout(() => renew().catch(quietly), wait);
}

// The gateway being away or refusing is shown elsewhere on the page; anything else is a fault of the page itself.
export function quietly(failure) {
  if (!(failure instanceof Refused) && !(failure instanceof TypeError)) throw failure;
}
