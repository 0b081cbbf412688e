// A page's title with what can be done there; the title is also the document's.

import { type ReactNode, useEffect } from "react";
import { Title } from "./Text";

export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Regulars`;
  }, [title]);
  return (
    <header className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Title className="m-0">{title}</Title>
      <div className="ml-auto flex flex-wrap items-center justify-end gap-2 print:hidden">{children}</div>
    </header>
  );
}
