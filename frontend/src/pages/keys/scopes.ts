// What somebody may hand on to a key (functions/gateway/keys/routes.py).

import type { Me } from "@/api/schema";
import type { Scope } from "./words";

/** Handed to a key by an owner alone: a key cannot be asked for a second factor. */
const BY_AN_OWNER: readonly Scope[] = [
  "users.change",
  "keys.change",
  "faces.see",
  "customers.search",
  "customers.export",
];

/** What keys may do, by what it is about: a list of all would be too long to choose from. */
export const AREAS = {
  cameras: [
    "worker",
    "cameras.see",
    "cameras.change",
    "cameras.watch",
    "workers.see",
    "set_aside.see",
    "set_aside.replay",
  ],
  people: [
    "visits.see",
    "live.watch",
    "faces.see",
    "customers.see",
    "customers.change",
    "customers.correct",
    "customers.search",
    "customers.export",
    "customers.erase",
    "staff.see",
    "staff.change",
  ],
  figures: ["figures.see", "reports.see", "reports.change", "rollups.read"],
  chain: [
    "tenants.see",
    "tenants.change",
    "tenant.see",
    "tenant.change",
    "tenant.leave",
    "sites.see",
    "sites.change",
    "webhooks.see",
    "webhooks.change",
  ],
  access: ["users.see", "users.change", "keys.see", "keys.change", "audit.see"],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;
export type Area = keyof typeof AREAS;

/** Of the known scopes those that this maker may hand on, in their order. */
export function offeredScopes(me: Pick<Me, "role" | "actions">, known: readonly Scope[]): readonly Scope[] {
  const mayGive = (scope: Scope) =>
    scope === "worker" ||
    (me.actions.includes(scope) && (me.role === "owner" || !BY_AN_OWNER.includes(scope)));
  return known.filter(mayGive);
}
