// How far off figures were when they were measured with the models in use.

import { Typography } from "antd";
import type { ReportPage } from "@/api/schema";
import { useFormat } from "@/words/format";
import { inWords, useWords } from "@/words/words";
import { reportWords } from "./words";

const offByWords = inWords(
  {
    told: (figures: string) =>
      `Sai số đo được với mô hình đang dùng: ${figures}. Báo cáo không tự sửa theo đó.`,
  },
  {
    told: (figures: string) =>
      `Measured with the models in use, figures were off by: ${figures}. The report does not correct by it.`,
  },
);

export function OffBy({ page }: { readonly page: ReportPage }) {
  const words = useWords(offByWords);
  const names: Readonly<Record<string, string>> = useWords(reportWords).figures;
  const format = useFormat();
  const told = Object.entries(page.off_by).map(
    ([name, share]) => `${names[name] ?? name} ${format.percent(share)}`,
  );
  if (told.length === 0) return null;
  return <Typography.Text type="secondary">{words.told(told.join(", "))}</Typography.Text>;
}
