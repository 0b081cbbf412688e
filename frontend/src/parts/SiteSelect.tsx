// Choosing one of the sites that one may see.

import { Select } from "antd";
import { api } from "@/api/client";
import type { Site } from "@/api/schema";
import { useWords } from "@/words/words";
import { partsWords } from "./sites";

/** The sites that one may see; empty while they are on their way. */
export function useSites(): readonly Site[] {
  return (
    api.useQuery("get", "/v1/sites", { params: { query: { limit: 200 } } }, { staleTime: 300_000 }).data
      ?.items ?? []
  );
}

interface SiteSelectProps {
  readonly value: string;
  readonly onChange: (siteId: string) => void;
}

export function SiteSelect({ value, onChange }: SiteSelectProps) {
  const words = useWords(partsWords);
  const sites = useSites();
  return (
    <Select
      aria-label={words.site}
      className="min-w-44"
      value={value}
      onChange={onChange}
      showSearch={{ optionFilterProp: "label" }}
      options={[
        { value: "", label: words.allSites },
        ...sites.map((site) => ({ value: site.site_id, label: site.name })),
      ]}
    />
  );
}
