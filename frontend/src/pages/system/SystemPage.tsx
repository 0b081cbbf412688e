// The platform for its operator: which parts answer, what cameras and workers do, what could not be used.

import { useMay } from "@/app/session";
import { PageHead } from "@/parts/PageHead";
import { useWords } from "@/words/words";
import { Health } from "./Health";
import { RunningCameras } from "./RunningCameras";
import { SetAside } from "./SetAside";
import { systemWords } from "./words";

export default function SystemPage() {
  const words = useWords(systemWords);
  const seesCameras = useMay("cameras.see");
  const seesAside = useMay("set_aside.see");
  return (
    <>
      <PageHead title={words.title} />
      <div className="flex flex-col gap-6">
        <Health />
        {seesCameras && <RunningCameras />}
        {seesAside && <SetAside />}
      </div>
    </>
  );
}
