// Whether the server answered when it was last asked again: if not, what is shown stays, and the frame says that it is old.

import type { Query } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { problemOf } from "./problem";

type AnyQuery = Query<unknown, unknown, unknown>;
const old = new Set<AnyQuery>();
const listeners = new Set<() => void>();

/**
 * Keep what a query has answered before when it fails in a way that says nothing about it; says whether it did.
 * A login that ran out takes nothing away while something `isHeld`: who sends that is told.
 */
export function keepsWhatItHas(failure: unknown, query: AnyQuery, isHeld: () => boolean): boolean {
  const { status } = problemOf(failure);
  const isKept = status === 0 || status >= 500 || (status === 401 && isHeld());
  if (query.state.data === undefined || !isKept) return false;
  query.setState({ status: "success", error: null });
  if (status === 401) return true;
  old.add(query);
  tell();
  return true;
}

/** This query was answered: what it shows is no longer old. */
export function isAnswered(query: AnyQuery): void {
  if (old.size === 0) return;
  old.delete(query);
  for (const one of old) if (!one.isActive()) old.delete(one);
  tell();
}

/** Whether something that is shown could not be asked for again. */
export const isOld = () => old.size > 0;

/** The same; the component renders again when it changes. */
export function useIsOld(): boolean {
  return useSyncExternalStore((told) => {
    listeners.add(told);
    return () => listeners.delete(told);
  }, isOld);
}

function tell(): void {
  for (const told of listeners) told();
}
