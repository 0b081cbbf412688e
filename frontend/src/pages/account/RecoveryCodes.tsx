// Codes for a lost phone, shown once; nobody goes on without saying that they are put away.

import { CopyOutlined } from "@ant-design/icons";
import { Alert, App, Button, Checkbox } from "antd";
import { useState } from "react";
import { useWords } from "@/words/words";
import { accountWords } from "./words";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const words = useWords(accountWords).factor;
  const { message } = App.useApp();
  const [kept, setKept] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    void message.success(words.copied);
  };
  return (
    <section aria-label={words.codes}>
      <Alert type="warning" showIcon title={words.codes} description={words.codesHelp} />
      <ul className="my-4 grid list-none grid-cols-1 gap-x-6 gap-y-1 p-0 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-col items-start gap-3">
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {words.copy}
        </Button>
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
