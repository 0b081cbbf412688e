// The receipt of an erasure: what was removed and how that was verified; asked for anew until it is done.

import { Alert, Modal, Typography } from "antd";
import { api } from "@/api/client";
import type { Erasure } from "@/api/schema";
import { Download } from "@/parts/Download";
import { ErasureFacts } from "@/parts/ErasureFacts";
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
      <Typography.Paragraph type="secondary">{words.receiptKeep}</Typography.Paragraph>
      <ErasureFacts erasure={shown} />
    </Modal>
  );
}
