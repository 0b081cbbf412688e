// What was made of one saved report; a file's link is asked for when somebody wants it, and noted.

import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Typography } from "antd";
import { useMemo } from "react";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { answered } from "@/api/resource";
import type { ReportIssue, SavedReport } from "@/api/schema";
import { Refusal } from "@/parts/forms";
import { BY_CURSOR } from "@/parts/Listing";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useLanguage } from "@/words/language";
import { useWords } from "@/words/words";
import { labelsIn } from "../labels";
import { savedWords } from "./words";

export function Issues({ saved }: { readonly saved: SavedReport }) {
  const words = useWords(savedWords);
  const shared = useWords(sharedWords);
  const path = { saved_report_id: saved.saved_report_id };
  const issues = api.useInfiniteQuery(
    "get",
    "/v1/saved-reports/{saved_report_id}/issues",
    { params: { path } },
    BY_CURSOR,
  );
  if (issues.isPending) return <Loading />;
  if (issues.error) return <Failed problem={problemOf(issues.error)} onRetry={() => void issues.refetch()} />;
  const found = issues.data.pages.flatMap((page) => page.items);
  return (
    <section aria-label={words.issues} className="mt-3">
      <Typography.Text strong>{words.issues}</Typography.Text>
      {found.length === 0 && <p className="m-0">{words.issuesNone}</p>}
      <ul className="m-0 mt-1 flex list-none flex-col gap-2 p-0">
        {found.map((issue) => (
          <li key={issue.issue_id}>
            <Issue issue={issue} />
          </li>
        ))}
      </ul>
      {issues.hasNextPage && (
        <Button size="small" onClick={() => void issues.fetchNextPage()}>
          {shared.more}
        </Button>
      )}
    </section>
  );
}

function Issue({ issue }: { readonly issue: ReportIssue }) {
  const words = useWords(savedWords);
  const language = useLanguage();
  const labels = useMemo(() => labelsIn(language), [language]);
  const { issue_id, saved_report_id } = issue;
  const fetchFile = useMutation({
    mutationFn: async (format: ReportIssue["formats"][number]) => {
      const path = { issue_id, saved_report_id };
      const call = gateway.GET("/v1/saved-reports/{saved_report_id}/issues/{issue_id}", { params: { path } });
      const { value } = await answered(call);
      const file = value.files.find((one) => one.format === format);
      if (file) openBeside(file.url);
    },
  });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <span>{labels.range(issue)}</span>
        <Typography.Text type="secondary">{issue.scheduled ? words.by.clock : words.by.hand}</Typography.Text>
        {issue.formats.map((format) => (
          <Button
            key={format}
            size="small"
            icon={<DownloadOutlined aria-hidden />}
            loading={fetchFile.isPending && fetchFile.variables === format}
            onClick={() => fetchFile.mutate(format)}
          >
            {words.formatNames[format]}
          </Button>
        ))}
      </div>
      <Refusal failure={fetchFile.error} />
    </>
  );
}

/** In a tab of its own: the browser shows a PDF instead of keeping it. */
function openBeside(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.click();
}
