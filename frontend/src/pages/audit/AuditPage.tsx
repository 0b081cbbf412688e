// Who did what to whom, and who looked at which face and why; nobody can change it.

import { Card, Select, Tag, Typography } from "antd";
import { api } from "@/api/client";
import type { AuditedAct } from "@/api/schema";
import { Choice } from "@/parts/Choice";
import { DayRange } from "@/parts/DayRange";
import { Download } from "@/parts/Download";
import { between } from "@/parts/days";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { ActName, Actor, actorName, Detail, Subject } from "./Act";
import { actWords, auditWords, kindWords } from "./words";

const FILTERS = ["from", "to", "action", "actor", "subject_kind", "subject_id"] as const;

export default function AuditPage() {
  const words = useWords(auditWords);
  const shared = useWords(sharedWords);
  const kinds = useWords(kindWords);
  const format = useFormat();
  const zone = useChainZone();
  const [filters, setFilters] = useUrlFilters(FILTERS);
  const query = {
    ...between(filters.from, filters.to, zone),
    ...given("action", filters.action),
    ...given("actor", filters.actor),
    ...given("subject_kind", filters.subject_kind),
    ...given("subject_id", filters.subject_id),
  };
  const acts = api.useInfiniteQuery("get", "/v1/audit", { params: { query } }, BY_CURSOR);
  const first = acts.data?.pages[0]?.items[0];
  const when = (act: AuditedAct) => format.dateTime(act.at, zone);
  const actor = (act: AuditedAct) => (
    <Actor act={act} onOnly={() => setFilters({ actor: act.actor })} isOnly={filters.actor !== ""} />
  );
  const subject = (act: AuditedAct) => (
    <Subject
      act={act}
      onOnly={() => setFilters({ subject_kind: act.subject_kind, subject_id: act.subject_id })}
      isOnly={filters.subject_id !== ""}
    />
  );
  return (
    <>
      <PageHead title={words.title}>
        <Download path="/v1/audit" query={{ ...query, format: "csv" }} label={shared.export} />
      </PageHead>
      <div className="mb-4 flex flex-wrap items-center gap-2 max-sm:[&>*]:grow">
        <DayRange from={filters.from} to={filters.to} onChange={setFilters} />
        <ActChoice value={filters.action} onChange={(action) => setFilters({ action })} />
        <Choice
          label={words.whom}
          any={words.anyKind}
          value={filters.subject_kind}
          choices={kinds}
          onChange={(subject_kind) => setFilters({ subject_kind, subject_id: "" })}
        />
        {filters.actor && (
          <Tag closable onClose={() => setFilters({ actor: "" })}>
            {words.only(first ? actorName(first, words) : filters.actor)}
          </Tag>
        )}
        {filters.subject_id && (
          <Tag closable onClose={() => setFilters({ subject_id: "" })}>
            {words.only(`…${filters.subject_id.slice(-6).toUpperCase()}`)}
          </Tag>
        )}
      </div>
      <Listing<AuditedAct>
        pages={acts}
        keyOf={(act) => act.audit_id}
        label={words.title}
        empty={Object.values(filters).some(Boolean) ? words.none : words.empty}
        columns={[
          { title: words.at, render: (_, act) => when(act) },
          { title: words.who, render: (_, act) => actor(act) },
          { title: words.what, render: (_, act) => <ActName act={act} /> },
          { title: words.whom, render: (_, act) => subject(act) },
          { title: words.detail, render: (_, act) => <Detail act={act} /> },
        ]}
        card={(act) => (
          <Card size="small">
            <div className="flex flex-col items-start gap-1">
              <ActName act={act} />
              {actor(act)}
              {subject(act)}
              <Typography.Text type="secondary">{when(act)}</Typography.Text>
              <Detail act={act} />
            </div>
          </Card>
        )}
      />
    </>
  );
}

interface ActChoiceProps {
  readonly value: string;
  readonly onChange: (action: string) => void;
}

/** So many acts are known that one searches among them. */
function ActChoice({ value, onChange }: ActChoiceProps) {
  const words = useWords(auditWords);
  const acts = useWords(actWords);
  const known = Object.entries(acts).map(([act, label]) => ({ value: act, label }));
  return (
    <Select
      aria-label={words.what}
      className="w-64 max-w-full"
      showSearch={{ optionFilterProp: "label" }}
      value={value}
      onChange={onChange}
      options={[
        { value: "", label: words.anyAct },
        ...known.toSorted((one, other) => one.label.localeCompare(other.label)),
      ]}
    />
  );
}
