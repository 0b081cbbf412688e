// New, returning or undetermined, as one small word in colours that can be read.

import { Tag } from "antd";
import { useDark } from "@/app/theme";
import { inWords, useWords } from "@/words/words";

export const statusWords = inWords(
  { new: "Khách mới", returning: "Khách quen", undetermined: "Chưa rõ" },
  { new: "New", returning: "Returning", undetermined: "Undetermined" },
);
export type VisitStatus = "new" | "returning" | "undetermined";

const LIGHT = {
  new: { color: "#0b5d56", background: "#e0f2ef" },
  returning: { color: "#7a4207", background: "#fdf0dc" },
  undetermined: { color: "#4d565d", background: "#eceeef" },
};
const DARK = {
  new: { color: "#5fd0c2", background: "#16332f" },
  returning: { color: "#f2b765", background: "#3a2b15" },
  undetermined: { color: "#b4bdc3", background: "#2a3035" },
};

export function StatusTag({ status }: { readonly status: VisitStatus }) {
  const words = useWords(statusWords);
  const colours = useDark() ? DARK : LIGHT;
  return (
    <Tag variant="filled" style={colours[status]}>
      {words[status]}
    </Tag>
  );
}
