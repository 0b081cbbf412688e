// The chain's shops: where each is and when it is open; one is made and changed in a drawer beside the list.

import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Select, Tag, Typography } from "antd";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import type { Site } from "@/api/schema";
import { useMay } from "@/app/session";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { SearchField } from "@/parts/SearchField";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { inGroups, shortTime } from "./hours";
import { NEW, SiteDrawer } from "./SiteDrawer";
import { sitesWords } from "./words";

export default function SitesPage() {
  const words = useWords(sitesWords);
  const shared = useWords(sharedWords);
  const mayAdd = useMay("sites.change");
  const navigate = useNavigate();
  const { siteId } = useParams();
  const [filters, setFilters] = useUrlFilters(["q", "active"]);
  const active = filters.active ? { active: filters.active === "yes" } : {};
  const query = { sort: "name" as const, ...given("q", filters.q), ...active };
  const sites = api.useInfiniteQuery("get", "/v1/sites", { params: { query } }, BY_CURSOR);
  const to = (place: string) => void navigate({ pathname: place, search: location.search });
  const csv = {
    format: "csv",
    sort: "name",
    q: filters.q,
    ...(active.active === undefined ? {} : { active: String(active.active) }),
  };
  return (
    <>
      <PageHead title={words.title}>
        <Download path="/v1/sites" query={csv} label={shared.export} />
        {mayAdd && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => to(`/sites/${NEW}`)}>
            {words.add}
          </Button>
        )}
      </PageHead>
      <div className="mb-4 flex flex-wrap gap-2 max-sm:[&>*]:grow">
        <SearchField label={shared.search} value={filters.q} onSearch={(q) => setFilters({ q })} />
        <Select
          aria-label={words.status}
          className="min-w-40"
          value={filters.active}
          onChange={(active) => setFilters({ active })}
          options={[
            { value: "", label: shared.anyState },
            { value: "yes", label: words.active },
            { value: "no", label: words.closed },
          ]}
        />
      </div>
      <Listing<Site>
        pages={sites}
        keyOf={(site) => site.site_id}
        label={words.title}
        empty={filters.q || filters.active ? words.none : words.empty}
        columns={[
          { title: words.name, render: (_, site) => <SiteName site={site} /> },
          { title: words.address, dataIndex: "address" },
          { title: words.zone, dataIndex: "time_zone" },
          { title: words.hours, render: (_, site) => <Hours site={site} /> },
          { title: words.gap, render: (_, site) => <Gap site={site} /> },
        ]}
        card={(site) => (
          <Card size="small" title={<SiteName site={site} />}>
            {site.address && <Typography.Paragraph className="!mb-1">{site.address}</Typography.Paragraph>}
            <Hours site={site} />
          </Card>
        )}
      />
      {siteId && <SiteDrawer siteId={siteId} onClose={() => to("/sites")} />}
    </>
  );
}

function SiteName({ site }: { readonly site: Site }) {
  const words = useWords(sitesWords);
  return (
    <span className="flex items-center gap-2">
      <Link to={{ pathname: `/sites/${site.site_id}`, search: location.search }}>{site.name}</Link>
      {!site.active && <Tag>{words.closed}</Tag>}
    </span>
  );
}

function Gap({ site }: { readonly site: Site }) {
  const words = useWords(sitesWords);
  const format = useFormat();
  return <>{`${format.number(site.visit_gap_minutes)} ${words.gapUnit}`}</>;
}

/** The week in few lines: `T2–T6 08:00–22:00`. */
function Hours({ site }: { readonly site: Site }) {
  const words = useWords(sitesWords);
  if (site.opening_hours.length === 0) {
    return <Typography.Text type="secondary">{words.noHours}</Typography.Text>;
  }
  const short = words.shortDays;
  return (
    <span className="flex flex-col">
      {inGroups(site.opening_hours).map(({ days, spans }) => {
        const [first, last] = [days[0], days.at(-1)];
        if (!first || !last) return null;
        const told = first === last ? short[first] : `${short[first]}–${short[last]}`;
        const times = spans.map((span) => `${shortTime(span.opens)}–${shortTime(span.closes)}`).join(", ");
        return <span key={first}>{`${told} ${times || words.closedDay}`}</span>;
      })}
    </span>
  );
}
