// Loading what is told of deliveries anew, after something was sent.

import { useQueryClient } from "@tanstack/react-query";

export const DELIVERIES = "/v1/webhooks/{webhook_id}/deliveries";

export function useSentAnew(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: ["get", DELIVERIES] });
    await queries.invalidateQueries({ queryKey: ["get", `${DELIVERIES}/{event_id}`] });
  };
}
