// Saying that another customer is the same person: chosen by search, seen side by side, then made one.

import { Modal, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { Customer } from "@/api/schema";
import { Refusal } from "@/parts/forms";
import { Loading } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { CustomerCard } from "./CustomerCard";
import { CustomerPick } from "./CustomerPick";
import { useCorrected } from "./correcting";
import { peopleWords } from "./words";

interface MergeWithProps {
  readonly customerId: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Told who is left: the older of the two. */
  readonly onMerged?: (keptId: string) => Promise<void>;
}

export function MergeWith({ customerId, open, onClose, onMerged }: MergeWithProps) {
  const words = useWords(peopleWords);
  const [other, setOther] = useState<Customer>();
  const corrected = useCorrected();
  const path = { customer_id: customerId };
  const one = api.useQuery("get", "/v1/customers/{customer_id}", { params: { path } }, { enabled: open });
  const merge = api.useMutation("post", "/v1/customers/{customer_id}/merge", {
    onSuccess: async (made) => {
      onClose();
      await onMerged?.(made.customer_ids[0] ?? customerId);
      corrected(made);
    },
  });
  return (
    <Modal
      open={open}
      title={words.merge.title}
      okText={words.merge.act}
      okButtonProps={{ disabled: !other, loading: merge.isPending }}
      onOk={() => other && merge.mutate({ params: { path }, body: { other_id: other.customer_id } })}
      onCancel={onClose}
      afterClose={merge.reset}
      destroyOnHidden
      width="40rem"
    >
      <Typography.Paragraph>{words.merge.help}</Typography.Paragraph>
      <CustomerPick except={customerId} chosen={other} onChoose={setOther} />
      <div className="my-4 grid grid-cols-2 gap-2 sm:gap-3">
        {one.data ? <CustomerCard customer={one.data} /> : <Loading />}
        {other && <CustomerCard customer={other} />}
      </div>
      <Refusal failure={merge.error} />
    </Modal>
  );
}
