// Every chain's cameras by what they do, and which worker runs them.

import { Card, Segmented, Typography } from "antd";
import { api } from "@/api/client";
import type { Camera } from "@/api/schema";
import { useMay } from "@/app/session";
import { CameraStatus } from "@/pages/cameras/CameraStatus";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { useUrlFilters } from "@/parts/url";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { countStates, STATES, workersOf } from "./states";
import { systemWords } from "./words";

type State = Camera["state"];
const FEW_S = { staleTime: 10_000, refetchInterval: 30_000 };

export function RunningCameras() {
  const words = useWords(systemWords).cameras;
  const format = useFormat();
  const [filters, setFilters] = useUrlFilters(["state"]);
  const state = STATES.find((one) => one === filters.state);
  // Sorted, so that the pages of the list and the one that is counted are two entries of the cache.
  const params = { query: { limit: 200, sort: "name" as const, ...(state ? { state } : {}) } };
  const cameras = api.useInfiniteQuery("get", "/v1/cameras", { params }, BY_CURSOR);
  const all = api.useQuery("get", "/v1/cameras", { params: { query: { limit: 200 } } }, FEW_S);
  const known = all.data?.items ?? [];
  const counts = countStates(known);
  const label = (text: string, count: number) => `${text} ${format.number(count)}`;
  const heard = (camera: Camera) => (camera.state_at ? format.ago(camera.state_at, new Date()) : words.never);
  return (
    <section aria-label={words.title}>
      <h2 className="mb-2 mt-0 text-lg">{words.title}</h2>
      <p className="mt-0">{words.workers(format.number(workersOf(known)), format.number(counts.running))}</p>
      <div className="mb-3 overflow-x-auto">
        <Segmented<State | "">
          aria-label={words.state}
          value={state ?? ""}
          onChange={(chosen) => setFilters({ state: chosen })}
          options={[
            { value: "", label: label(words.any, known.length) },
            ...STATES.map((one) => ({ value: one, label: label(words.states[one], counts[one]) })),
          ]}
        />
      </div>
      <Listing<Camera>
        pages={cameras}
        keyOf={(camera) => camera.camera_id}
        label={words.title}
        empty={state ? words.none : words.empty}
        columns={[
          { title: words.camera, dataIndex: "name" },
          { title: words.site, dataIndex: "site_name" },
          { title: words.chain, render: (_, camera) => <ChainName tenantId={camera.tenant_id} /> },
          { title: words.state, render: (_, camera) => <CameraStatus camera={camera} advice={false} /> },
          { title: words.worker, render: (_, camera) => camera.worker ?? words.noWorker },
          { title: words.heard, render: (_, camera) => heard(camera) },
        ]}
        card={(camera) => (
          <Card size="small" title={camera.name}>
            <CameraStatus camera={camera} advice={false} />
            <Typography.Text type="secondary">
              {camera.site_name} · <ChainName tenantId={camera.tenant_id} /> ·{" "}
              {camera.worker ?? words.noWorker}
            </Typography.Text>
          </Card>
        )}
      />
    </section>
  );
}

function ChainName({ tenantId }: { readonly tenantId: string }) {
  const options = { staleTime: 60_000, enabled: useMay("tenants.see") };
  const tenants = api.useQuery("get", "/v1/tenants", { params: { query: { limit: 200 } } }, options);
  const found = tenants.data?.items.find((tenant) => tenant.tenant_id === tenantId);
  return <>{found?.name ?? "…"}</>;
}
