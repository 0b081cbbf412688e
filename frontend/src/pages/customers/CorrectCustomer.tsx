// Putting a customer right: merged with another, split into two; what was done, with its way back.

import { Button, Card, Typography } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { CustomerDetail } from "@/api/schema";
import { useMay } from "@/app/session";
import { Failed, Loading } from "@/parts/PageState";
import { CorrectionList } from "@/parts/people/CorrectionList";
import { MergeWith } from "@/parts/people/MergeWith";
import { SplitCustomer } from "@/parts/people/SplitCustomer";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { customersWords } from "./words";

export function CorrectCustomer({ customer }: { readonly customer: CustomerDetail }) {
  const words = useWords(customersWords);
  const format = useFormat();
  const navigate = useNavigate();
  const mayCorrect = useMay("customers.correct");
  const [open, setOpen] = useState<"split" | "merge">();
  const customerId = customer.customer_id;
  const path = { customer_id: customerId };
  const looks = api.useQuery("get", "/v1/customers/{customer_id}/looks", { params: { path } });
  const close = () => setOpen(undefined);
  return (
    <Card title={<h2 className="m-0 text-lg">{words.correct}</h2>}>
      <Typography.Paragraph type="secondary">
        {looks.data && `${words.looks(format.number(looks.data.items.length))} `}
        {words.correctHelp}
      </Typography.Paragraph>
      {mayCorrect && (
        <div className="mb-4 flex flex-wrap gap-2">
          <Button onClick={() => setOpen("merge")}>{words.merge}</Button>
          {customer.visits > 1 && <Button onClick={() => setOpen("split")}>{words.split}</Button>}
        </div>
      )}
      <Corrections customer={customer} />
      <SplitCustomer customerId={customerId} open={open === "split"} onClose={close} />
      <MergeWith
        customerId={customerId}
        open={open === "merge"}
        onClose={close}
        onMerged={async (keptId) => navigate(`/customers/${keptId}`)}
      />
    </Card>
  );
}

function Corrections({ customer }: { readonly customer: CustomerDetail }) {
  const query = { customer_id: customer.customer_id };
  const made = api.useQuery("get", "/v1/corrections", { params: { query } });
  if (made.isPending) return <Loading />;
  if (made.error) return <Failed problem={problemOf(made.error)} onRetry={() => void made.refetch()} />;
  return <CorrectionList corrections={made.data.items} zone={customer.time_zone} />;
}
