// One site's day in large figures: visits by kind, crossings, who is inside, cameras.

import { WarningOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { SiteDay } from "@/api/schema";
import { Panel } from "@/parts/Panel";
import { Text } from "@/parts/Text";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { todayWords } from "./words";

export function SiteFigures({ site, children }: { readonly site: SiteDay; readonly children: ReactNode }) {
  const words = useWords(todayWords);
  return (
    <Panel
      title={site.site_name}
      extra={<CameraHealth site={site} />}
      className="w-full print:break-inside-avoid"
    >
      <dl className="m-0 mb-5 grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-4">
        <Figure name="visits" title={words.visits} value={site.visits} large />
        <Figure name="new" title={words.new} value={site.new} />
        <Figure name="returning" title={words.returning} value={site.returning} />
        <Figure name="undetermined" title={words.undetermined} value={site.undetermined} />
        <Figure name="inside" title={words.inside} value={site.inside} />
        <Figure name="in" title={words.in} value={site.came_in} />
        <Figure name="out" title={words.out} value={site.went_out} />
      </dl>
      <p className="mt-0 mb-4 text-xs">
        <Text tone="secondary">{words.passagesHelp}</Text>
        {site.few_people && (
          <Text tone="secondary" className="mt-1 block">
            {words.fewPeople}
          </Text>
        )}
        {site.inside_unknown && (
          <Text tone="secondary" className="mt-1 block">
            {words.inside}: {words.insideUnknown[site.inside_unknown]}
          </Text>
        )}
      </p>
      {children}
    </Panel>
  );
}

interface FigureProps {
  readonly name: string;
  readonly title: string;
  readonly value: number | null;
  readonly large?: boolean;
}

function Figure({ name, title, value, large = false }: FigureProps) {
  const format = useFormat();
  return (
    <div data-figure={name}>
      <dt>
        <Text tone="secondary">{title}</Text>
      </dt>
      <dd className={large ? "m-0 text-4xl" : "m-0 text-2xl"}>
        {value === null ? "–" : format.number(value)}
      </dd>
    </div>
  );
}

function CameraHealth({ site }: { readonly site: SiteDay }) {
  const words = useWords(todayWords);
  const format = useFormat();
  const { running, wanted } = site.cameras;
  const text = words.camerasRunning(format.number(running), format.number(wanted));
  return (
    <Link to={`/cameras?site=${site.site_id}`} aria-label={`${words.cameras}: ${text}`}>
      <Text tone={running < wanted ? "warning" : "secondary"}>
        {running < wanted && <WarningOutlined className="mr-1" aria-hidden />}
        <span className="max-sm:hidden">{words.cameras}: </span>
        {text}
      </Text>
    </Link>
  );
}
