// What somebody may change about their own login: for every role.

import { App, Card, Descriptions, Segmented } from "antd";
import type { ReactNode } from "react";
import { useMay, useMe } from "@/app/session";
import { LongWord } from "@/parts/LongWord";
import { PageHead } from "@/parts/PageHead";
import { roleWords } from "@/parts/roles";
import { useSites } from "@/parts/SiteSelect";
import { type Language, speak, useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";
import { accountWords } from "./words";

export default function AccountPage() {
  const words = useWords(accountWords);
  const me = useMe();
  const { message } = App.useApp();
  return (
    <>
      <PageHead title={words.title} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Section>
          <Who />
        </Section>
        <Section title={words.sessions.title}>
          <Sessions />
        </Section>
        <Section title={words.password.title}>
          <p className="mt-0">{words.password.help}</p>
          <PasswordForm email={me.email} onChanged={() => void message.success(words.password.saved)} />
        </Section>
        <Section title={words.factor.title}>
          <SecondFactor />
        </Section>
      </div>
    </>
  );
}

function Section({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <Card title={title && <h2 className="m-0 text-base">{title}</h2>}>{children}</Card>
    </section>
  );
}

/** Who one is here, and the language one reads. */
function Who() {
  const words = useWords(accountWords);
  const roles = useWords(roleWords);
  const me = useMe();
  const spoken = useLanguage();
  const held = useMay("sites.see") && me.site_ids !== null;
  return (
    <Descriptions
      column={1}
      items={[
        { key: "email", label: "E-mail", children: <LongWord>{me.email}</LongWord> },
        { key: "role", label: words.role, children: roles[me.role] },
        { key: "chain", label: words.chain, children: me.tenant_name ?? words.platform },
        ...(me.tenant_id
          ? [{ key: "sites", label: words.sites, children: held ? <OwnSites /> : words.allSites }]
          : []),
        {
          key: "language",
          label: words.language,
          children: (
            <Segmented<Language>
              aria-label={words.language}
              value={spoken}
              onChange={speak}
              options={[
                { value: "vi", label: "Tiếng Việt" },
                { value: "en", label: "English" },
              ]}
            />
          ),
        },
      ]}
    />
  );
}

function OwnSites() {
  const sites = useSites();
  return <>{sites.map((site) => site.name).join(", ")}</>;
}
