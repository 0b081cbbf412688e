// Reports: one question for everything of the view, and its answer as figures, charts and tables.

import { keepPreviousData } from "@tanstack/react-query";
import { Alert, Button, Spin } from "antd";
import { type ReactNode, useMemo } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { ReportPage } from "@/api/schema";
import { fetchDrawing } from "@/parts/Chart";
import { dayAt, USUAL_ZONE } from "@/parts/days";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { useSites } from "@/parts/SiteSelect";
import { useUrlFilters } from "@/parts/url";
import { useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import { Cohorts, Recency } from "./ComingBack";
import { Files } from "./Files";
import { FilterBar } from "./FilterBar";
import { type Asked, askedOf, FILTERS } from "./filters";
import { filterWords } from "./filterWords";
import { Headline } from "./Headline";
import { InTheWeek } from "./InTheWeek";
import { labelsIn } from "./labels";
import { Notes } from "./Notes";
import { OffBy } from "./OffBy";
import { Operation } from "./Operation";
import { OverTime } from "./OverTime";
import { bucketOf, faultOf } from "./ranges";
import { rowsOf } from "./rows";
import { Sites } from "./Sites";
import { Saving } from "./saved/Saving";
import { reportWords } from "./words";

const ASK_AGAIN_MS = 120_000;
/** A table of so many cohorts needs no more than half of the page. */
const FEW_MONTHS = 4;
fetchDrawing().catch(() => undefined); // a chart that is shown asks again

export default function ReportsPage() {
  const words = useWords(reportWords);
  const said = useWords(filterWords);
  const [filters, setFilters] = useUrlFilters(FILTERS);
  const sites = useSites();
  const zone = sites[0]?.time_zone ?? USUAL_ZONE;
  const today = dayAt(new Date(), zone);
  const asked = askedOf(filters, today);
  const fault = faultOf(filters, asked.days);
  return (
    <div className="flex flex-col gap-4">
      <div className="-mb-4">
        <PageHead title={words.title}>
          <Saving filters={filters} asked={asked} />
        </PageHead>
      </div>
      <FilterBar filters={filters} asked={asked} onChange={setFilters} />
      {fault ? (
        <Alert type="warning" showIcon title={said.faults[fault]} />
      ) : (
        <Answer asked={asked} today={today} hasSites={sites.length > 0} />
      )}
    </div>
  );
}

interface AnswerProps {
  readonly asked: Asked;
  readonly today: string;
}

function Answer({ asked, today, hasSites }: AnswerProps & { readonly hasSites: boolean }) {
  const words = useWords(reportWords);
  const isOpen = asked.days.to === today;
  const report = api.useQuery(
    "get",
    "/v1/reports",
    { params: { query: asked.query } },
    {
      placeholderData: keepPreviousData,
      staleTime: ASK_AGAIN_MS,
      refetchInterval: isOpen ? ASK_AGAIN_MS : false,
    },
  );
  if (report.isPending) return <Loading />;
  if (report.error) return <Failed problem={problemOf(report.error)} onRetry={() => void report.refetch()} />;
  const page = report.data;
  if (page.sites.length === 0 && !hasSites) {
    return (
      <NothingYet say={words.noSites}>
        <Link to="/sites">
          <Button type="primary">{words.seeSites}</Button>
        </Link>
      </NothingYet>
    );
  }
  return (
    <Spin spinning={report.isPlaceholderData} delay={200}>
      <div className="flex flex-col gap-4 max-sm:[&_.ant-card-body]:!p-3">
        <Notes page={page} isOpen={isOpen} />
        {page.now.total.visits === 0 ? (
          <NothingYet say={`${words.nobody} ${words.nobodyHelp}`} />
        ) : (
          <Sections page={page} asked={asked} today={today} />
        )}
      </div>
    </Spin>
  );
}

function Sections({ page, asked, today }: AnswerProps & { readonly page: ReportPage }) {
  const words = useWords(reportWords);
  const language = useLanguage();
  const labels = useMemo(() => labelsIn(language), [language]);
  const rows = useMemo(() => rowsOf(page, labels, today), [page, labels, today]);
  const wide = page.cohorts.length > FEW_MONTHS ? "xl:col-span-2 print:col-span-2" : "";
  const first = words.buckets[bucketOf(rows[0]?.key ?? "")];
  return (
    <>
      <Headline page={page} labels={labels} />
      <OffBy page={page} />
      <Section title={words.overTime}>
        <OverTime rows={rows} first={first} />
      </Section>
      <Section title={words.inTheWeek}>
        <InTheWeek heat={page.heat_map} labels={labels} />
      </Section>
      <Section title={words.comingBack}>
        <div className={wide}>
          <Cohorts cohorts={page.cohorts} labels={labels} />
        </div>
        <div className={wide}>
          <Recency recency={page.recency} />
        </div>
      </Section>
      {page.sites.length > 1 && (
        <Section title={words.sitesCompared}>
          <div className="xl:col-span-2 print:col-span-2">
            <Sites sites={page.sites} />
          </div>
        </Section>
      )}
      <Section title={words.operation}>
        <Operation page={page} rows={rows} first={first} />
      </Section>
      <Files query={asked.query} k={page.least_people_shown} />
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h2 className="mt-2 mb-0 text-lg">{title}</h2>
      <div className="grid gap-4 xl:grid-cols-2 print:grid-cols-2 [&>*]:min-w-0">{children}</div>
    </section>
  );
}
