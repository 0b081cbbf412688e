// All visits by site, days and kind, as faces or as a table; what is chosen stands in the URL.

import { AppstoreOutlined, TableOutlined } from "@ant-design/icons";
import { Segmented } from "antd";
import { api } from "@/api/client";
import { Download } from "@/parts/Download";
import { between, USUAL_ZONE } from "@/parts/days";
import { BY_CURSOR } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { VisitListing, type VisitView } from "@/parts/people/VisitListing";
import { useSites } from "@/parts/SiteSelect";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { FILTERS, VisitFilterBar, type VisitFilters } from "./VisitFilterBar";
import { visitsWords } from "./words";

export function VisitList() {
  const words = useWords(visitsWords);
  const shared = useWords(sharedWords);
  const [filters, setFilters] = useUrlFilters(FILTERS);
  const query = useVisitQuery(filters);
  const visits = api.useInfiniteQuery("get", "/v1/visits", { params: { query } }, BY_CURSOR);
  const isNarrowed = FILTERS.some((name) => name !== "view" && name !== "sort" && filters[name]);
  const view: VisitView = filters.view === "table" ? "table" : "gallery";
  return (
    <>
      <PageHead title={words.title}>
        <Segmented<VisitView>
          aria-label={words.view}
          value={view}
          onChange={(chosen) => setFilters({ view: chosen })}
          options={[
            { value: "gallery", label: words.gallery, icon: <AppstoreOutlined aria-hidden /> },
            { value: "table", label: words.table, icon: <TableOutlined aria-hidden /> },
          ]}
        />
        <Download path="/v1/visits" query={{ ...query, format: "csv" }} label={shared.export} />
      </PageHead>
      <VisitFilterBar filters={filters} onChange={setFilters} />
      <VisitListing pages={visits} view={view} empty={isNarrowed ? words.empty : words.emptyYet} />
    </>
  );
}

const KINDS = ["new", "returning", "undetermined"] as const;
const GENDERS = ["male", "female", "unknown"] as const;
const DIRECTIONS = ["in", "out", "unknown"] as const;

/** What the gateway is asked; a value in the URL that is none of ours is left out. */
function useVisitQuery(filters: VisitFilters) {
  const sites = useSites();
  const zone = (sites.find((one) => one.site_id === filters.site) ?? sites[0])?.time_zone ?? USUAL_ZONE;
  const status = KINDS.find((one) => one === filters.status);
  const gender = GENDERS.find((one) => one === filters.gender);
  const direction = DIRECTIONS.find((one) => one === filters.direction);
  return {
    ...given("site_id", filters.site),
    ...between(filters.from, filters.to, zone),
    ...given("q", filters.q.trim()),
    ...(status ? { status } : {}),
    ...(gender ? { gender } : {}),
    ...(direction ? { direction } : {}),
    ...(filters.sort === "started_at" ? { sort: "started_at" as const } : {}),
  };
}
