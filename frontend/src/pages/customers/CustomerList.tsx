// Everybody whom the chain knows, searched and ordered; what is chosen stands in the URL.

import { CameraOutlined, MergeOutlined } from "@ant-design/icons";
import { Button, Card, type TableColumnsType, Typography } from "antd";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import type { Customer } from "@/api/schema";
import { useMay } from "@/app/session";
import { Download } from "@/parts/Download";
import { between, USUAL_ZONE } from "@/parts/days";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { CustomerFace } from "@/parts/people/CustomerCard";
import { useNameOf } from "@/parts/people/naming";
import { peopleWords } from "@/parts/people/words";
import { useSites } from "@/parts/SiteSelect";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { CustomerFilterBar, type CustomerFilters, FILTERS, GENDERS, SORTS } from "./CustomerFilterBar";
import { customersWords } from "./words";

export function CustomerList() {
  const words = useWords(customersWords);
  const shared = useWords(sharedWords);
  const navigate = useNavigate();
  const maySearch = useMay("customers.search");
  const [filters, setFilters] = useUrlFilters(FILTERS);
  const query = useCustomerQuery(filters);
  const customers = api.useInfiniteQuery("get", "/v1/customers", { params: { query } }, BY_CURSOR);
  const columns = useColumns();
  const asText = { ...query, ...("has_name" in query ? { has_name: String(query.has_name) } : {}) };
  return (
    <>
      <PageHead title={words.title}>
        {maySearch && (
          <Link to="/customers/find">
            <Button tabIndex={-1} icon={<CameraOutlined aria-hidden />}>
              {words.findBySelfie}
            </Button>
          </Link>
        )}
        <Link to="/customers/merges">
          <Button tabIndex={-1} icon={<MergeOutlined aria-hidden />}>
            {words.merges}
          </Button>
        </Link>
        <Download
          path="/v1/customers"
          query={{ ...(asText as Record<string, string>), format: "csv" }}
          label={shared.export}
        />
      </PageHead>
      <CustomerFilterBar filters={filters} onChange={setFilters} />
      <Listing<Customer>
        pages={customers}
        columns={columns}
        keyOf={(one) => one.customer_id}
        card={(one) => <CustomerRow customer={one} />}
        empty={words.empty}
        label={words.label}
        onOpen={(one) => void navigate(`/customers/${one.customer_id}`)}
      />
    </>
  );
}

function useCustomerQuery(filters: CustomerFilters) {
  const sites = useSites();
  const zone = (sites.find((one) => one.site_id === filters.site) ?? sites[0])?.time_zone ?? USUAL_ZONE;
  const gender = GENDERS.find((one) => one === filters.gender);
  const sort = SORTS.find((one) => one === filters.sort);
  return {
    ...given("site_id", filters.site),
    ...between(filters.from, filters.to, zone),
    ...given("q", filters.q.trim()),
    ...(gender ? { gender } : {}),
    ...(filters.named === "yes" || filters.named === "no" ? { has_name: filters.named === "yes" } : {}),
    ...(sort ? { sort } : {}),
  };
}

function CustomerRow({ customer }: { readonly customer: Customer }) {
  const people = useWords(peopleWords);
  const format = useFormat();
  const nameOf = useNameOf();
  return (
    <Link to={`/customers/${customer.customer_id}`} data-customer={customer.customer_id}>
      <Card size="small">
        <div className="flex items-center gap-3">
          <CustomerFace customer={customer} size={64} />
          <div className="min-w-0 flex-1">
            <Typography.Text strong ellipsis className="!block text-base">
              {nameOf(customer)}
            </Typography.Text>
            <Typography.Text>{people.visitsTold(format.number(customer.visits))}</Typography.Text>
            <Typography.Text type="secondary" className="!block text-sm">
              {people.lastVisit}: {format.date(customer.last_visit_at, customer.time_zone)}
            </Typography.Text>
          </div>
        </div>
      </Card>
    </Link>
  );
}

function useColumns(): TableColumnsType<Customer> {
  const words = useWords(customersWords);
  const people = useWords(peopleWords);
  const format = useFormat();
  const nameOf = useNameOf();
  return [
    {
      title: people.who,
      key: "who",
      render: (_, one) => (
        <span className="flex items-center gap-3">
          <CustomerFace customer={one} size={44} />
          <Link to={`/customers/${one.customer_id}`} data-customer={one.customer_id}>
            {nameOf(one)}
          </Link>
        </span>
      ),
    },
    { title: words.visits, key: "visits", align: "right", render: (_, one) => format.number(one.visits) },
    {
      title: people.lastVisit,
      key: "last",
      render: (_, one) => `${format.date(one.last_visit_at, one.time_zone)} · ${one.site_name}`,
    },
    {
      title: people.firstVisit,
      key: "first",
      render: (_, one) => format.date(one.first_visit_at, one.time_zone),
    },
    { title: people.gender, key: "gender", render: (_, one) => people.genders[one.gender] },
    { title: people.phone, key: "phone", render: (_, one) => one.phone ?? "–" },
  ];
}
