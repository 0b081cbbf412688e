// What went wrong, as the gateway says it (RFC 9457) or, where nothing answered, as the browser found it.

import type { Problem } from "./schema";

export type { Problem };

/** Any failure of a call as a problem with a stable `code`; `unreachable` when the gateway did not answer. */
export function problemOf(failure: unknown): Problem {
  if (isProblem(failure)) return failure;
  const detail = failure instanceof Error ? failure.message : "";
  const none = { errors: null, reason: null, request_id: "", title: "", type: "about:blank" };
  return { ...none, status: 0, code: "unreachable", detail, retry: true };
}

function isProblem(failure: unknown): failure is Problem {
  return typeof failure === "object" && failure !== null && "code" in failure && "status" in failure;
}
