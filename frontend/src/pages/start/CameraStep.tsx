// The third step: the camera at the door, seen on a test picture, with its counting line.

import { Typography } from "antd";
import { useState } from "react";
import type { Camera, Site } from "@/api/schema";
import { CameraForm } from "@/pages/cameras/CameraForm";
import { emptyCamera } from "@/pages/cameras/setup";
import { useWords } from "@/words/words";
import { Already } from "./Already";
import { startWords } from "./words";

interface CameraStepProps {
  readonly site: Site | undefined;
  /** One that is there already. */
  readonly camera: Camera | undefined;
  readonly onDone: () => void;
}

export function CameraStep({ site, camera, onDone }: CameraStepProps) {
  const words = useWords(startWords);
  const [more, setMore] = useState(false);
  if (camera && !more) {
    return <Already says={words.cameraDone(camera.name)} onGoOn={onDone} onAnother={() => setMore(true)} />;
  }
  return (
    <>
      <Typography.Paragraph>{words.cameraHelp}</Typography.Paragraph>
      <CameraForm values={emptyCamera(site?.site_id)} onSaved={onDone} />
    </>
  );
}
