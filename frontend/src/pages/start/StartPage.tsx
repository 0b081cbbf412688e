// The first run: chain, site, camera, staff; each step is saved as it is made, and begins where the chain now stands.

import { Steps, Typography } from "antd";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import { useMay } from "@/app/session";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, NotAllowed } from "@/parts/PageState";
import { useUrlFilters } from "@/parts/url";
import { useWords } from "@/words/words";
import { CameraStep } from "./CameraStep";
import { ChainStep } from "./ChainStep";
import { SiteStep } from "./SiteStep";
import { StaffStep } from "./StaffStep";
import { startWords } from "./words";

const STEPS = ["chain", "site", "camera", "staff"] as const;
type Step = (typeof STEPS)[number];
const SECONDARY = { type: "secondary" } as const; // as dark as a waiting step must be to be read

export default function StartPage() {
  const mayChange = useMay("sites.change");
  return mayChange ? <FirstRun /> : <NotAllowed />;
}

function FirstRun() {
  const words = useWords(startWords);
  const [filters, setFilters] = useUrlFilters(["step"]);
  const sites = api.useQuery("get", "/v1/sites", { params: { query: { limit: 200 } } });
  const cameras = api.useQuery("get", "/v1/cameras", { params: { query: { limit: 200 } } });
  const failure = sites.error ?? cameras.error;
  if (failure) {
    const retry = () => void Promise.all([sites.refetch(), cameras.refetch()]);
    return <Failed problem={problemOf(failure)} onRetry={retry} />;
  }
  if (!sites.data || !cameras.data) return <Loading />;
  const open = sites.data.items.filter((site) => site.active);
  const [camera] = cameras.data.items;
  const now: Step = open.length === 0 ? "chain" : camera ? "staff" : "camera";
  const step = STEPS.find((one) => one === filters.step) ?? now;
  const goTo = (next: Step) => setFilters({ step: next });
  const canGo = (one: Step) => one === "chain" || one === "site" || open.length > 0;
  return (
    <div className="mx-auto max-w-6xl">
      <PageHead title={words.title} />
      <Typography.Paragraph type="secondary">{words.intro}</Typography.Paragraph>
      <Steps
        className="!mb-6"
        size="small"
        current={STEPS.indexOf(step)}
        onChange={(place) => goTo(STEPS[place] ?? "chain")}
        items={STEPS.map((one) => ({
          title: <Typography.Text {...(one === step ? {} : SECONDARY)}>{words.steps[one]}</Typography.Text>,
          disabled: !canGo(one),
        }))}
      />
      {step === "chain" && <ChainStep onDone={() => goTo("site")} />}
      {step === "site" && <SiteStep site={open[0]} onDone={() => goTo("camera")} />}
      {step === "camera" && <CameraStep site={open[0]} camera={camera} onDone={() => goTo("staff")} />}
      {step === "staff" && <StaffStep ready={camera !== undefined} />}
    </div>
  );
}
