// A quiet frame around what belongs together, with a heading and what is to do there. Ant Design's card brings tabs
// along, which the first page does not need.

import { theme } from "antd";
import type { ReactNode } from "react";

interface PanelProps {
  readonly title?: string;
  readonly extra?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Panel({ title, extra, className, children }: PanelProps) {
  const { token } = theme.useToken();
  return (
    <section
      aria-label={title}
      className={className}
      style={{
        background: token.colorBgContainer,
        borderRadius: token.borderRadiusLG,
        color: token.colorText,
      }}
    >
      {title && (
        <header
          className="flex flex-wrap items-center gap-2 px-5 py-3"
          style={{ borderBottom: `1px solid ${token.colorBorderSecondary}` }}
        >
          <h2 className="m-0 text-lg">{title}</h2>
          <div className="ml-auto">{extra}</div>
        </header>
      )}
      <div className="p-5">{children}</div>
    </section>
  );
}
