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

/** Of the known scopes those that this maker may hand on, in their order. */
export function offeredScopes(me: Pick<Me, "role" | "actions">, known: readonly Scope[]): readonly Scope[] {
  const mayGive = (scope: Scope) =>
    scope === "worker" ||
    (me.actions.includes(scope) && (me.role === "owner" || !BY_AN_OWNER.includes(scope)));
  return known.filter(mayGive);
}
