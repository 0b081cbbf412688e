// Today at the door: figures of each site, the hours beside the usual ones, and who just came in, as it happens.

import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useCallback } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useLive } from "@/api/live";
import { problemOf } from "@/api/problem";
import { useMay } from "@/app/session";
import { FirstRunOffer } from "@/pages/start/FirstRunOffer";
import { LiveLine } from "@/parts/LiveLine";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { useUrlFilters } from "@/parts/url";
import { useWords } from "@/words/words";
import { Arrivals } from "./Arrivals";
import { HourCurve } from "./HourCurve";
import { SiteFigures } from "./SiteFigures";
import { todayWords } from "./words";

/** Only a chain with several sites needs it. */
const SiteSelect = lazy(() => import("@/parts/SiteSelect").then((part) => ({ default: part.SiteSelect })));
const NEWS = [
  "visit_opened",
  "visit_changed",
  "visit_removed",
  "face_undetermined",
  "camera_changed",
  "counts",
];

export default function TodayPage() {
  const words = useWords(todayWords);
  const [filters, setFilters] = useUrlFilters(["site"]);
  const maySeeVisits = useMay("visits.see");
  const mayWatch = useMay("live.watch");
  const mayAddSites = useMay("sites.change");
  const mayAddCameras = useMay("cameras.change");
  const today = api.useQuery("get", "/v1/figures/today", {}, { refetchInterval: 60_000 });
  if (today.isPending) return <Loading />;
  if (today.error) return <Failed problem={problemOf(today.error)} onRetry={() => void today.refetch()} />;
  const chosen = today.data.sites.find((site) => site.site_id === filters.site);
  const siteId = chosen?.site_id ?? ""; // a site of an old link may be closed by now
  const sites = chosen ? [chosen] : today.data.sites;
  const counting = today.data.sites.reduce((sum, site) => sum + site.cameras.wanted, 0);
  return (
    <>
      <PageHead title={words.title}>
        {mayWatch && <Following />}
        {today.data.sites.length > 1 && (
          <Suspense>
            <SiteSelect value={siteId} onChange={(site) => setFilters({ site })} />
          </Suspense>
        )}
      </PageHead>
      {mayAddCameras && counting === 0 && today.data.sites.length > 0 && <FirstRunOffer />}
      {sites.length === 0 ? (
        <NothingYet say={words.sitesNone}>
          {mayAddSites && (
            <Link to="/start">
              <Button type="primary">{words.addSite}</Button>
            </Link>
          )}
        </NothingYet>
      ) : (
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(20rem,2fr)] print:grid-cols-1">
          <div className="flex flex-col gap-4">
            {sites.map((site) => (
              <SiteFigures key={site.site_id} site={site}>
                <HourCurve site={site} />
              </SiteFigures>
            ))}
          </div>
          {maySeeVisits && (
            <div className="max-xl:order-first print:order-last">
              <Arrivals siteId={siteId} />
            </div>
          )}
        </div>
      )}
    </>
  );
}

/** Keeps what the page shows fresh while the line is up; when it comes back, all is asked again. */
function Following() {
  const queries = useQueryClient();
  const onNews = useCallback(
    (kinds: ReadonlySet<string>) => {
      const ofVisits = [...kinds].some((kind) => kind.startsWith("visit_") || kind === "face_undetermined");
      const paths = ["/v1/figures/today", ...(ofVisits ? ["/v1/visits"] : [])];
      return Promise.all(paths.map((path) => queries.invalidateQueries({ queryKey: ["get", path] })));
    },
    [queries],
  );
  return <LiveLine line={useLive(NEWS, onNews)} />;
}
