// The verdict on each photograph that was just given: kept, or why it is of no use.

import { Spin, Typography } from "antd";
import { useProblemText } from "@/parts/PageState";
import { useWords } from "@/words/words";
import type { JudgedLook } from "./judging";
import { staffWords } from "./words";

const TYPES = { judging: "secondary", good: "success", refused: "danger" } as const;

export function Judged({ looks }: { readonly looks: readonly JudgedLook[] }) {
  const words = useWords(staffWords);
  return (
    <ul aria-label={words.judged} aria-live="polite" className="m-0 mt-4 flex list-none flex-col gap-3 p-0">
      {looks.map((look) => (
        <li key={look.key} className="flex items-center gap-3" data-judged={look.state}>
          <img src={look.url} alt="" width={64} height={64} className="flex-none rounded-lg object-cover" />
          <Verdict look={look} />
        </li>
      ))}
    </ul>
  );
}

function Verdict({ look }: { readonly look: JudgedLook }) {
  const words = useWords(staffWords);
  const text = useProblemText();
  if (look.state === "judging") {
    return (
      <span className="flex items-center gap-2">
        <Spin size="small" /> {words.judging}
      </span>
    );
  }
  const said = look.problem ? `${words.refused}: ${text(look.problem)}` : words.good;
  return <Typography.Text type={TYPES[look.state]}>{said}</Typography.Text>;
}
