// What must be known before the figures are read: today is not over, some are hidden, cameras were off.

import { Alert } from "antd";
import type { ReportPage } from "@/api/schema";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { isPoorlySeen } from "./cells";
import { reportWords } from "./words";

export function Notes({ page, isOpen }: { readonly page: ReportPage; readonly isOpen: boolean }) {
  const words = useWords(reportWords);
  const format = useFormat();
  const { coverage } = page.now.total;
  const k = page.least_people_shown;
  const then = [
    { when: words.before, seen: page.before },
    ...(page.last_year ? [{ when: words.lastYear, seen: page.last_year }] : []),
  ].flatMap(({ when, seen }) => {
    const share = seen.total.coverage;
    return share !== null && isPoorlySeen(share) && seen.total.visits !== 0
      ? [words.thenUnseen(when, format.percent(share))]
      : [];
  });
  const poor = coverage !== null && isPoorlySeen(coverage);
  return (
    <>
      {isOpen && <Alert type="info" showIcon title={<Said what={words.openTitle} why={words.openHelp} />} />}
      {k !== null && (
        <Alert
          type="info"
          showIcon
          title={<Said what={words.hiddenTitle(format.number(k))} why={words.hiddenHelp} />}
        />
      )}
      {poor && (
        <Alert
          type="warning"
          showIcon
          title={<Said what={words.unseenTitle(format.percent(coverage))} why={words.unseenHelp} />}
        />
      )}
      {then.map((said) => (
        <Alert key={said} type="warning" showIcon title={said} />
      ))}
    </>
  );
}

function Said({ what, why }: { readonly what: string; readonly why: string }) {
  return (
    <>
      <strong>{what}.</strong> {why}
    </>
  );
}
