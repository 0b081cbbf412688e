// The receipt of an erasure: what was removed and how that was verified; asked for anew until it is done.

import { Alert, Descriptions, Modal, Typography } from "antd";
import { api } from "@/api/client";
import type { Erasure } from "@/api/schema";
import { Download } from "@/parts/Download";
import { useFormat } from "@/words/format";
import { useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import { rightsWords } from "./rights";

const ASK_AGAIN_MS = 3_000;

export function Receipt({ erasure, onClose }: { readonly erasure: Erasure; readonly onClose: () => void }) {
  const words = useWords(rightsWords);
  const language = useLanguage();
  const path = { erasure_id: erasure.erasure_id };
  const latest = api.useQuery(
    "get",
    "/v1/erasures/{erasure_id}",
    { params: { path } },
    {
      initialData: erasure,
      staleTime: ASK_AGAIN_MS,
      refetchInterval: ({ state }) => (state.data?.state === "done" ? false : ASK_AGAIN_MS),
    },
  );
  const shown = latest.data ?? erasure;
  return (
    <Modal
      open
      title={words.receipt}
      okText={words.close}
      onOk={onClose}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={(_, { OkBtn }) => (
        <>
          <Download
            path={`/v1/erasures/${erasure.erasure_id}`}
            query={{ format: "pdf", language }}
            label={words.receiptFile}
          />
          <OkBtn />
        </>
      )}
    >
      <Alert
        role="status"
        type={shown.state === "done" ? "success" : "info"}
        showIcon
        className="!mb-4"
        title={shown.state === "done" ? words.receiptDone : words.receiptWait}
      />
      <Typography.Paragraph>
        <Typography.Text type="secondary">{words.receiptId}: </Typography.Text>
        <Typography.Text code copyable>
          {shown.erasure_id}
        </Typography.Text>
      </Typography.Paragraph>
      <Typography.Paragraph type="secondary">{words.receiptKeep}</Typography.Paragraph>
      <Figures erasure={shown} />
    </Modal>
  );
}

function Figures({ erasure }: { readonly erasure: Erasure }) {
  const words = useWords(rightsWords);
  const format = useFormat();
  const named: Readonly<Record<string, string>> = words.removedOf;
  const removed = Object.entries(erasure.removed).filter(([, count]) => count > 0);
  return (
    <Descriptions
      column={1}
      size="small"
      bordered
      items={[
        {
          key: "extent",
          label: words.wholeNetwork,
          children: erasure.whole ? words.whole : words.ownPart,
        },
        {
          key: "removed",
          label: words.removed,
          children: removed.map(([kind, count]) => (
            <div key={kind}>
              {named[kind] ?? kind}: {format.number(count)}
            </div>
          )),
        },
        {
          key: "verified",
          label: words.verified,
          children: erasure.verified.map((one) => (
            <div key={one.where}>
              {words.verifiedOf[one.where]}: {words.remaining(format.number(one.remaining))}
            </div>
          )),
        },
      ]}
    />
  );
}
