// What the chain keeps of people and for how long, what was erased, and how the chain leaves.

import { gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { useResource } from "@/api/resource";
import { useMay } from "@/app/session";
import { Kept } from "@/parts/Kept";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { Erasures } from "./Erasures";
import { Leaving } from "./Leaving";
import { Recognition } from "./Recognition";
import { isKeptOtherwise, Retention } from "./Retention";
import { privacyWords } from "./words";

export default function PrivacyPage() {
  const words = useWords(privacyWords);
  const mayErase = useMay("customers.erase");
  const mayLeave = useMay("tenant.leave");
  const tenant = useResource(["get", "/v1/tenant"], () => gateway.GET("/v1/tenant"));
  if (tenant.isPending) return <Loading />;
  if (tenant.error) {
    return <Failed problem={problemOf(tenant.error)} onRetry={() => void tenant.refetch()} />;
  }
  const { value, tag } = tenant.data;
  return (
    <>
      <PageHead title={words.title} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Kept fresh={tenant.data} differ={isKeptOtherwise} onPage>
          {(kept, release) => <Retention tenant={kept.value} tag={kept.tag} onSaved={release} />}
        </Kept>
        <Recognition tenant={value} tag={tag} />
        {mayErase && <Erasures />}
        {mayLeave && <Leaving name={value.name} />}
      </div>
    </>
  );
}
