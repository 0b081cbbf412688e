// One customer: who they are, when they come, what they said, and everything that can be done for them.

import { ArrowLeftOutlined } from "@ant-design/icons";
import { Card, Grid, Typography } from "antd";
import { Link } from "react-router";
import { api, gateway } from "@/api/client";
import { type Tagged, useResource } from "@/api/resource";
import type { CustomerDetail } from "@/api/schema";
import { useMay } from "@/app/session";
import { BY_CURSOR } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading } from "@/parts/PageState";
import { useNameOf } from "@/parts/people/naming";
import { VisitListing } from "@/parts/people/VisitListing";
import { useWords } from "@/words/words";
import { Consents } from "./Consents";
import { CorrectCustomer } from "./CorrectCustomer";
import { CustomerFacts } from "./CustomerFacts";
import { PersonRights } from "./PersonRights";
import { Rhythm } from "./Rhythm";
import { customersWords } from "./words";

export function CustomerView({ customerId }: { readonly customerId: string }) {
  const path = { customer_id: customerId };
  const customer = useResource(["get", "/v1/customers/{customer_id}", "tagged", customerId], () =>
    gateway.GET("/v1/customers/{customer_id}", { params: { path } }),
  );
  if (customer.isPending) return <Loading />;
  if (customer.error) return <Failed problem={customer.error} onRetry={() => void customer.refetch()} />;
  return <CustomerShown customer={customer.data} />;
}

function CustomerShown({ customer }: { readonly customer: Tagged<CustomerDetail> }) {
  const words = useWords(customersWords);
  const nameOf = useNameOf();
  const mayExport = useMay("customers.export");
  const mayErase = useMay("customers.erase");
  const { value } = customer;
  return (
    <>
      <Link to="/customers" className="mb-2 inline-flex items-center gap-1">
        <ArrowLeftOutlined aria-hidden /> {words.back}
      </Link>
      <PageHead title={nameOf(value)}>
        <Typography.Text type="secondary">
          {words.handle} {value.handle}
        </Typography.Text>
      </PageHead>
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(20rem,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <CustomerFacts customer={customer} />
          <Rhythm customer={value} />
          <History customerId={value.customer_id} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <CorrectCustomer customer={value} />
          <Consents customer={value} />
          {(mayExport || mayErase) && <PersonRights customer={value} />}
        </div>
      </div>
    </>
  );
}

function History({ customerId }: { readonly customerId: string }) {
  const words = useWords(customersWords);
  const wide = Grid.useBreakpoint().md ?? true;
  const query = { customer_id: customerId, limit: 20 };
  const visits = api.useInfiniteQuery("get", "/v1/visits", { params: { query } }, BY_CURSOR);
  return (
    <Card title={<h2 className="m-0 text-lg">{words.history}</h2>}>
      <VisitListing pages={visits} view={wide ? "gallery" : "table"} empty={words.historyEmpty} />
    </Card>
  );
}
