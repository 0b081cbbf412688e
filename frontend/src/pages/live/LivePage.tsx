// What the cameras see now: one large, the others as a wall; a camera without a picture says why, and what to do.

import { Button, Pagination, Switch, Typography } from "antd";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Camera } from "@/api/schema";
import { useMay } from "@/app/session";
import { zoneOf } from "@/pages/cameras/CameraForm";
import { CameraStatus } from "@/pages/cameras/CameraStatus";
import { RecognitionSwitch, StartStop } from "@/pages/cameras/CameraSwitches";
import { conditionOf } from "@/pages/cameras/condition";
import { Following } from "@/pages/cameras/Following";
import { LiveLine } from "@/parts/LiveLine";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { SiteSelect, useSites } from "@/parts/SiteSelect";
import { useUrlFilters } from "@/parts/url";
import { useWords } from "@/words/words";
import { JustRecognized } from "./JustRecognized";
import { Screen } from "./Screen";
import { type Hub, useLiveView } from "./stream";
import { liveWords } from "./words";

/** As many as the gateway shows at once. */
const AT_ONCE = 16;

export default function LivePage() {
  const words = useWords(liveWords);
  const mayAdd = useMay("cameras.change");
  const sites = useSites();
  const [filters, setFilters] = useUrlFilters(["site", "camera", "page"]);
  const query = { limit: 200, sort: "name" as const, ...(filters.site ? { site_id: filters.site } : {}) };
  const cameras = api.useQuery("get", "/v1/cameras", { params: { query } });
  const all = cameras.data?.items ?? [];
  const pages = Math.max(1, Math.ceil(all.length / AT_ONCE));
  const page = Math.min(pages, Math.max(1, Math.floor(Number(filters.page)) || 1));
  const asked = all.findIndex((camera) => camera.camera_id === filters.camera);
  const from = AT_ONCE * (filters.page || asked < 0 ? page - 1 : Math.floor(asked / AT_ONCE));
  const shown = all.slice(from, from + AT_ONCE);
  return (
    <>
      <PageHead title={words.title}>
        <Following quiet />
        {sites.length > 1 && (
          <SiteSelect value={filters.site} onChange={(site) => setFilters({ site, camera: "", page: "" })} />
        )}
      </PageHead>
      {cameras.isPending ? (
        <Loading />
      ) : cameras.error ? (
        <Failed problem={problemOf(cameras.error)} onRetry={() => void cameras.refetch()} />
      ) : shown.length === 0 ? (
        <NothingYet say={filters.site ? words.emptyHere : words.empty}>
          {mayAdd && (
            <Link to="/cameras/new">
              <Button type="primary">{words.addCamera}</Button>
            </Link>
          )}
        </NothingYet>
      ) : (
        <Wall cameras={shown} chosen={filters.camera} onChoose={(camera) => setFilters({ camera })} />
      )}
      {all.length > AT_ONCE && (
        <Pagination
          className="!mt-4"
          align="center"
          total={all.length}
          pageSize={AT_ONCE}
          showSizeChanger={false}
          current={from / AT_ONCE + 1}
          onChange={(next) => setFilters({ page: String(next), camera: "" })}
        />
      )}
    </>
  );
}

interface WallProps {
  readonly cameras: readonly Camera[];
  readonly chosen: string;
  readonly onChoose: (cameraId: string) => void;
}

function Wall({ cameras, chosen, onChoose }: WallProps) {
  const words = useWords(liveWords);
  const [filters, setFilters] = useUrlFilters(["boxes"]);
  const boxes = filters.boxes !== "off";
  const { hub, line } = useLiveView(cameras.map((camera) => camera.camera_id));
  const large =
    cameras.find((camera) => camera.camera_id === chosen) ??
    cameras.find((camera) => conditionOf(camera).says === "running") ??
    cameras[0];
  if (!large) return null;
  const others = cameras.filter((camera) => camera !== large);
  return (
    <div
      className={
        others.length > 0
          ? "grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(16rem,1fr)]"
          : ""
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Typography.Text strong className="text-lg">
            {large.name}
          </Typography.Text>
          <LiveLine line={line} />
          <span className="ml-auto flex items-center gap-2">
            <Switch
              checked={boxes}
              aria-label={words.boxes}
              onChange={(on) => setFilters({ boxes: on ? "" : "off" })}
            />
            {words.boxes}
          </span>
        </div>
        <Screen key={large.camera_id} camera={large} hub={hub} boxes={boxes} />
        <Facts camera={large} hub={hub} />
      </div>
      {others.length > 0 && (
        <section aria-label={words.wall}>
          <ul className="m-0 grid list-none grid-cols-2 gap-3 p-0 md:grid-cols-3 xl:grid-cols-1 2xl:grid-cols-2">
            {others.map((camera) => (
              <li key={camera.camera_id}>
                <Tile camera={camera} hub={hub} boxes={boxes} onChoose={onChoose} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Facts({ camera, hub }: { readonly camera: Camera; readonly hub: Hub }) {
  const words = useWords(liveWords);
  const zone = zoneOf(useSites(), camera.site_id);
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <JustRecognized camera={camera} hub={hub} zone={zone} />
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
          <CameraStatus camera={camera} />
          <Typography.Text type="secondary">{camera.site_name}</Typography.Text>
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <StartStop camera={camera} />
          <RecognitionSwitch camera={camera} />
          <Link to={`/cameras/${camera.camera_id}`}>{words.settings}</Link>
        </div>
      </div>
    </div>
  );
}

interface TileProps {
  readonly camera: Camera;
  readonly hub: Hub;
  readonly boxes: boolean;
  readonly onChoose: (cameraId: string) => void;
}

function Tile({ camera, hub, boxes, onChoose }: TileProps) {
  return (
    <button
      type="button"
      className="block w-full cursor-pointer border-0 bg-transparent p-0 text-left text-inherit"
      data-camera={camera.camera_id}
      onClick={() => onChoose(camera.camera_id)}
    >
      <Screen camera={camera} hub={hub} boxes={boxes} small />
      <Typography.Text ellipsis className="!block">
        {camera.name}
      </Typography.Text>
      <Typography.Text ellipsis type="secondary" className="!block text-sm">
        {camera.site_name}
      </Typography.Text>
      <CameraStatus camera={camera} advice={false} />
    </button>
  );
}
