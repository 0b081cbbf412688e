// One camera: what it does and why, why it lost faces today, and, for who may, its settings; or a new one to be added.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Typography } from "antd";
import { Link, useNavigate, useSearchParams } from "react-router";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch, type Tagged, useResource } from "@/api/resource";
import type { Camera } from "@/api/schema";
import { useMay } from "@/app/session";
import { Kept } from "@/parts/Kept";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, NotAllowed, NothingYet, useProblemText } from "@/parts/PageState";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { CameraForm, zoneOf } from "./CameraForm";
import { CameraStatus, LostToday } from "./CameraStatus";
import { RecognitionSwitch, StartStop } from "./CameraSwitches";
import { camerasChanged } from "./change";
import { Following } from "./Following";
import { emptyCamera, isSetUpAnew, valuesOf } from "./setup";
import { camerasWords } from "./words";

export function NewCameraPage() {
  const words = useWords(camerasWords);
  const navigate = useNavigate();
  const [asked] = useSearchParams();
  const sites = api.useQuery("get", "/v1/sites", { params: { query: { limit: 200 } } });
  if (!useMay("cameras.change")) return <NotAllowed />;
  if (sites.isPending) return <Loading />;
  if (sites.error) return <Failed problem={problemOf(sites.error)} onRetry={() => void sites.refetch()} />;
  const open = sites.data.items.filter((site) => site.active);
  const chosen =
    open.find((site) => site.site_id === asked.get("site")) ?? (open.length === 1 ? open[0] : undefined);
  return (
    <>
      <PageHead title={words.add} />
      {open.length === 0 ? (
        <NothingYet say={words.noSite}>
          <Link to="/sites/new">
            <Button type="primary">{words.addSite}</Button>
          </Link>
        </NothingYet>
      ) : (
        <CameraForm
          values={emptyCamera(chosen?.site_id)}
          onSaved={(camera) => void navigate(`/cameras/${camera.camera_id}`)}
        />
      )}
    </>
  );
}

export function CameraPage({ cameraId }: { readonly cameraId: string }) {
  const camera = useResource(["get", "/v1/cameras/{camera_id}", cameraId], () =>
    gateway.GET("/v1/cameras/{camera_id}", { params: { path: { camera_id: cameraId } } }),
  );
  if (camera.isPending) return <Loading />;
  if (camera.error) return <Failed problem={problemOf(camera.error)} onRetry={() => void camera.refetch()} />;
  return <Shown {...camera.data} />;
}

function Shown({ value: camera, tag }: Tagged<Camera>) {
  const words = useWords(camerasWords);
  const format = useFormat();
  const mayChange = useMay("cameras.change");
  const mayWatch = useMay("cameras.watch");
  return (
    <>
      <PageHead title={camera.name}>
        <Following />
        {mayWatch && (
          <Link to={`/live?camera=${camera.camera_id}`}>
            <Button>{words.watch}</Button>
          </Link>
        )}
        <StartStop camera={camera} />
      </PageHead>
      <Card className="!mb-4">
        <div className="grid gap-6 md:grid-cols-2">
          <div className="flex flex-col gap-2">
            <CameraStatus camera={camera} />
            <Typography.Text type="secondary">
              {[
                camera.site_name,
                words.types[camera.type],
                ...(camera.worker ? [words.worker(camera.worker)] : []),
                ...(camera.state_at ? [words.since(format.ago(camera.state_at, new Date()))] : []),
              ].join(" · ")}
            </Typography.Text>
            {!mayChange && <RecognitionSwitch camera={camera} />}
          </div>
          <LostToday camera={camera} />
        </div>
      </Card>
      {mayChange && <Settings fresh={{ value: camera, tag }} />}
    </>
  );
}

function Settings({ fresh }: { readonly fresh: Tagged<Camera> }) {
  const sites = api.useQuery(
    "get",
    "/v1/sites",
    { params: { query: { limit: 200 } } },
    { staleTime: 300_000 },
  );
  if (sites.isPending) return <Loading />;
  const zone = zoneOf(sites.data?.items ?? [], fresh.value.site_id);
  return (
    <>
      <Kept fresh={fresh} differ={isSetUpAnew}>
        {({ value: camera, tag }, release) => (
          <CameraForm values={valuesOf(camera, zone)} saved={{ camera, tag }} onSaved={release} />
        )}
      </Kept>
      <Deletion camera={fresh.value} tag={fresh.tag} />
    </>
  );
}

function Deletion({ camera, tag }: { readonly camera: Camera; readonly tag: string }) {
  const words = useWords(camerasWords);
  const text = useProblemText();
  const { modal, message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = api.useMutation("delete", "/v1/cameras/{camera_id}", {
    onSuccess: async () => {
      message.success(words.deleted);
      await navigate("/cameras");
      await camerasChanged(queries);
    },
    onError: (failure) => void message.error(text(problemOf(failure))),
  });
  const params = { path: { camera_id: camera.camera_id }, header: ifMatch(tag) };
  const ask = () =>
    modal.confirm({
      title: words.deleteAsk(camera.name),
      content: words.deleteLost,
      okText: words.delete,
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync({ params }).catch(() => undefined),
    });
  return (
    <Button danger type="text" className="mt-6" onClick={ask}>
      {words.delete}
    </Button>
  );
}
