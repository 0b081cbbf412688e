// Whether what is shown is live: a dot and a word, said aloud when it changes.

import { theme } from "antd";
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

export function LiveLine({ line }: { readonly line: LineState }) {
  const words = useWords(lineWords);
  const { token } = theme.useToken();
  const colours = {
    connected: token.colorSuccess,
    connecting: token.colorTextTertiary,
    stale: token.colorWarning,
  };
  return (
    <span
      role="status"
      data-line={line}
      className="inline-flex items-center gap-2"
      style={{ color: token.colorText }}
    >
      <span className="h-2 w-2 flex-none rounded-full" style={{ background: colours[line] }} />
      {words[line]}
    </span>
  );
}
