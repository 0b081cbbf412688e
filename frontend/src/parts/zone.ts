// The zone of what belongs to a whole chain and to no single site.

import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { USUAL_ZONE } from "./days";

/** The zone of the chain's first site; the usual one for who sees no sites, and until they are known. */
export function useChainZone(): string {
  const enabled = useMay("sites.see");
  const options = { staleTime: 300_000, enabled };
  const sites = api.useQuery("get", "/v1/sites", { params: { query: { limit: 200 } } }, options);
  return sites.data?.items[0]?.time_zone ?? USUAL_ZONE;
}
