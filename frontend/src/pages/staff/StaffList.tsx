// The chain's own people: who they are, where they work, and whether cameras can tell them from visitors.

import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, type TableColumnsType, Tag, Typography } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import type { StaffMember } from "@/api/schema";
import { useMay } from "@/app/session";
import { Choice } from "@/parts/Choice";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { SearchField } from "@/parts/SearchField";
import { SiteSelect, useSites } from "@/parts/SiteSelect";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { NewMemberDrawer } from "./NewMemberDrawer";
import { staffWords } from "./words";

export function StaffList() {
  const words = useWords(staffWords);
  const shared = useWords(sharedWords);
  const navigate = useNavigate();
  const mayChange = useMay("staff.change");
  const [adding, setAdding] = useState(false);
  const [filters, setFilters] = useUrlFilters(["q", "site", "active"]);
  const chosen = { ...given("q", filters.q.trim()), ...given("site_id", filters.site) };
  const knows = filters.active === "yes" || filters.active === "no";
  const query = { ...chosen, sort: "name" as const, ...(knows ? { active: filters.active === "yes" } : {}) };
  const staff = api.useInfiniteQuery("get", "/v1/staff", { params: { query } }, BY_CURSOR);
  const columns = useColumns();
  return (
    <>
      <PageHead title={words.title}>
        <Download
          path="/v1/staff"
          query={{ ...chosen, ...(knows ? { active: String(filters.active === "yes") } : {}), format: "csv" }}
          label={shared.export}
        />
        {mayChange && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
            {words.add}
          </Button>
        )}
      </PageHead>
      <Typography.Paragraph type="secondary">{words.intro}</Typography.Paragraph>
      <search
        className="mb-4 flex flex-wrap items-center gap-2 max-sm:[&>*]:grow"
        aria-label={shared.filters}
      >
        <SearchField value={filters.q} label={words.search} onSearch={(q) => setFilters({ q })} />
        <SiteSelect value={filters.site} onChange={(site) => setFilters({ site })} />
        <Choice
          label={words.active}
          any={words.anyActive}
          value={filters.active}
          choices={{ yes: words.isActive, no: words.isInactive }}
          onChange={(active) => setFilters({ active })}
        />
      </search>
      <Listing<StaffMember>
        pages={staff}
        columns={columns}
        keyOf={(one) => one.staff_id}
        card={(one) => <MemberRow member={one} />}
        empty={words.empty}
        label={words.label}
        onOpen={(one) => void navigate(`/staff/${one.staff_id}`)}
      />
      <NewMemberDrawer open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

/** Whether cameras tell them from visitors, in a word. */
export function Standing({ member }: { readonly member: StaffMember }) {
  const words = useWords(staffWords);
  if (!member.active) return <Tag>{words.isInactive}</Tag>;
  return (
    <Tag color={member.enrolled === "enrolled" ? "success" : "warning"}>
      {words.enrolled[member.enrolled]}
    </Tag>
  );
}

function MemberRow({ member }: { readonly member: StaffMember }) {
  const words = useWords(staffWords);
  const format = useFormat();
  const sitesOf = useSitesOf();
  return (
    <Link to={`/staff/${member.staff_id}`} data-staff={member.staff_id}>
      <Card size="small">
        <Typography.Text strong className="text-base">
          {member.name}
        </Typography.Text>
        <div className="mt-1 flex flex-wrap items-center gap-x-2">
          <Standing member={member} />
          <Typography.Text type="secondary">
            {words.photographsTold(format.number(member.photographs))} · {sitesOf(member)}
          </Typography.Text>
        </div>
      </Card>
    </Link>
  );
}

function useSitesOf(): (member: StaffMember) => string {
  const words = useWords(staffWords);
  const sites = useSites();
  return (member) =>
    sites
      .filter((site) => member.site_ids.includes(site.site_id))
      .map((site) => site.name)
      .join(", ") || words.noSites;
}

function useColumns(): TableColumnsType<StaffMember> {
  const words = useWords(staffWords);
  const format = useFormat();
  const sitesOf = useSitesOf();
  return [
    {
      title: words.name,
      key: "name",
      render: (_, one) => (
        <Link to={`/staff/${one.staff_id}`} data-staff={one.staff_id}>
          {one.name}
        </Link>
      ),
    },
    { title: words.active, key: "active", render: (_, one) => <Standing member={one} /> },
    {
      title: words.photographs,
      key: "photographs",
      align: "right",
      render: (_, one) => format.number(one.photographs),
    },
    { title: words.sites, key: "sites", render: (_, one) => sitesOf(one) },
    { title: words.phone, key: "phone", render: (_, one) => one.phone ?? "–" },
    { title: words.email, key: "email", render: (_, one) => one.email ?? "–" },
  ];
}
