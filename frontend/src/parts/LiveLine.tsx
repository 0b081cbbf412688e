// Whether what is shown is live: a dot and a word, said aloud when it changes.

import { Badge, Typography } from "antd";
import type { LineState } from "@/api/live";
import { inWords, useWords } from "@/words/words";

const lineWords = inWords(
  {
    connected: "Trực tiếp",
    connecting: "Đang kết nối…",
    stale: "Mất kết nối, đang thử lại. Số liệu có thể đã cũ.",
  },
  {
    connected: "Live",
    connecting: "Connecting…",
    stale: "Connection lost, trying again. Figures may be old.",
  },
);
const COLOURS = { connected: "success", connecting: "default", stale: "warning" } as const;

export function LiveLine({ line }: { readonly line: LineState }) {
  const words = useWords(lineWords);
  return (
    <span role="status" data-line={line}>
      <Badge status={COLOURS[line]} text={<Typography.Text>{words[line]}</Typography.Text>} />
    </span>
  );
}
