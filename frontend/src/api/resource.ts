// One resource with the tag of its present state, so that a change can say which state it was made from.

import { type QueryKey, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Problem } from "./problem";

interface Answer<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}
export interface Tagged<T> {
  readonly value: T;
  /** What a change sends back as `If-Match`; empty where the gateway gives none. */
  readonly tag: string;
}

/** What a call answered, thrown as a problem when it failed. */
export async function answered<T>(call: Promise<Answer<T>>): Promise<Tagged<T>> {
  const { data, error, response } = await call;
  if (error !== undefined || data === undefined) throw error ?? new Error(response.statusText);
  return { value: data, tag: response.headers.get("ETag") ?? "" };
}

/** Read one resource by `gateway.GET(…)`; `key` begins like the keys of `api.useQuery`: method, then path. */
export function useResource<T>(
  key: QueryKey,
  read: () => Promise<Answer<T>>,
): UseQueryResult<Tagged<T>, Problem> {
  return useQuery<Tagged<T>, Problem>({ queryKey: key, queryFn: () => answered(read()) });
}

/** The header of a change made from this state; none where there is no tag. */
export function ifMatch(tag: string): { "if-match"?: string } {
  return tag ? { "if-match": tag } : {};
}
