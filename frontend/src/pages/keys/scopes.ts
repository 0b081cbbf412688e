// What somebody may hand on to a key (functions/gateway/keys/routes.py).

import type { Me } from "@/api/schema";
import { type Scope, scopeWords } from "./words";

/** Handed to a key by an owner alone: a key cannot be asked for a second factor. */
const BY_AN_OWNER: readonly Scope[] = [
  "users.change",
  "keys.change",
  "faces.see",
  "customers.search",
  "customers.export",
];

const IN_ORDER = Object.keys(scopeWords.vi) as Scope[];

/** The scopes to choose from: a worker's, then what the maker may, seeing before changing. */
export function offeredScopes(me: Pick<Me, "role" | "actions">): readonly Scope[] {
  const mayGive = (scope: Scope) =>
    scope === "worker" ||
    (me.actions.includes(scope) && (me.role === "owner" || !BY_AN_OWNER.includes(scope)));
  return IN_ORDER.filter(mayGive);
}
