// The receipt of an erasure: how much was removed, and what was left when it was looked through afterwards.

import { Button, Modal } from "antd";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import { Download } from "@/parts/Download";
import { ErasureFacts } from "@/parts/ErasureFacts";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import { privacyWords } from "./words";

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
      {erasure.data && <ErasureFacts erasure={erasure.data} />}
    </Modal>
  );
}
