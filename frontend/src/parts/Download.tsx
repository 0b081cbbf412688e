// A file of the gateway as a button: the login is looked after first, since a browser that fetches a file renews none.

import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { gateway } from "@/api/client";

interface DownloadProps {
  readonly path: string;
  /** Filters of the list that it is of; empty ones are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly label: string;
}

export function Download({ path, query = {}, label }: DownloadProps) {
  const [waiting, setWaiting] = useState(false);
  const fetchFile = async () => {
    setWaiting(true);
    await gateway.GET("/v1/auth/me").finally(() => setWaiting(false));
    const link = document.createElement("a");
    link.href = fileAddress(path, query);
    link.download = "";
    link.click();
  };
  return (
    <Button icon={<DownloadOutlined />} loading={waiting} onClick={() => void fetchFile()}>
      {label}
    </Button>
  );
}

function fileAddress(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((one): one is [string, string] => Boolean(one[1]));
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}
