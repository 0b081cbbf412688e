// The one way to the gateway: typed by its OpenAPI document; a login that ran out is renewed once, unseen.

import { QueryCache, QueryClient } from "@tanstack/react-query";
import createFetchClient from "openapi-fetch";
import createClient from "openapi-react-query";
import { problemOf } from "./problem";
import { isAnswered, keepsWhatItHas } from "./reach";
import type { paths } from "./schema";

const REFRESH = "/v1/auth/refresh";
let renewing: Promise<boolean> | undefined;

/** Renew the login, once for all calls that ask at the same time; says whether that worked. */
export function renew(): Promise<boolean> {
  // Outlives the page: an answer that is lost takes the next token with it, and the login ends ten minutes later.
  renewing ??= fetch(REFRESH, { method: "POST", keepalive: true })
    .then((answer) => answer.ok)
    .catch(() => false)
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await fetch(request);
  return (await hasRunOut(request, answer)) && (await renew()) ? fetch(again) : answer;
}

/** Whether the login ran out; a wrong password or code is a 401, too, and must not be sent twice. */
async function hasRunOut(request: Request, answer: Response): Promise<boolean> {
  if (answer.status !== 401 || new URL(request.url).pathname.startsWith("/v1/auth/log")) return false;
  const problem: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  return problemOf(problem).code === "not_authenticated";
}

/** For calls outside of a component. */
export const gateway = createFetchClient<paths, "application/json">({
  baseUrl: location.origin,
  fetch: send,
});
/** For components: `api.useQuery("get", "/v1/visits", …)`, `api.useMutation("post", …)`. */
export const api = createClient<paths, "application/json">(gateway);

/** Makes the cache; `onLoggedOut` is told when a call found that nobody is logged in any more, unless something `isHeld`. */
export function makeQueries(onLoggedOut: () => void, isHeld: () => boolean): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: (_answer, query) => isAnswered(query),
      onError: (failure, query) => {
        if (keepsWhatItHas(failure, query, isHeld)) return;
        const asksWhoItIs = query.queryKey[1] === "/v1/auth/me";
        if (problemOf(failure).status === 401 && !asksWhoItIs && !isHeld()) onLoggedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failed, failure) => failed < 2 && problemOf(failure).retry === true,
      },
    },
  });
}
