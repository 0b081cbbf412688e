// One customer in short, to be compared with another beside it.

import { Card, Descriptions, Grid, Typography } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Customer } from "@/api/schema";
import { useMay } from "@/app/session";
import { Face } from "@/parts/Face";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { askCustomerFace, useNameOf } from "./naming";
import { peopleWords } from "./words";

interface CustomerCardProps {
  readonly customer: Customer;
  /** Another picture than the customer's latest. */
  readonly face?: ReactNode;
  /** What find-me gave the person, for their page to use. */
  readonly proof?: string | undefined;
}

export function CustomerFace({ customer, size }: { readonly customer: Customer; readonly size: number }) {
  const nameOf = useNameOf();
  const maySee = useMay("faces.see");
  return (
    <Face
      who={nameOf(customer)}
      of={customer.has_face && maySee ? ["customer", customer.customer_id] : undefined}
      ask={() => askCustomerFace(customer.customer_id)}
      size={size}
    />
  );
}

export function CustomerCard({ customer, face, proof }: CustomerCardProps) {
  const words = useWords(peopleWords);
  const format = useFormat();
  const nameOf = useNameOf();
  const wide = Grid.useBreakpoint().sm ?? true; // two of them stand side by side on a phone, too
  return (
    <Card size="small" className="h-full max-sm:[&>.ant-card-body]:!p-2">
      <div className="mb-3 flex flex-col items-center gap-2 text-center">
        {face ?? <CustomerFace customer={customer} size={104} />}
        <Link to={`/customers/${customer.customer_id}`} state={proof ? { proof } : null}>
          <Typography.Text strong>{nameOf(customer)}</Typography.Text>
        </Link>
      </div>
      <Descriptions
        column={1}
        layout={wide ? "horizontal" : "vertical"}
        colon={wide}
        className="max-sm:[&_th]:!pb-0"
        size="small"
        items={[
          {
            key: "visits",
            label: words.visits,
            children: words.visitsTold(format.number(customer.visits)),
          },
          {
            key: "last",
            label: words.lastVisit,
            children: format.date(customer.last_visit_at, customer.time_zone),
          },
          {
            key: "first",
            label: words.firstVisit,
            children: format.date(customer.first_visit_at, customer.time_zone),
          },
          { key: "gender", label: words.gender, children: words.genders[customer.gender] },
          { key: "year", label: words.birthYear, children: customer.birth_year ?? "–" },
          {
            key: "phone",
            label: words.phone,
            children: <span className="whitespace-nowrap">{customer.phone ?? "–"}</span>,
          },
        ]}
      />
    </Card>
  );
}
