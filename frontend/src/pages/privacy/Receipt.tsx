// The receipt of an erasure: how much was removed, and what was left when it was looked through afterwards.

import { Button, Descriptions, Modal } from "antd";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Erasure } from "@/api/schema";
import { Download } from "@/parts/Download";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import { privacyWords, removedWords } from "./words";

interface ReceiptProps {
  readonly erasureId: string;
  readonly onClose: () => void;
}

export function Receipt({ erasureId, onClose }: ReceiptProps) {
  const words = useWords(privacyWords).erasures;
  const shared = useWords(sharedWords);
  const language = useLanguage();
  const params = { path: { erasure_id: erasureId } };
  const erasure = api.useQuery("get", "/v1/erasures/{erasure_id}", { params });
  return (
    <Modal
      open
      title={words.receipt}
      onCancel={onClose}
      footer={
        <>
          <Download
            path={`/v1/erasures/${erasureId}`}
            query={{ format: "pdf", language }}
            label={words.print}
          />
          <Button type="primary" onClick={onClose}>
            {shared.close}
          </Button>
        </>
      }
    >
      {erasure.isPending && <Loading />}
      {erasure.error && <Failed problem={problemOf(erasure.error)} />}
      {erasure.data && <Told erasure={erasure.data} />}
    </Modal>
  );
}

function Told({ erasure }: { readonly erasure: Erasure }) {
  const words = useWords(privacyWords).erasures;
  const names: Readonly<Record<string, string>> = useWords(removedWords);
  const format = useFormat();
  const zone = useChainZone();
  const removed = Object.entries(erasure.removed).filter(([, count]) => count > 0);
  const items = [
    { label: words.number, said: <span className="break-all font-mono">{erasure.erasure_id}</span> },
    { label: words.asked, said: format.dateTime(erasure.asked_at, zone) },
    {
      label: words.finished,
      said: erasure.finished_at ? format.dateTime(erasure.finished_at, zone) : words.states.in_progress,
    },
    { label: words.how, said: erasure.whole ? words.whole : words.part },
    {
      label: words.removed,
      said: (
        <Lines lines={removed.map(([name, count]) => `${names[name] ?? name}: ${format.number(count)}`)} />
      ),
    },
    {
      label: words.verified,
      said: (
        <Lines
          lines={erasure.verified.map((one) =>
            words.remaining(words.where[one.where], format.number(one.remaining)),
          )}
        />
      ),
    },
  ];
  return (
    <Descriptions
      column={1}
      size="small"
      bordered
      items={items.map(({ label, said }) => ({ key: label, label, children: said }))}
    />
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  const words = useWords(privacyWords).erasures;
  if (lines.length === 0) return <>{words.nothing}</>;
  return (
    <ul className="m-0 list-none p-0">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
