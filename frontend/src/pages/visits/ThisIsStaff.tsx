// Saying which staff member a visit was; it then counts no more.

import { Modal, Select, Typography } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { Refusal } from "@/parts/forms";
import { useCorrected } from "@/parts/people/correcting";
import { useWords } from "@/words/words";
import { visitsWords } from "./words";

interface ThisIsStaffProps {
  readonly visitId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function ThisIsStaff({ visitId, open, onClose }: ThisIsStaffProps) {
  const words = useWords(visitsWords);
  const navigate = useNavigate();
  const [staffId, setStaffId] = useState<string>();
  const corrected = useCorrected();
  const query = { limit: 200, sort: "name" as const };
  const staff = api.useQuery("get", "/v1/staff", { params: { query } }, { enabled: open });
  const act = api.useMutation("post", "/v1/visits/{visit_id}/this-is-staff", {
    onSuccess: async (made) => {
      onClose();
      await navigate("/visits"); // what was this visit is none any more
      corrected(made);
    },
  });
  const path = { visit_id: visitId };
  return (
    <Modal
      open={open}
      title={words.staffTitle}
      okText={words.this_is_staff}
      okButtonProps={{ disabled: !staffId, loading: act.isPending }}
      onOk={() => staffId && act.mutate({ params: { path }, body: { staff_id: staffId } })}
      onCancel={onClose}
      afterClose={act.reset}
      destroyOnHidden
    >
      <Typography.Paragraph>{words.staffHelp}</Typography.Paragraph>
      <Select
        aria-label={words.staff}
        placeholder={words.staff}
        className="mb-4 w-full"
        loading={staff.isFetching}
        value={staffId ?? null}
        onChange={(chosen: string) => setStaffId(chosen)}
        notFoundContent={words.staffNone}
        showSearch={{ optionFilterProp: "label" }}
        options={(staff.data?.items ?? []).map((one) => ({ value: one.staff_id, label: one.name }))}
      />
      <Refusal failure={act.error} />
    </Modal>
  );
}
