// What was put right about somebody, each with its way back.

import { Button, Typography } from "antd";
import { useState } from "react";
import type { Correction } from "@/api/schema";
import { useMay } from "@/app/session";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { useUndo } from "./correcting";
import { peopleWords } from "./words";

interface CorrectionListProps {
  readonly corrections: readonly Correction[];
  /** The site's zone, in which the times are told. */
  readonly zone: string;
}

export function CorrectionList({ corrections, zone }: CorrectionListProps) {
  const words = useWords(peopleWords);
  if (corrections.length === 0) {
    return <Typography.Text type="secondary">{words.correctionsNone}</Typography.Text>;
  }
  return (
    <ul aria-label={words.correctionsLabel} className="m-0 flex list-none flex-col gap-2 p-0">
      {corrections.map((one) => (
        <CorrectionRow key={one.correction_id} correction={one} zone={zone} />
      ))}
    </ul>
  );
}

function CorrectionRow({ correction, zone }: { readonly correction: Correction; readonly zone: string }) {
  const words = useWords(peopleWords);
  const format = useFormat();
  const mayCorrect = useMay("customers.correct");
  const undo = useUndo();
  const [waiting, setWaiting] = useState(false);
  const undone = correction.undone_at !== null;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="min-w-0 flex-1">
        <Typography.Text delete={undone}>{words.corrections[correction.kind]}</Typography.Text>
        <Typography.Text type="secondary" className="!block text-sm">
          {format.dateTime(correction.at, zone)}
        </Typography.Text>
      </span>
      {undone ? (
        <Typography.Text type="secondary">{words.undone}</Typography.Text>
      ) : (
        mayCorrect && (
          <Button
            size="small"
            loading={waiting}
            onClick={() => {
              setWaiting(true);
              void undo(correction.correction_id).finally(() => setWaiting(false));
            }}
          >
            {words.undo}
          </Button>
        )
      )}
    </li>
  );
}
