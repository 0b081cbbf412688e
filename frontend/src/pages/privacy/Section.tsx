// One part of the page, with its heading.

import { Card } from "antd";
import type { ReactNode } from "react";

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <Card title={<h2 className="m-0 text-base">{title}</h2>}>{children}</Card>
    </section>
  );
}
