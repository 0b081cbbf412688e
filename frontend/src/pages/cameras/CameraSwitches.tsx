// Start, stop and recognition of one camera; for who may not change it, nothing.

import { CaretRightOutlined, PauseOutlined } from "@ant-design/icons";
import { App, Button, Switch, Typography } from "antd";
import { problemOf } from "@/api/problem";
import type { Camera, CameraChange } from "@/api/schema";
import { useMay } from "@/app/session";
import { useProblemText } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { useCameraChange } from "./change";
import { camerasWords } from "./words";

/** Change one camera at once; a refusal is said in passing. */
function useQuickChange(camera: Camera) {
  const change = useCameraChange();
  const text = useProblemText();
  const { message } = App.useApp();
  const params = { path: { camera_id: camera.camera_id } };
  const told = { onError: (failure: unknown) => void message.error(text(problemOf(failure))) };
  return { change: (body: CameraChange) => change.mutate({ params, body }, told), waiting: change.isPending };
}

export function StartStop({ camera }: { readonly camera: Camera }) {
  const words = useWords(camerasWords);
  const { change, waiting } = useQuickChange(camera);
  const runs = camera.wanted_state === "running";
  if (!useMay("cameras.change")) return null;
  return (
    <Button
      icon={runs ? <PauseOutlined aria-hidden /> : <CaretRightOutlined aria-hidden />}
      aria-label={runs ? words.stopOf(camera.name) : words.startOf(camera.name)}
      loading={waiting}
      onClick={() => change({ wanted_state: runs ? "stopped" : "running" })}
    >
      {runs ? words.stop : words.start}
    </Button>
  );
}

export function RecognitionSwitch({
  camera,
  label = true,
}: {
  readonly camera: Camera;
  readonly label?: boolean;
}) {
  const words = useWords(camerasWords);
  const { change, waiting } = useQuickChange(camera);
  const mayChange = useMay("cameras.change");
  if (!mayChange) {
    return camera.recognition ? null : <Typography.Text>{words.recognitionOff}</Typography.Text>;
  }
  return (
    <span className="flex items-center gap-2">
      <Switch
        checked={camera.recognition}
        loading={waiting}
        aria-label={words.recognitionOf(camera.name)}
        onChange={(recognition) => change({ recognition })}
      />
      {label && words.recognition}
    </span>
  );
}
