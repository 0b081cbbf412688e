// What is shown where a page failed to draw, instead of nothing.

import { Button, Result } from "antd";
import { Link } from "react-router";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { menuWords } from "./words";

export function Broken() {
  const words = useWords(menuWords);
  return (
    <Result
      status="warning"
      title={words.broken}
      extra={<Button onClick={() => location.reload()}>{words.reload}</Button>}
    />
  );
}

export function NoPage() {
  const words = useWords(menuWords);
  const { toFirst } = useWords(sharedWords);
  return <Result status="404" title={words.noPage} extra={<Link to="/">{toFirst}</Link>} />;
}
