// One visit: who it was, its pictures, why it was decided so, and what can be put right about it.

import { ArrowLeftOutlined } from "@ant-design/icons";
import { Card, Descriptions } from "antd";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { VisitDetail } from "@/api/schema";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading } from "@/parts/PageState";
import { useNameOf } from "@/parts/people/naming";
import { useStayOf, VisitFace } from "@/parts/people/VisitListing";
import { peopleWords } from "@/parts/people/words";
import { StatusTag } from "@/parts/StatusTag";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { PutRight } from "./PutRight";
import { Shots } from "./Shots";
import { WhyDecided } from "./WhyDecided";
import { visitsWords } from "./words";

export function VisitDetailView({ visitId }: { readonly visitId: string }) {
  const path = { visit_id: visitId };
  const visit = api.useQuery("get", "/v1/visits/{visit_id}", { params: { path } });
  if (visit.isPending) return <Loading />;
  if (visit.error) return <Failed problem={problemOf(visit.error)} onRetry={() => void visit.refetch()} />;
  return <VisitShown visit={visit.data} />;
}

function VisitShown({ visit }: { readonly visit: VisitDetail }) {
  const words = useWords(visitsWords);
  const nameOf = useNameOf();
  return (
    <>
      <Link to="/visits" className="mb-2 inline-flex items-center gap-1">
        <ArrowLeftOutlined aria-hidden /> {words.back}
      </Link>
      <PageHead title={nameOf(visit.customer)}>
        <StatusTag status={visit.status} />
      </PageHead>
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(20rem,2fr)]">
        <div className="flex flex-col gap-4">
          <Facts visit={visit} />
          <Shots visit={visit} />
          <WhyDecided visit={visit} />
        </div>
        <PutRight visit={visit} />
      </div>
    </>
  );
}

function Facts({ visit }: { readonly visit: VisitDetail }) {
  const words = useWords(visitsWords);
  const people = useWords(peopleWords);
  const format = useFormat();
  const stayOf = useStayOf();
  const { customer } = visit;
  return (
    <Card>
      <div className="flex flex-wrap gap-5">
        <VisitFace visit={visit} size={144} />
        <Descriptions
          className="min-w-60 flex-1"
          size="small"
          column={{ xs: 1, sm: 1, md: 1, lg: 1, xl: 1, xxl: 2 }}
          items={[
            {
              key: "when",
              label: people.when,
              children: format.dateTime(visit.started_at, visit.time_zone),
            },
            { key: "stayed", label: people.stayed, children: stayOf(visit) },
            { key: "site", label: people.site, children: visit.site_name },
            { key: "direction", label: people.direction, children: people.directions[visit.direction] },
            { key: "gender", label: people.gender, children: people.genders[visit.gender] },
            ...(customer
              ? [
                  {
                    key: "who",
                    label: people.who,
                    children: (
                      <span>
                        {people.nthVisit(customer.visit_number)}
                        {" · "}
                        <Link to={`/customers/${customer.customer_id}`}>{words.openCustomer}</Link>
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </div>
    </Card>
  );
}
