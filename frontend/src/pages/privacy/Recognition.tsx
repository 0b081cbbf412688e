// Whether the chain recognizes people or only counts them, and what is asked of who may see faces.

import { App, Switch, Typography } from "antd";
import type { Tenant } from "@/api/schema";
import { useMay } from "@/app/session";
import { Refusal } from "@/parts/forms";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { Section } from "./Section";
import { useTenantChange } from "./tenant";
import { privacyWords } from "./words";

export function Recognition({ tenant, tag }: { readonly tenant: Tenant; readonly tag: string }) {
  const words = useWords(privacyWords).recognition;
  const shared = useWords(sharedWords);
  const { modal } = App.useApp();
  const { change, failure, waiting } = useTenantChange(tag);
  const recognize = (recognition: boolean) => {
    if (recognition) return change({ recognition });
    return void modal.confirm({
      title: words.offAsk,
      content: words.offHelp,
      okText: words.off,
      cancelText: shared.cancel,
      onOk: () => change({ recognition }),
    });
  };
  return (
    <Section title={words.title}>
      <Refusal failure={failure} />
      <Choose
        label={words.on}
        help={words.onHelp}
        on={tenant.recognition}
        waiting={waiting}
        onChange={recognize}
      />
      <Choose
        label={words.factor}
        help={words.factorHelp}
        on={tenant.second_factor_required}
        waiting={waiting}
        onChange={(second_factor_required) => change({ second_factor_required })}
      />
    </Section>
  );
}

interface ChooseProps {
  readonly label: string;
  readonly help: string;
  readonly on: boolean;
  readonly waiting: boolean;
  readonly onChange: (on: boolean) => void;
}

function Choose({ label, help, on, waiting, onChange }: ChooseProps) {
  const mayChange = useMay("tenant.change");
  return (
    <div className="mb-4 flex items-start gap-3">
      <Switch aria-label={label} checked={on} loading={waiting} disabled={!mayChange} onChange={onChange} />
      <div>
        <Typography.Text strong>{label}</Typography.Text>
        <Typography.Text type="secondary" className="block">
          {help}
        </Typography.Text>
      </div>
    </div>
  );
}
