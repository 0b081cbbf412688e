// Around pages that ask before they do something or say that it is done; what that needs is fetched with the first one.

import { App as AntApp } from "antd";
import type { ReactNode } from "react";

export default function Asking({ children }: { readonly children: ReactNode }) {
  return <AntApp component={false}>{children}</AntApp>;
}
