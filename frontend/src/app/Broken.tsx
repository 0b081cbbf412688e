// What is shown where a page failed to draw, instead of nothing.

import { Button, Result } from "antd";
import { useCallback, useEffect, useState } from "react";
import { Link } from "react-router";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { menuWords } from "./words";

export function Broken() {
  const words = useWords(menuWords);
  const { problems, retry } = useWords(sharedWords);
  const [away, setAway] = useState(false);
  const look = useCallback(async (onAnswer?: () => void) => {
    const answers = await serverAnswers();
    setAway(!answers);
    if (answers) onAnswer?.();
  }, []);
  useEffect(() => void look(), [look]);
  return (
    <Result
      status="warning"
      title={away ? problems.unreachable : words.broken}
      extra={
        <Button onClick={() => void look(() => location.reload())}>{away ? retry : words.reload}</Button>
      }
    />
  );
}

/** Where it does not, a page whose code was still to be fetched fails, and loading anew would lose the portal. */
function serverAnswers(): Promise<boolean> {
  return fetch("/healthz", { cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

export function NoPage() {
  const words = useWords(menuWords);
  const { toFirst } = useWords(sharedWords);
  return <Result status="404" title={words.noPage} extra={<Link to="/">{toFirst}</Link>} />;
}
