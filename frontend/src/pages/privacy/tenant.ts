// Changing what the chain has decided, from the state that was read.

import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api } from "@/api/client";
import { ifMatch } from "@/api/resource";
import type { TenantChange } from "@/api/schema";
import { useWords } from "@/words/words";
import { privacyWords } from "./words";

interface TenantChanging {
  readonly change: (body: TenantChange) => void;
  readonly failure: unknown;
  readonly waiting: boolean;
}

export function useTenantChange(tag: string, onSaved?: () => void): TenantChanging {
  const words = useWords(privacyWords);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const sent = api.useMutation("patch", "/v1/tenant", {
    onSuccess: () => {
      void message.success(words.saved);
      onSaved?.();
    },
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/v1/tenant"] });
      await queries.invalidateQueries({ queryKey: ["get", "/v1/auth/me"] });
    },
  });
  return {
    change: (body) => sent.mutate({ body, params: { header: ifMatch(tag) } }),
    failure: sent.error,
    waiting: sent.isPending,
  };
}
