// Keys of machines and programs: what each may, when it was last used; made, rotated and revoked here.

import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Tag, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { Key, MadeKey } from "@/api/schema";
import { useMay } from "@/app/session";
import { Choice } from "@/parts/Choice";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { Once } from "@/parts/Once";
import { PageHead } from "@/parts/PageHead";
import { SearchField } from "@/parts/SearchField";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { KeyActions } from "./KeyActions";
import { NewKeyForm } from "./NewKeyForm";
import { keysWords, scopeWords } from "./words";

export default function KeysPage() {
  const words = useWords(keysWords);
  const shared = useWords(sharedWords);
  const format = useFormat();
  const zone = useChainZone();
  const mayChange = useMay("keys.change");
  const [filters, setFilters] = useUrlFilters(["q", "revoked"]);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeKey>();
  const query = {
    ...given("q", filters.q),
    ...(filters.revoked ? { revoked: filters.revoked === "yes" } : {}),
  };
  const keys = api.useInfiniteQuery("get", "/v1/keys", { params: { query } }, BY_CURSOR);
  const actions = (key: Key) => mayChange && !key.revoked_at && <KeyActions known={key} onMade={setMade} />;
  return (
    <>
      <PageHead title={words.title}>
        <Download
          path="/v1/keys"
          query={{ ...given("q", filters.q), revoked: query.revoked?.toString(), format: "csv" }}
          label={shared.export}
        />
        {mayChange && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(true)}>
            {words.create}
          </Button>
        )}
      </PageHead>
      <div className="mb-4 flex flex-wrap gap-2 max-sm:[&>*]:grow">
        <SearchField value={filters.q} label={shared.search} onSearch={(q) => setFilters({ q })} />
        <Choice
          label={words.state}
          any={shared.anyState}
          value={filters.revoked}
          choices={{ no: words.good, yes: words.revoked }}
          onChange={(revoked) => setFilters({ revoked })}
        />
      </div>
      <Listing<Key>
        pages={keys}
        keyOf={(key) => key.key_id}
        label={words.title}
        empty={filters.q || filters.revoked ? words.none : words.empty}
        columns={[
          { title: words.name, render: (_, key) => <KeyName known={key} /> },
          { title: words.may, render: (_, key) => <Scopes known={key} />, width: 320 },
          { title: words.created, render: (_, key) => format.date(key.created_at, zone) },
          { title: words.expires, render: (_, key) => <Expiry known={key} /> },
          { title: words.used, render: (_, key) => <LastUse known={key} /> },
          { title: words.state, render: (_, key) => <State known={key} /> },
          { key: "do", render: (_, key) => actions(key) },
        ]}
        card={(key) => (
          <Card size="small" title={key.name} extra={<State known={key} />}>
            <Scopes known={key} />
            <div className="my-2">
              <Typography.Text type="secondary">
                {words.used}: <LastUse known={key} />
              </Typography.Text>
            </div>
            {actions(key)}
          </Card>
        )}
      />
      {making && (
        <NewKeyForm
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setMade(key);
          }}
        />
      )}
      {made && (
        <Once
          title={words.secret}
          say={words.secretHelp}
          secret={made.key}
          onClose={() => setMade(undefined)}
        />
      )}
    </>
  );
}

function KeyName({ known }: { readonly known: Key }) {
  return (
    <span className="flex flex-col">
      <Typography.Text strong>{known.name}</Typography.Text>
      <Typography.Text type="secondary" className="font-mono !text-xs">
        {known.prefix.slice(0, 3)}…{known.prefix.slice(-6)}
      </Typography.Text>
    </span>
  );
}

function Scopes({ known }: { readonly known: Key }) {
  const names: Readonly<Record<string, string>> = useWords(scopeWords);
  return (
    <span className="flex max-w-md flex-wrap gap-1">
      {known.scopes.map((scope) => (
        <Tag key={scope} className="!me-0">
          {names[scope] ?? scope}
        </Tag>
      ))}
    </span>
  );
}

function Expiry({ known }: { readonly known: Key }) {
  const words = useWords(keysWords);
  const format = useFormat();
  const zone = useChainZone();
  return <>{known.expires_at ? format.dateTime(known.expires_at, zone) : words.never}</>;
}

function LastUse({ known }: { readonly known: Key }) {
  const words = useWords(keysWords);
  const format = useFormat();
  return <>{known.last_used_at ? format.ago(known.last_used_at, new Date()) : words.unused}</>;
}

function State({ known }: { readonly known: Key }) {
  const words = useWords(keysWords);
  const format = useFormat();
  const zone = useChainZone();
  const now = Date.now();
  if (known.revoked_at) return <Tag>{words.revoked}</Tag>;
  if (known.expires_at && Date.parse(known.expires_at) < now)
    return <Tag color="warning">{words.ranOut}</Tag>;
  const old = known.old_until && Date.parse(known.old_until) > now ? known.old_until : undefined;
  return (
    <span className="flex flex-col items-start gap-1">
      <Tag color="success">{words.good}</Tag>
      {old && (
        <Typography.Text type="secondary">{words.oldUntil(format.dateTime(old, zone))}</Typography.Text>
      )}
    </span>
  );
}
