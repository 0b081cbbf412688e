// Who just came in: face while it is kept, name, which visit it was; the newest first, said aloud as they come.

import { Grid } from "antd";
import { Link } from "react-router";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { answered } from "@/api/resource";
import type { Visit } from "@/api/schema";
import { useMay } from "@/app/session";
import { Face } from "@/parts/Face";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { Panel } from "@/parts/Panel";
import { StatusTag } from "@/parts/StatusTag";
import { Text } from "@/parts/Text";
import { sharedWords } from "@/parts/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { isOfToday } from "./hours";
import { todayWords } from "./words";

const SHOWN = 12;
/** On a phone the figures must not lie too far below. */
const SHOWN_ON_A_PHONE = 5;

export function Arrivals({ siteId }: { readonly siteId: string }) {
  const words = useWords(todayWords);
  const shown = (Grid.useBreakpoint().md ?? true) ? SHOWN : SHOWN_ON_A_PHONE;
  const query = { limit: SHOWN, ...(siteId ? { site_id: siteId } : {}) };
  const visits = api.useQuery("get", "/v1/visits", { params: { query } });
  return (
    <Panel title={words.arrivals} extra={<Link to="/visits">{words.all}</Link>}>
      {visits.isPending ? (
        <Loading />
      ) : visits.error ? (
        <Failed problem={problemOf(visits.error)} onRetry={() => void visits.refetch()} />
      ) : visits.data.items.length === 0 ? (
        <NothingYet say={words.arrivalsNone} />
      ) : (
        <ol className="m-0 flex list-none flex-col gap-3 p-0" aria-live="polite">
          {visits.data.items.slice(0, shown).map((visit) => (
            <li key={visit.visit_id}>
              <Arrival visit={visit} />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Arrival({ visit }: { readonly visit: Visit }) {
  const words = useWords(todayWords);
  const shared = useWords(sharedWords);
  const format = useFormat();
  const maySeeFaces = useMay("faces.see");
  const { customer } = visit;
  const who = customer ? (customer.name ?? words.customer(customer.handle)) : shared.nobody;
  const ask = async () =>
    (
      await answered(
        gateway.GET("/v1/visits/{visit_id}/face", { params: { path: { visit_id: visit.visit_id } } }),
      )
    ).value;
  return (
    <Link
      to={`/visits/${visit.visit_id}`}
      className="flex items-center gap-3 !text-inherit"
      data-visit={visit.visit_id}
    >
      <Face
        who={who}
        of={visit.has_face && maySeeFaces ? ["visit", visit.visit_id] : undefined}
        ask={ask}
        size={72}
      />
      <span className="min-w-0 flex-1">
        <Text strong className="block break-words text-base leading-snug sm:text-lg">
          {who}
        </Text>
        <span className="flex flex-wrap items-center gap-x-2">
          <StatusTag status={visit.status} />
          {customer && <Text>{words.nthVisit(customer.visit_number)}</Text>}
          {visit.gender !== "unknown" && <Text tone="secondary">{words[visit.gender]}</Text>}
        </span>
      </span>
      <span className="flex-none text-right">
        <Text className="block text-lg">{format.time(visit.started_at, visit.time_zone)}</Text>
        {!isOfToday(visit, new Date()) && (
          <Text className="block text-xs">{format.date(visit.started_at, visit.time_zone)}</Text>
        )}
        <Text tone="secondary" className="text-xs">
          {visit.site_name}
        </Text>
      </span>
    </Link>
  );
}
