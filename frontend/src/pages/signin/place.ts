// Where a login leads afterwards.

/** A path of this portal only: a link in a message must not lead elsewhere after the login. */
export function ownPath(wanted: string | null): string {
  return wanted?.startsWith("/") && !wanted.startsWith("//") && !wanted.includes("\\") ? wanted : "/";
}

/** The login's address for somebody who asked for this page; what the company's provider refused is told there. */
export function signInPath(pathname: string, search: string): string {
  const refused = new URLSearchParams(search).get("login_refused");
  if (refused) return `/sign-in?${new URLSearchParams({ login_refused: refused })}`;
  return `/sign-in?then=${encodeURIComponent(pathname + search)}`;
}

/** The token of a one-time link, which stands behind `#token=`; empty when there is none. */
export function tokenIn(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "";
}
