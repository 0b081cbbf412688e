// What a camera's state means for a person: how bad it is, what to say, and what to do about it.

import type { Camera } from "@/api/schema";

export type Level = "success" | "processing" | "warning" | "error" | "default";
export interface Condition {
  readonly level: Level;
  readonly says: Camera["state"] | "off" | "alone";
  /** Why, where the state alone does not say it. */
  readonly reason: Exclude<Camera["reason"], "none"> | undefined;
  readonly advice: Exclude<Camera["reason"], "none"> | "no_worker" | undefined;
}

type Told = Pick<Camera, "state" | "reason" | "wanted_state" | "worker">;
const LEVELS: Record<Camera["state"], Level> = {
  starting: "processing",
  running: "success",
  reconnecting: "warning",
  stopped: "default",
  failed: "error",
};

/** Say what is to be said of a camera; the gateway's `what_to_do` follows the same order. */
export function conditionOf({ state, reason, wanted_state, worker }: Told): Condition {
  if (wanted_state === "stopped")
    return { level: "default", says: "off", reason: undefined, advice: undefined };
  const why = reason === "none" ? undefined : reason;
  const alone = worker === null && reason !== "finished";
  if (alone && state !== "failed") {
    return { level: "error", says: "alone", reason: undefined, advice: "no_worker" };
  }
  const level = state === "running" && why ? "warning" : LEVELS[state];
  return { level, says: state, reason: why, advice: alone ? "no_worker" : why };
}

/** How many faces of today were lost in all. */
export function lostInAll(lost: Camera["lost_today"]): number {
  return lost.reduce((sum, one) => sum + one.tracks, 0);
}
