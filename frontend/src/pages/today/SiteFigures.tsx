// One site's day in large figures: visits by kind, crossings, who is inside, cameras.

import { WarningOutlined } from "@ant-design/icons";
import { Statistic, Tooltip, Typography } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { SiteDay } from "@/api/schema";
import { Panel } from "@/parts/Panel";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { todayWords } from "./words";

export function SiteFigures({ site, children }: { readonly site: SiteDay; readonly children: ReactNode }) {
  const words = useWords(todayWords);
  const format = useFormat();
  return (
    <Panel title={site.site_name} extra={<CameraHealth site={site} />} className="w-full">
      <div className="mb-5 grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-4">
        <Statistic
          title={words.visits}
          value={format.number(site.visits)}
          classNames={{ content: "!text-4xl" }}
        />
        <Statistic title={words.new} value={format.number(site.new)} />
        <Statistic title={words.returning} value={format.number(site.returning)} />
        <Statistic title={words.undetermined} value={format.number(site.undetermined)} />
        <Tooltip title={site.inside === null ? words.insideUnknown : undefined}>
          <Statistic title={words.inside} value={site.inside === null ? "–" : format.number(site.inside)} />
        </Tooltip>
        <Statistic title={words.in} value={format.number(site.crossed_in)} />
        <Statistic title={words.out} value={format.number(site.crossed_out)} />
        <Typography.Text type="secondary" className="self-end text-xs max-sm:col-span-2">
          {words.crossings}: {words.crossingsHelp}
        </Typography.Text>
      </div>
      {children}
    </Panel>
  );
}

function CameraHealth({ site }: { readonly site: SiteDay }) {
  const words = useWords(todayWords);
  const format = useFormat();
  const { running, wanted } = site.cameras;
  const text = words.camerasRunning(format.number(running), format.number(wanted));
  return (
    <Link to={`/cameras?site=${site.site_id}`} aria-label={`${words.cameras}: ${text}`}>
      <Typography.Text {...(running < wanted ? { type: "warning" } : { type: "secondary" })}>
        {running < wanted && <WarningOutlined className="mr-1" />}
        <span className="max-sm:hidden">{words.cameras}: </span>
        {text}
      </Typography.Text>
    </Link>
  );
}
