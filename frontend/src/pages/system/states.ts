// How many cameras do what, and how many workers run them.

import type { Camera } from "@/api/schema";

export const STATES = ["running", "starting", "reconnecting", "failed", "stopped"] as const;
type Counted = Pick<Camera, "state" | "worker">;

export function countStates(cameras: readonly Counted[]): Readonly<Record<Camera["state"], number>> {
  const counts = { running: 0, starting: 0, reconnecting: 0, failed: 0, stopped: 0 };
  for (const camera of cameras) counts[camera.state] += 1;
  return counts;
}

export function workersOf(cameras: readonly Counted[]): number {
  return new Set(cameras.map((camera) => camera.worker).filter(Boolean)).size;
}
