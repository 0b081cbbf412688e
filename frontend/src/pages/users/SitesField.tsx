// The sites that a manager sees: chosen in a form, told in a list.

import { Form, Select } from "antd";
import { api } from "@/api/client";
import type { Site } from "@/api/schema";
import { useMay } from "@/app/session";
import { useWords } from "@/words/words";
import { usersWords } from "./words";

function useKnownSites(): readonly Site[] {
  const options = { staleTime: 300_000, enabled: useMay("sites.see") };
  return api.useQuery("get", "/v1/sites", { params: { query: { limit: 200 } } }, options).data?.items ?? [];
}

export function SitesField() {
  const words = useWords(usersWords);
  const sites = useKnownSites();
  return (
    <Form.Item name="site_ids" label={words.sites} rules={[{ required: true, message: words.sitesNeeded }]}>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: "label" }}
        options={sites.map((site) => ({ value: site.site_id, label: site.name }))}
      />
    </Form.Item>
  );
}

export function SiteNames({ siteIds }: { readonly siteIds: readonly string[] | null }) {
  const words = useWords(usersWords);
  const sites = useKnownSites();
  if (siteIds === null) return <>{words.allSites}</>;
  const names = siteIds.map((id) => sites.find((site) => site.site_id === id)?.name ?? "…");
  return <>{names.join(", ")}</>;
}
