// How the live page speaks to the gateway: JSON in, JSON out, a refusal as an error with its status.

export class Refused extends Error {
  constructor(status) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

let loggedOut = () => {};

export function whenLoggedOut(tell) {
  loggedOut = tell;
}

export async function ask(path, options = {}) {
  const answer = await fetch(path, { credentials: "same-origin", ...options });
  if (answer.status === 401 && path !== "/v1/auth/login") loggedOut();
  if (!answer.ok) throw new Refused(answer.status);
  return answer.status === 204 ? null : answer.json();
}

// The gateway being away or refusing is shown elsewhere on the page; anything else is a fault of the page itself.
export function quietly(failure) {
  if (!(failure instanceof Refused) && !(failure instanceof TypeError)) throw failure;
}
