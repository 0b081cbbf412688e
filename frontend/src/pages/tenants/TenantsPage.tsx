// The platform's chains: open one with its first owner, change or suspend one.

import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import type { PlatformTenant } from "@/api/schema";
import { useMay } from "@/app/session";
import { Choice } from "@/parts/Choice";
import { Download } from "@/parts/Download";
import { FormDrawer } from "@/parts/FormDrawer";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { SearchField } from "@/parts/SearchField";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { NewTenantForm } from "./NewTenantForm";
import { TenantDrawer } from "./TenantDrawer";
import { tenantsWords } from "./words";

export default function TenantsPage() {
  const words = useWords(tenantsWords);
  const shared = useWords(sharedWords);
  const format = useFormat();
  const zone = useChainZone();
  const mayChange = useMay("tenants.change");
  const navigate = useNavigate();
  const { tenantId } = useParams();
  const [filters, setFilters] = useUrlFilters(["q", "suspended"]);
  const [opening, setOpening] = useState(false);
  const suspended = filters.suspended ? { suspended: filters.suspended === "yes" } : {};
  const query = { ...given("q", filters.q), ...suspended };
  const tenants = api.useInfiniteQuery("get", "/v1/tenants", { params: { query } }, BY_CURSOR);
  const to = (place: string) => void navigate({ pathname: place, search: location.search });
  return (
    <>
      <PageHead title={words.title}>
        <Download
          path="/v1/tenants"
          query={{ ...given("q", filters.q), suspended: query.suspended?.toString(), format: "csv" }}
          label={shared.export}
        />
        {mayChange && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpening(true)}>
            {words.create}
          </Button>
        )}
      </PageHead>
      <div className="mb-4 flex flex-wrap gap-2 max-sm:[&>*]:grow">
        <SearchField value={filters.q} label={shared.search} onSearch={(q) => setFilters({ q })} />
        <Choice
          label={words.state}
          any={shared.anyState}
          value={filters.suspended}
          choices={{ no: words.active, yes: words.suspended }}
          onChange={(chosen) => setFilters({ suspended: chosen })}
        />
      </div>
      <Listing<PlatformTenant>
        pages={tenants}
        keyOf={(tenant) => tenant.tenant_id}
        label={words.title}
        empty={filters.q || filters.suspended ? words.none : words.empty}
        columns={[
          { title: words.name, render: (_, tenant) => <Name tenant={tenant} /> },
          { title: words.sharing, render: (_, tenant) => <Recognizes tenant={tenant} /> },
          { title: words.state, render: (_, tenant) => <State tenant={tenant} /> },
          { title: words.opened, render: (_, tenant) => format.date(tenant.created_at, zone) },
        ]}
        card={(tenant) => (
          <Card size="small" title={<Name tenant={tenant} />} extra={<State tenant={tenant} />}>
            <Recognizes tenant={tenant} />
          </Card>
        )}
      />
      {opening && (
        <FormDrawer title={words.create} size="30rem" onClose={() => setOpening(false)}>
          <NewTenantForm
            onOpened={(id) => {
              setOpening(false);
              to(`/tenants/${id}`);
            }}
          />
        </FormDrawer>
      )}
      {tenantId && <TenantDrawer key={tenantId} tenantId={tenantId} onClose={() => to("/tenants")} />}
    </>
  );
}

function Name({ tenant }: { readonly tenant: PlatformTenant }) {
  return (
    <Link to={{ pathname: `/tenants/${tenant.tenant_id}`, search: location.search }}>{tenant.name}</Link>
  );
}

function Recognizes({ tenant }: { readonly tenant: PlatformTenant }) {
  const words = useWords(tenantsWords);
  return <>{tenant.recognition ? words.sharings[tenant.sharing] : words.countOnly}</>;
}

function State({ tenant }: { readonly tenant: PlatformTenant }) {
  const words = useWords(tenantsWords);
  return tenant.suspended_at ? (
    <Tag color="warning">{words.suspended}</Tag>
  ) : (
    <Tag color="success">{words.active}</Tag>
  );
}
