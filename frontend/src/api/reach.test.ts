import { notifyManager, QueryCache, QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { isAnswered, isOld, keepsWhatItHas } from "./reach";

const AWAY = new TypeError("Failed to fetch");
const LOGGED_OUT = { code: "not_authenticated", status: 401, retry: false };
const GONE = { code: "not_found", status: 404, retry: false };

function asked(answers: unknown[], isHeld = false) {
  const queries = new QueryClient({
    queryCache: new QueryCache({
      onError: (failure, query) => keepsWhatItHas(failure, query, () => isHeld),
      onSuccess: (_, query) => isAnswered(query),
    }),
    defaultOptions: { queries: { retry: false } },
  });
  const queryFn = () => {
    const answer = answers.shift();
    return typeof answer === "string" ? answer : Promise.reject(answer);
  };
  const shown = new QueryObserver(queries, { queryKey: ["one"], queryFn });
  const seen: string[] = [];
  shown.subscribe(notifyManager.batchCalls(() => seen.push(shown.getCurrentResult().status))); // as React asks
  return { shown, seen };
}

test("what is shown stays while the server is away, and is said to be old until it answers", async () => {
  const { shown, seen } = asked(["first", AWAY, "second"]);
  await shown.refetch();
  await shown.refetch();
  expect([shown.getCurrentResult().data, isOld()]).toEqual(["first", true]);
  await shown.refetch();
  expect([shown.getCurrentResult().data, isOld()]).toEqual(["second", false]);
  expect(seen).not.toContain("error");
});

test("what is gone is not shown any longer, and what was never answered has failed", async () => {
  const { shown } = asked(["first", GONE]);
  await shown.refetch();
  await shown.refetch();
  expect(shown.getCurrentResult().status).toBe("error");
  const never = asked([AWAY]).shown;
  await never.refetch();
  expect([never.getCurrentResult().status, isOld()]).toEqual(["error", false]);
});

test("a login that ran out takes away what is shown unless something was entered", async () => {
  for (const isHeld of [true, false]) {
    const { shown } = asked(["first", LOGGED_OUT], isHeld);
    await shown.refetch();
    await shown.refetch();
    expect([shown.getCurrentResult().status, isOld()]).toEqual([isHeld ? "success" : "error", false]);
  }
});
