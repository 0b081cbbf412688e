// Who is logged in and what they may do: asked once, known everywhere below.

import { useQueryClient } from "@tanstack/react-query";
import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect } from "react";
import { Navigate, useLocation } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Me } from "@/api/schema";
import { signInPath } from "@/pages/signin/place";
import { Failed, Loading } from "@/parts/PageState";

export type Action = Me["actions"][number];
const FirstSteps = lazy(() => import("@/pages/signin/FirstSteps"));
const Session = createContext<Me | undefined>(undefined);
const KEPT = "regulars.logged-in";

/** Whether this browser was logged in when it last asked: a guess, made before the gateway answers. */
export const wasLoggedIn = () => localStorage.getItem(KEPT) !== null;

/** Nobody is logged in any more: every other tab of this browser shows the login, too. */
export function forgetLogin(): void {
  localStorage.removeItem(KEPT);
}

/** Ask who is logged in as soon as another tab has logged out: what it shows must not stay on the screen. */
function useLogoutElsewhere(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const elsewhere = ({ key, newValue }: StorageEvent) => {
      if (key === KEPT && newValue === null) void queries.resetQueries({ queryKey: ["get", "/v1/auth/me"] });
    };
    window.addEventListener("storage", elsewhere);
    return () => window.removeEventListener("storage", elsewhere);
  }, [queries]);
}

/** Shows its children to who is logged in, what must be done first to a login good for less, the login to all others. */
export function LoggedIn({ children }: { readonly children: ReactNode }) {
  const place = useLocation();
  const queries = useQueryClient();
  useLogoutElsewhere();
  const me = api.useQuery("get", "/v1/auth/me", {}, { staleTime: 60_000 });
  const isLoggedIn = me.data ? true : problemOf(me.error).status === 401 ? false : undefined;
  useEffect(() => {
    if (isLoggedIn) localStorage.setItem(KEPT, "");
    if (isLoggedIn === false) forgetLogin();
  }, [isLoggedIn]);
  if (me.isPending) return <Loading />;
  if (me.error) {
    const problem = problemOf(me.error);
    if (problem.status !== 401) return <Failed problem={problem} onRetry={() => void me.refetch()} />;
    return <Navigate to={signInPath(place.pathname, place.search)} replace />;
  }
  if (me.data.stage !== "full") {
    const known = api.queryOptions("get", "/v1/auth/me", {}).queryKey;
    return (
      <Suspense fallback={<Loading />}>
        <FirstSteps me={me.data} onMe={(changed) => queries.setQueryData(known, changed)} />
      </Suspense>
    );
  }
  return <Session value={me.data}>{children}</Session>;
}

/** Who is logged in. */
export function useMe(): Me {
  const me = useContext(Session);
  if (!me) throw new Error("useMe is only for pages behind LoggedIn");
  return me;
}

/** Says whether who is logged in may do this; the gateway asks the same. */
export function useMay(action: Action): boolean {
  return useMe().actions.includes(action);
}
