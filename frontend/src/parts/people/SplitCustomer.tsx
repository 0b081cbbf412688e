// Making two customers of one who is two: by the looks, or by the visits that are somebody else's.

import { Checkbox, Modal, Radio, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { Visit } from "@/api/schema";
import { useDialogClosing } from "@/parts/FormDrawer";
import { Refusal } from "@/parts/forms";
import { Loading } from "@/parts/PageState";
import { useFormat } from "@/words/format";
import { inWords, useWords } from "@/words/words";
import { useCorrected } from "./correcting";
import { VisitFace } from "./VisitListing";

const splitWords = inWords(
  {
    title: "Tách thành hai khách",
    act: "Tách",
    byVisits: "Tôi chọn các lượt của người kia",
    byLooks: "Để hệ thống chia theo khuôn mặt",
    how: "Cách tách",
    help: "Các lượt được chọn sẽ chuyển sang một khách mới.",
    looksHelp: "Các lượt có khuôn mặt khác với hình cũ nhất sẽ chuyển sang một khách mới.",
    visits: "Các lượt của người kia",
  },
  {
    title: "Split into two customers",
    act: "Split",
    byVisits: "I choose the other person's visits",
    byLooks: "Let the looks decide",
    how: "How to split",
    help: "The visits chosen go to a new customer.",
    looksHelp: "Visits whose face differs from the oldest look go to a new customer.",
    visits: "Visits of the other person",
  },
);
const OFFERED = 200;

interface SplitCustomerProps {
  readonly customerId: string;
  /** The visit that made somebody doubt. */
  readonly suggested?: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function SplitCustomer({ customerId, suggested, open, onClose }: SplitCustomerProps) {
  const words = useWords(splitWords);
  const [how, setHow] = useState<"visits" | "looks">("visits");
  const [chosen, setChosen] = useState<readonly string[]>(suggested ? [suggested] : []);
  const corrected = useCorrected();
  const query = { customer_id: customerId, limit: OFFERED };
  const visits = api.useQuery("get", "/v1/visits", { params: { query } }, { enabled: open });
  const split = api.useMutation("post", "/v1/customers/{customer_id}/split", {
    onSuccess: (made) => {
      corrected(made);
      onClose();
    },
  });
  const { close, guard } = useDialogClosing(open && chosen.some((id) => id !== suggested), onClose);
  const byLooks = how === "looks";
  const all = visits.data?.items.length ?? 0;
  return (
    <Modal
      open={open}
      title={words.title}
      okText={words.act}
      okButtonProps={{
        disabled: !byLooks && (chosen.length === 0 || chosen.length >= all),
        loading: split.isPending,
      }}
      onOk={() =>
        split.mutate({
          params: { path: { customer_id: customerId } },
          body: byLooks ? { by_looks: true, visit_ids: [] } : { visit_ids: [...chosen], by_looks: false },
        })
      }
      onCancel={close}
      afterClose={() => {
        split.reset();
        setChosen(suggested ? [suggested] : []);
      }}
      destroyOnHidden
    >
      {guard}
      <Radio.Group
        aria-label={words.how}
        vertical
        value={how}
        onChange={(event) => setHow(event.target.value as typeof how)}
        options={[
          { value: "visits", label: words.byVisits },
          { value: "looks", label: words.byLooks },
        ]}
      />
      <Typography.Paragraph type="secondary" className="!mt-3">
        {byLooks ? words.looksHelp : words.help}
      </Typography.Paragraph>
      {!byLooks &&
        (visits.data ? (
          <VisitChoice visits={visits.data.items} chosen={chosen} onChoose={setChosen} label={words.visits} />
        ) : (
          <Loading />
        ))}
      <Refusal failure={split.error} />
    </Modal>
  );
}

interface VisitChoiceProps {
  readonly visits: readonly Visit[];
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
  readonly label: string;
}

function VisitChoice({ visits, chosen, onChoose, label }: VisitChoiceProps) {
  const format = useFormat();
  return (
    <Checkbox.Group
      aria-label={label}
      className="mb-4 !flex max-h-80 flex-col !flex-nowrap gap-2 overflow-y-auto"
      value={[...chosen]}
      onChange={(ids) => onChoose(ids as string[])}
    >
      {visits.map((visit) => (
        <Checkbox key={visit.visit_id} value={visit.visit_id}>
          <span className="flex items-center gap-3">
            <VisitFace visit={visit} size={48} />
            <span>
              {format.dateTime(visit.started_at, visit.time_zone)}
              <Typography.Text type="secondary" className="!block text-sm">
                {visit.site_name}
              </Typography.Text>
            </span>
          </span>
        </Checkbox>
      ))}
    </Checkbox.Group>
  );
}
