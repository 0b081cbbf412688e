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

/** The scopes to choose from: a worker's, then what the maker may. */
export function offeredScopes(me: Pick<Me, "role" | "actions">): readonly Scope[] {
  const own = me.actions.filter((action) => me.role === "owner" || !BY_AN_OWNER.includes(action));
  return ["worker", ...own];
}
