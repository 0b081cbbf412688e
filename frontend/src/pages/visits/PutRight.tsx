// What can be put right about a visit; each act says what it does before, and can be undone after.

import { App, Button, Card, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { VisitDetail } from "@/api/schema";
import { useProblemText } from "@/parts/PageState";
import { CorrectionList } from "@/parts/people/CorrectionList";
import { useCorrected } from "@/parts/people/correcting";
import { MergeWith } from "@/parts/people/MergeWith";
import { useNameOf } from "@/parts/people/naming";
import { SplitCustomer } from "@/parts/people/SplitCustomer";
import { useWords } from "@/words/words";
import { ThisIsStaff } from "./ThisIsStaff";
import { visitsWords } from "./words";

type Open = "split" | "merge" | "this_is_staff" | undefined;

export function PutRight({ visit }: { readonly visit: VisitDetail }) {
  const words = useWords(visitsWords);
  const [open, setOpen] = useState<Open>();
  const takeAway = useNotThisPerson(visit);
  const close = () => setOpen(undefined);
  const customerId = visit.customer?.customer_id;
  return (
    <Card title={<h2 className="m-0 text-lg">{words.putRight}</h2>}>
      <Typography.Paragraph type="secondary">
        {visit.can.length > 0 ? words.putRightHelp : words.nothingToCorrect}
      </Typography.Paragraph>
      <div className="flex flex-wrap gap-2">
        {visit.can.map((act) => (
          <Button key={act} onClick={() => (act === "not_this_person" ? takeAway() : setOpen(act))}>
            {words[act]}
          </Button>
        ))}
      </div>
      <div className="mt-4">
        <CorrectionList corrections={visit.corrections} zone={visit.time_zone} />
      </div>
      {customerId && (
        <>
          <SplitCustomer
            customerId={customerId}
            suggested={visit.visit_id}
            open={open === "split"}
            onClose={close}
          />
          <MergeWith customerId={customerId} open={open === "merge"} onClose={close} />
        </>
      )}
      <ThisIsStaff visitId={visit.visit_id} open={open === "this_is_staff"} onClose={close} />
    </Card>
  );
}

function useNotThisPerson(visit: VisitDetail): () => void {
  const words = useWords(visitsWords);
  const nameOf = useNameOf();
  const text = useProblemText();
  const { modal, message } = App.useApp();
  const corrected = useCorrected();
  const act = api.useMutation("post", "/v1/visits/{visit_id}/not-this-person", {
    onSuccess: corrected,
    onError: (failure) => void message.error(text(problemOf(failure))),
  });
  return () =>
    void modal.confirm({
      title: words.notThisTitle(nameOf(visit.customer)),
      content: words.notThisHelp,
      okText: words.not_this_person,
      onOk: () => act.mutateAsync({ params: { path: { visit_id: visit.visit_id } } }).catch(() => undefined),
    });
}
