// The four states of every list and page that are not its content: loading, empty, failed, not allowed.

import { Button, Empty, Result, Skeleton } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Problem } from "@/api/problem";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { faultWords, problemIn } from "./faults";
import { reasonWords } from "./reasons";
import { sharedWords } from "./words";

/** While the first answer is on its way. */
export function Loading() {
  const words = useWords(sharedWords);
  return (
    <div role="status" aria-label={words.loading} className="p-4">
      <Skeleton active paragraph={{ rows: 5 }} />
    </div>
  );
}

/** The sentence for a problem in the language now spoken; what the gateway says itself where there is none. */
export function useProblemText(): (problem: Problem) => string {
  const { problems: codes } = useWords(sharedWords);
  const [reasons, faults] = [useWords(reasonWords), useWords(faultWords)];
  const { number } = useFormat();
  return (problem) => problemIn(problem, { reasons, faults, codes }, number);
}

/** When an answer failed: what happened, and a way on. */
export function Failed({ problem, onRetry }: { readonly problem: Problem; readonly onRetry?: () => void }) {
  const words = useWords(sharedWords);
  const text = useProblemText();
  if (problem.status === 403) return <NotAllowed />;
  // What was asked for stands in the address: asking for the same again would not help.
  const nowhere = problem.status === 404 || (problem.code === "invalid_request" && !problem.reason);
  return (
    <Result
      status={nowhere ? "404" : "warning"}
      title={text(nowhere ? { ...problem, code: "not_found" } : problem)}
      subTitle={problem.request_id ? words.requestId(problem.request_id) : undefined}
      extra={
        nowhere ? (
          <Link to="/">{words.toFirst}</Link>
        ) : (
          onRetry && <Button onClick={onRetry}>{words.retry}</Button>
        )
      }
    />
  );
}

/** For a role that may not see this. */
export function NotAllowed() {
  const words = useWords(sharedWords);
  return (
    <Result
      status="403"
      title={words.noPermission}
      subTitle={words.noPermissionHelp}
      extra={<Link to="/">{words.toFirst}</Link>}
    />
  );
}

/** For a list with nothing in it: says why, and what fills it. */
export function NothingYet({ say, children }: { readonly say: string; readonly children?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say}>
      {children}
    </Empty>
  );
}
