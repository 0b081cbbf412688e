// Where everybody comes in: password, then the second step, then what must be done first; afterwards the page asked for.

import { useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { lazy, Suspense, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Login, Me } from "@/api/schema";
import { Loading } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { CodeForm } from "./CodeForm";
import { Doorway } from "./Doorway";
import { PasswordLogin } from "./PasswordLogin";
import { ownPath } from "./place";
import { signInWords } from "./words";

const FirstSteps = lazy(() => import("./FirstSteps"));

export default function SignInPage() {
  const words = useWords(signInWords);
  const [parameters] = useSearchParams();
  const chosen = (useLocation().state as { readonly email?: string } | null)?.email;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [given, setGiven] = useState<Login>();
  const [me, setMe] = useState<Me>();
  const login = api.useMutation("post", "/v1/auth/login");
  const problem = login.error ? problemOf(login.error) : undefined;
  const enter = (who: Me) => {
    if (who.stage !== "full") return setMe(who);
    queries.clear();
    void navigate(ownPath(parameters.get("then")), { replace: true });
  };
  const logIn = (body: Login) => {
    setGiven(body);
    login.mutate({ body }, { onSuccess: enter });
  };
  if (me && given) {
    return (
      <Suspense fallback={<Loading />}>
        <FirstSteps me={me} present={given.password} onMe={enter} />
      </Suspense>
    );
  }
  const asksCode = problem?.code === "second_factor_wanted" || given?.code !== undefined;
  if (given && asksCode) {
    return (
      <Doorway title={words.code.title}>
        <CodeForm
          failure={problem?.code === "second_factor_wanted" ? undefined : login.error}
          waiting={login.isPending}
          onCode={(code) => logIn({ ...given, code })}
        />
      </Doorway>
    );
  }
  return (
    <Doorway title={words.title}>
      {chosen && !problem && (
        <Alert role="status" type="success" showIcon className="!mb-4" title={words.chosen} />
      )}
      <RefusedElsewhere reason={parameters.get("login_refused")} />
      <PasswordLogin email={chosen} failure={login.error} waiting={login.isPending} onLogin={logIn} />
    </Doorway>
  );
}

/** Why the company's provider, or the gateway after it, let nobody in. */
function RefusedElsewhere({ reason }: { readonly reason: string | null }) {
  const words = useWords(signInWords);
  if (!reason) return null;
  const known: Readonly<Record<string, string>> = words.refused;
  return (
    <Alert
      role="alert"
      type="error"
      showIcon
      className="!mb-4"
      title={known[reason] ?? words.refused.provider_refused}
    />
  );
}
