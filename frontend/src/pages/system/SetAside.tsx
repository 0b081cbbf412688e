// Tracks that could not be used, why, and trying them again after the cause was put right.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Typography } from "antd";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { SetAsideEvent } from "@/api/schema";
import { useMay } from "@/app/session";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { useProblemText } from "@/parts/PageState";
import { SearchField } from "@/parts/SearchField";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { systemWords } from "./words";

export function SetAside() {
  const words = useWords(systemWords).aside;
  const shared = useWords(sharedWords);
  const format = useFormat();
  const zone = useChainZone();
  const [filters, setFilters] = useUrlFilters(["q"]);
  const query = given("q", filters.q);
  const aside = api.useInfiniteQuery("get", "/v1/sightings/set-aside", { params: { query } }, BY_CURSOR);
  const since = (event: SetAsideEvent) => format.dateTime(event.first_at, zone);
  return (
    <section aria-label={words.title}>
      <h2 className="mb-2 mt-0 text-lg">{words.title}</h2>
      <p className="mt-0">{words.help}</p>
      <div className="mb-3 flex flex-wrap gap-2 max-sm:[&>*]:grow">
        <SearchField value={filters.q} label={shared.search} onSearch={(q) => setFilters({ q })} />
        <Download path="/v1/sightings/set-aside" query={{ ...query, format: "csv" }} label={shared.export} />
      </div>
      <Listing<SetAsideEvent>
        pages={aside}
        keyOf={(event) => event.set_aside_id}
        label={words.title}
        empty={filters.q ? words.none : words.empty}
        columns={[
          { title: words.reason, render: (_, event) => <Why event={event} /> },
          {
            title: words.where,
            render: (_, event) => <span className="break-all font-mono text-xs">{event.object_key}</span>,
          },
          { title: words.attempts, render: (_, event) => format.number(event.attempts) },
          { title: words.since, render: (_, event) => since(event) },
          { key: "do", render: (_, event) => <Replay event={event} /> },
        ]}
        card={(event) => (
          <Card size="small">
            <Why event={event} />
            <div className="my-1 break-all font-mono text-xs">{event.object_key}</div>
            <div className="flex items-center justify-between gap-2">
              <Typography.Text type="secondary">{since(event)}</Typography.Text>
              <Replay event={event} />
            </div>
          </Card>
        )}
      />
    </section>
  );
}

function Why({ event }: { readonly event: SetAsideEvent }) {
  return (
    <span className="flex flex-col">
      <Typography.Text strong>{event.reason}</Typography.Text>
      <Typography.Text type="secondary" className="max-w-md whitespace-normal">
        {event.detail}
      </Typography.Text>
    </span>
  );
}

function Replay({ event }: { readonly event: SetAsideEvent }) {
  const words = useWords(systemWords).aside;
  const text = useProblemText();
  const mayReplay = useMay("set_aside.replay");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const replay = api.useMutation("post", "/v1/sightings/set-aside/{set_aside_id}/replay", {
    onSuccess: ({ recognized, reason, detail }) => {
      if (recognized) void message.success(words.good);
      else void message.warning(words.still(detail || reason));
    },
    onError: (failure) => void message.error(text(problemOf(failure))),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", "/v1/sightings/set-aside"] }),
  });
  if (!mayReplay) return null;
  const params = { path: { set_aside_id: event.set_aside_id } };
  return (
    <Button size="small" loading={replay.isPending} onClick={() => replay.mutate({ params })}>
      {words.replay}
    </Button>
  );
}
