// The chain's cameras: what each does, why, and what to do; with an id in the path one of them.

import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Select, Typography } from "antd";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import type { Camera } from "@/api/schema";
import { useMay } from "@/app/session";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { SearchField } from "@/parts/SearchField";
import { SiteSelect } from "@/parts/SiteSelect";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { CameraPage, NewCameraPage } from "./CameraPage";
import { CameraStatus, LostInShort } from "./CameraStatus";
import { RecognitionSwitch, StartStop } from "./CameraSwitches";
import { conditionWords } from "./conditionWords";
import { Following } from "./Following";
import { camerasWords } from "./words";

const STATES = ["running", "starting", "reconnecting", "failed", "stopped"] as const;

export default function CamerasPage() {
  const { cameraId } = useParams();
  if (cameraId === "new") return <NewCameraPage />;
  return cameraId ? <CameraPage key={cameraId} cameraId={cameraId} /> : <CameraList />;
}

function CameraList() {
  const words = useWords(camerasWords);
  const shared = useWords(sharedWords);
  const navigate = useNavigate();
  const mayAdd = useMay("cameras.change");
  const [filters, setFilters] = useUrlFilters(["q", "site", "state"]);
  const state = STATES.find((one) => one === filters.state);
  const query = { ...given("q", filters.q), ...given("site_id", filters.site), ...(state ? { state } : {}) };
  const cameras = api.useInfiniteQuery("get", "/v1/cameras", { params: { query } }, BY_CURSOR);
  const filtered = Object.keys(query).length > 0;
  return (
    <>
      <PageHead title={words.title}>
        <Following />
        <Download path="/v1/cameras" query={{ ...query, format: "csv" }} label={shared.export} />
        {mayAdd && (
          <Button
            type="primary"
            icon={<PlusOutlined aria-hidden />}
            onClick={() => void navigate(filters.site ? `/cameras/new?site=${filters.site}` : "/cameras/new")}
          >
            {words.add}
          </Button>
        )}
      </PageHead>
      <Filters filters={filters} onChange={setFilters} />
      <Listing<Camera>
        pages={cameras}
        keyOf={(camera) => camera.camera_id}
        label={words.title}
        empty={filtered ? words.none : words.empty}
        columns={[
          { title: words.name, render: (_, camera) => <CameraName camera={camera} /> },
          { title: words.state, render: (_, camera) => <Told camera={camera} /> },
          { title: words.type, render: (_, camera) => <TypeAndRole camera={camera} /> },
          {
            title: words.recognition,
            render: (_, camera) => <RecognitionSwitch camera={camera} label={false} />,
          },
          { key: "switch", render: (_, camera) => <StartStop camera={camera} /> },
        ]}
        card={(camera) => (
          <Card size="small" title={<CameraName camera={camera} />} extra={<StartStop camera={camera} />}>
            <div className="flex flex-col gap-3">
              <Told camera={camera} />
              <RecognitionSwitch camera={camera} />
            </div>
          </Card>
        )}
      />
    </>
  );
}

interface FiltersProps {
  readonly filters: Readonly<Record<"q" | "site" | "state", string>>;
  readonly onChange: (changed: Partial<Record<"q" | "site" | "state", string>>) => void;
}

function Filters({ filters, onChange }: FiltersProps) {
  const words = useWords(camerasWords);
  const { states } = useWords(conditionWords);
  const shared = useWords(sharedWords);
  const maySeeSites = useMay("sites.see");
  return (
    <div className="mb-4 flex flex-wrap gap-2 max-sm:[&>*]:grow">
      <SearchField label={shared.search} value={filters.q} onSearch={(q) => onChange({ q })} />
      {maySeeSites && <SiteSelect value={filters.site} onChange={(site) => onChange({ site })} />}
      <Select
        aria-label={words.state}
        className="min-w-40"
        value={filters.state}
        onChange={(state) => onChange({ state })}
        options={[
          { value: "", label: shared.anyState },
          ...STATES.map((state) => ({ value: state as string, label: states[state] })),
        ]}
      />
    </div>
  );
}

function CameraName({ camera }: { readonly camera: Camera }) {
  return (
    <span className="flex flex-col">
      <Link to={`/cameras/${camera.camera_id}`}>{camera.name}</Link>
      <Typography.Text type="secondary" className="!font-normal">
        {camera.site_name}
      </Typography.Text>
    </span>
  );
}

function TypeAndRole({ camera }: { readonly camera: Camera }) {
  const words = useWords(camerasWords);
  return (
    <span className="flex flex-col">
      {words.types[camera.type]}
      <Typography.Text type="secondary">{words.roles[camera.role]}</Typography.Text>
    </span>
  );
}

function Told({ camera }: { readonly camera: Camera }) {
  return (
    <span className="flex max-w-md flex-col gap-1 whitespace-normal">
      <CameraStatus camera={camera} />
      <LostInShort camera={camera} />
    </span>
  );
}
