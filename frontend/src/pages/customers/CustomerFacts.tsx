// Who a customer is, as far as anybody has said, and the form that says more.

import { EditOutlined } from "@ant-design/icons";
import { Button, Card, Descriptions, Typography } from "antd";
import { useState } from "react";
import type { Tagged } from "@/api/resource";
import type { CustomerDetail } from "@/api/schema";
import { useMay } from "@/app/session";
import { CustomerFace } from "@/parts/people/CustomerCard";
import { peopleWords } from "@/parts/people/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { EditCustomer } from "./EditCustomer";
import { customersWords } from "./words";

export function CustomerFacts({ customer }: { readonly customer: Tagged<CustomerDetail> }) {
  const words = useWords(customersWords);
  const people = useWords(peopleWords);
  const format = useFormat();
  const mayChange = useMay("customers.change");
  const [editing, setEditing] = useState(false);
  const { value } = customer;
  return (
    <Card
      title={<h2 className="m-0 text-lg">{words.facts}</h2>}
      extra={
        mayChange && (
          <Button icon={<EditOutlined aria-hidden />} onClick={() => setEditing(true)}>
            {words.edit}
          </Button>
        )
      }
    >
      <div className="flex flex-wrap gap-5">
        <CustomerFace customer={value} size={144} />
        <Descriptions
          className="min-w-60 flex-1"
          size="small"
          column={{ xs: 1, sm: 1, md: 1, lg: 1, xl: 1, xxl: 2 }}
          items={[
            { key: "visits", label: words.visits, children: format.number(value.visits) },
            { key: "gender", label: people.gender, children: people.genders[value.gender] },
            {
              key: "last",
              label: people.lastVisit,
              children: `${format.dateTime(value.last_visit_at, value.time_zone)} · ${value.site_name}`,
            },
            { key: "year", label: words.birthYear, children: value.birth_year ?? "–" },
            {
              key: "first",
              label: people.firstVisit,
              children: format.date(value.first_visit_at, value.time_zone),
            },
            { key: "phone", label: words.phone, children: value.phone ?? "–" },
          ]}
        />
      </div>
      {value.note && (
        <Typography.Paragraph className="!mt-4 !mb-0 whitespace-pre-line">
          <Typography.Text type="secondary">{words.note}: </Typography.Text>
          {value.note}
        </Typography.Paragraph>
      )}
      <EditCustomer customer={customer} open={editing} onClose={() => setEditing(false)} />
    </Card>
  );
}
