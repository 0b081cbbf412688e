// Codes for a lost phone, shown once; nobody goes on without saying that they are put away.

import { Alert, Button, Checkbox } from "antd";
import { useState } from "react";
import { CopyButton } from "@/parts/CopyButton";
import { AskBeforeLeaving } from "@/parts/leaving";
import { useWords } from "@/words/words";
import { accountWords } from "./words";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const words = useWords(accountWords).factor;
  const [kept, setKept] = useState(false);
  return (
    <section aria-label={words.codes}>
      <AskBeforeLeaving holds={(isBack) => isBack || !kept} lost="shownOnce" />
      <Alert type="warning" showIcon title={words.codes} description={words.codesHelp} />
      <ul className="my-4 grid list-none grid-cols-1 gap-x-6 gap-y-1 p-0 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-col items-start gap-3">
        <CopyButton text={codes.join("\n")} />
        <Checkbox checked={kept} onChange={(event) => setKept(event.target.checked)}>
          {words.kept}
        </Checkbox>
        <Button type="primary" size="large" disabled={!kept} onClick={onKept}>
          {words.next}
        </Button>
      </div>
    </section>
  );
}
