// Words in the theme's colours, for the pages that are loaded first: Ant Design's Typography also copies, edits and cuts.

import { theme } from "antd";
import type { ReactNode } from "react";

interface TextProps {
  readonly tone?: "plain" | "secondary" | "warning";
  readonly strong?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Text({ tone = "plain", strong = false, className, children }: TextProps) {
  const { token } = theme.useToken();
  const colours = {
    plain: token.colorText,
    secondary: token.colorTextSecondary,
    warning: token.colorWarning,
  };
  return (
    <span className={className} style={{ color: colours[tone], ...(strong ? { fontWeight: 600 } : {}) }}>
      {children}
    </span>
  );
}

/** A page's title. */
export function Title({ className = "", children }: Pick<TextProps, "className" | "children">) {
  const { token } = theme.useToken();
  return (
    <h1
      className={`font-semibold text-2xl leading-snug ${className}`}
      style={{ color: token.colorTextHeading }}
    >
      {children}
    </h1>
  );
}
