// The parts of one act: who, what, to whom, and what else was noted.

import { FilterOutlined } from "@ant-design/icons";
import { Button, Tooltip, Typography } from "antd";
import type { AuditedAct } from "@/api/schema";
import { LongWord } from "@/parts/LongWord";
import { useWords } from "@/words/words";
import { detailIn, detailWords } from "./details";
import { actWords, auditWords, kindWords } from "./words";

interface ActProps {
  readonly act: AuditedAct;
}
interface OnlyProps extends ActProps {
  readonly onOnly: () => void;
  /** Whether the list shows only these already. */
  readonly isOnly: boolean;
}
interface ActorWords {
  readonly goneUser: string;
  readonly goneKey: string;
  readonly system: string;
}

/** Who it was: an account's e-mail, a key's name, or the system itself. */
export function actorName(act: Pick<AuditedAct, "actor" | "actor_name">, words: ActorWords): string {
  if (act.actor_name) return act.actor_name;
  if (act.actor.startsWith("user:")) return words.goneUser;
  return act.actor.startsWith("key:") ? words.goneKey : words.system;
}

export function Actor({ act, onOnly, isOnly }: OnlyProps) {
  const words = useWords(auditWords);
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <LongWord>{actorName(act, words)}</LongWord>
      {!isOnly && <OnlyButton label={words.onlyHim} onClick={onOnly} />}
    </span>
  );
}

export function ActName({ act }: ActProps) {
  const acts: Readonly<Record<string, string>> = useWords(actWords);
  return <Typography.Text strong>{acts[act.action] ?? act.action}</Typography.Text>;
}

export function Subject({ act, onOnly, isOnly }: OnlyProps) {
  const words = useWords(auditWords);
  const kinds: Readonly<Record<string, string>> = useWords(kindWords);
  const isId = /^[0-9a-f]{8}-/.test(act.subject_id);
  return (
    <span className="inline-flex items-center gap-1">
      {kinds[act.subject_kind] ?? act.subject_kind}
      <Tooltip title={isId ? act.subject_id : undefined}>
        <Typography.Text type="secondary" className="font-mono">
          {isId ? `…${act.subject_id.slice(-6).toUpperCase()}` : act.subject_id}
        </Typography.Text>
      </Tooltip>
      {!isOnly && <OnlyButton label={words.onlyIt} onClick={onOnly} />}
    </span>
  );
}

function OnlyButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Tooltip title={label}>
      <Button
        type="text"
        size="small"
        icon={<FilterOutlined aria-hidden />}
        aria-label={label}
        onClick={onClick}
      />
    </Tooltip>
  );
}

/** What else was noted: names of fields, reasons, numbers. */
export function Detail({ act }: ActProps) {
  const told = detailIn(useWords(detailWords), act.detail);
  if (!told) return null;
  return (
    <Typography.Text type="secondary" className="block max-w-md break-words">
      {told}
    </Typography.Text>
  );
}
