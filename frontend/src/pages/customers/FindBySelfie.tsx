// A person shows their face and says where and when they were: who it may be, among those who were there then.

import { ArrowLeftOutlined } from "@ant-design/icons";
import { Alert, Card, DatePicker, Form, Select, Tag, Typography } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { FoundPerson, Site } from "@/api/schema";
import { dayAt, hourOf, USUAL_ZONE } from "@/parts/days";
import { Refusal } from "@/parts/forms";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { CustomerCard } from "@/parts/people/CustomerCard";
import { PictureChoice } from "@/parts/people/PictureChoice";
import { useSearchByPicture } from "@/parts/people/pictures";
import { useSites } from "@/parts/SiteSelect";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { customersWords } from "./words";

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: hour, label: `${hour}:00` }));

export function FindBySelfie() {
  const words = useWords(customersWords);
  const sites = useSites();
  const [siteId, setSiteId] = useState<string>();
  const site = sites.find((one) => one.site_id === siteId) ?? sites[0];
  const zone = site?.time_zone ?? USUAL_ZONE;
  const [day, setDay] = useState<string>();
  const [hour, setHour] = useState<number>();
  const [picture, setPicture] = useState<Blob>();
  const search = useSearchByPicture();
  const asked = { day: day ?? dayAt(new Date(), zone), hour: hour ?? hourNow(zone) };
  const find = (shown: Blob) => {
    if (!site) return;
    setPicture(shown);
    search.mutate({ siteId: site.site_id, visitedAt: hourOf(asked.day, asked.hour, zone), picture: shown });
  };
  return (
    <>
      <Link to="/customers" className="mb-2 inline-flex items-center gap-1">
        <ArrowLeftOutlined aria-hidden /> {words.back}
      </Link>
      <PageHead title={words.findTitle} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(20rem,2fr)_minmax(0,3fr)]">
        <Card>
          <Typography.Paragraph>{words.findHelp}</Typography.Paragraph>
          <Form layout="vertical">
            <Form.Item label={words.findSite}>
              <Select
                aria-label={words.findSite}
                value={site?.site_id ?? null}
                onChange={setSiteId}
                options={sites.map((one) => ({ value: one.site_id, label: one.name }))}
              />
            </Form.Item>
            <div className="grid grid-cols-2 gap-3">
              <Form.Item label={words.findDay}>
                <DatePicker
                  aria-label={words.findDay}
                  className="w-full"
                  format="DD/MM/YYYY"
                  allowClear={false}
                  maxDate={dayjs()}
                  value={dayjs(asked.day)}
                  onChange={(chosen) => setDay(chosen?.format("YYYY-MM-DD"))}
                />
              </Form.Item>
              <Form.Item label={words.findHour}>
                <Select aria-label={words.findHour} value={asked.hour} onChange={setHour} options={HOURS} />
              </Form.Item>
            </div>
          </Form>
          <PictureChoice onPicture={find} waiting={search.isPending} />
          {picture && <Shown picture={picture} />}
        </Card>
        <div aria-live="polite">
          <Refusal failure={search.error} />
          {search.isPending && <Loading />}
          {search.data && <Found people={search.data.candidates} site={site} />}
        </div>
      </div>
    </>
  );
}

function hourNow(zone: string): number {
  return Number(
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: zone }).format(
      new Date(),
    ),
  );
}

/** The picture as it was chosen; it stays in this browser but for the question. */
function Shown({ picture }: { readonly picture: Blob }) {
  const words = useWords(customersWords);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return url ? (
    <img src={url} alt={words.ownPicture} className="mt-4 max-h-60 max-w-full rounded-lg" />
  ) : null;
}

function Found({
  people,
  site,
}: {
  readonly people: readonly FoundPerson[];
  readonly site: Site | undefined;
}) {
  const words = useWords(customersWords);
  if (people.length === 0) return <NothingYet say={words.findNone} />;
  return (
    <section aria-label={words.found}>
      <h2 className="mt-0 text-lg">{words.found}</h2>
      <ul className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-3 p-0">
        {people.map((one) => (
          <li key={one.customer_id}>
            <Candidate found={one} zone={site?.time_zone ?? USUAL_ZONE} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Candidate({ found, zone }: { readonly found: FoundPerson; readonly zone: string }) {
  const words = useWords(customersWords);
  const format = useFormat();
  const path = { customer_id: found.customer_id };
  const customer = api.useQuery("get", "/v1/customers/{customer_id}", { params: { path } });
  if (customer.isPending) return <Loading />;
  if (customer.error) return <Failed problem={problemOf(customer.error)} />;
  return (
    <div data-found={found.customer_id} className="flex flex-col gap-2">
      <span>
        <Tag color={found.verdict === "match" ? "success" : "default"}>{words.verdicts[found.verdict]}</Tag>
        <Typography.Text>{words.wasThere(format.dateTime(found.visited_at, zone))}</Typography.Text>
      </span>
      <CustomerCard customer={customer.data} proof={found.proof ?? undefined} />
      {found.proof && <Alert type="info" title={words.proofHelp} />}
    </div>
  );
}
