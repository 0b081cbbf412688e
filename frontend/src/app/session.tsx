// Who is logged in and what they may do: asked once, known everywhere below.

import { createContext, type ReactNode, useContext } from "react";
import { Navigate, useLocation } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Me } from "@/api/schema";
import { Failed, Loading } from "@/parts/PageState";

export type Action = Me["actions"][number];
const Session = createContext<Me | undefined>(undefined);

/** Shows its children to who is logged in, and sends everybody else to the login. */
export function LoggedIn({ children }: { readonly children: ReactNode }) {
  const place = useLocation();
  const me = api.useQuery("get", "/v1/auth/me", {}, { staleTime: 60_000 });
  if (me.isPending) return <Loading />;
  if (me.error) {
    const problem = problemOf(me.error);
    if (problem.status !== 401) return <Failed problem={problem} onRetry={() => void me.refetch()} />;
    const then = encodeURIComponent(place.pathname + place.search);
    return <Navigate to={`/sign-in?then=${then}`} replace />;
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
