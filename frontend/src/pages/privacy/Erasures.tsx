// Who asked to be forgotten, without saying who it was: the list, and the receipt of each.

import { Button, Card, Tag } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { ErasureEntry } from "@/api/schema";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { Receipt } from "./Receipt";
import { Section } from "./Section";
import { privacyWords } from "./words";

export function Erasures() {
  const words = useWords(privacyWords).erasures;
  const shared = useWords(sharedWords);
  const format = useFormat();
  const zone = useChainZone();
  const [shown, setShown] = useState<string>();
  const erasures = api.useInfiniteQuery("get", "/v1/erasures", {}, BY_CURSOR);
  const asked = (one: ErasureEntry) => format.dateTime(one.asked_at, zone);
  const receipt = (one: ErasureEntry) => (
    <Button size="small" onClick={() => setShown(one.erasure_id)}>
      {words.receipt}
    </Button>
  );
  return (
    <Section title={words.title}>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <p className="m-0 min-w-0 flex-1 basis-60">{words.help}</p>
        <Download path="/v1/erasures" query={{ format: "csv" }} label={shared.export} />
      </div>
      <Listing<ErasureEntry>
        pages={erasures}
        keyOf={(one) => one.erasure_id}
        label={words.title}
        empty={words.empty}
        columns={[
          { title: words.asked, render: (_, one) => asked(one) },
          { title: words.how, render: (_, one) => (one.whole ? words.whole : words.part) },
          { title: words.state, render: (_, one) => <State erasure={one} /> },
          { key: "receipt", render: (_, one) => receipt(one) },
        ]}
        card={(one) => (
          <Card size="small" title={asked(one)} extra={<State erasure={one} />}>
            {receipt(one)}
          </Card>
        )}
      />
      {shown && <Receipt erasureId={shown} onClose={() => setShown(undefined)} />}
    </Section>
  );
}

function State({ erasure }: { readonly erasure: ErasureEntry }) {
  const words = useWords(privacyWords).erasures;
  return <Tag color={erasure.state === "done" ? "success" : "warning"}>{words.states[erasure.state]}</Tag>;
}
