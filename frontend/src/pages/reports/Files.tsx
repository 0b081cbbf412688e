// The report as pages with charts, as a workbook, and its tables as CSV.

import { Card, Typography } from "antd";
import { Download } from "@/parts/Download";
import { useFormat } from "@/words/format";
import { useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import type { ReportQuery } from "./ranges";
import { reportWords } from "./words";

const TABLES = ["series", "sites", "heat_map", "cohorts", "recency"] as const;

export function Files({ query, k }: { readonly query: ReportQuery; readonly k: number | null }) {
  const words = useWords(reportWords);
  const format = useFormat();
  const language = useLanguage();
  return (
    <Card className="print:!hidden">
      <h2 className="mt-0 text-lg">{words.files}</h2>
      <div className="flex flex-wrap gap-2">
        <Download path="/v1/reports" query={{ ...query, format: "pdf", language }} label={words.pdf} />
        <Download path="/v1/reports" query={{ ...query, format: "xlsx", language }} label={words.xlsx} />
      </div>
      <h3 className="mt-4 mb-2 font-semibold text-base">{words.csv}</h3>
      <div className="flex flex-wrap gap-2">
        {TABLES.map((table) => (
          <Download
            key={table}
            path="/v1/reports"
            query={{ ...query, format: "csv", table }}
            label={words.tables[table]}
          />
        ))}
      </div>
      <Typography.Text type="secondary" className="!mt-2 !block text-sm">
        {k === null ? words.hiddenFilesUsual : words.hiddenFiles(format.number(k))}
      </Typography.Text>
    </Card>
  );
}
