// A file of the gateway as a button: the login is looked after first, since a browser that fetches a file renews none.

import { DownloadOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { answered } from "@/api/resource";
import { useProblemText } from "./PageState";

interface DownloadProps {
  readonly path: string;
  /** Filters of the list that it is of; empty ones are left out. */
  readonly query?: FileQuery;
  readonly label: string;
  readonly size?: "small" | "middle";
}
/** A list stands for the same name several times. */
type FileQuery = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

export function Download({ path, query = {}, label, size = "middle" }: DownloadProps) {
  const [waiting, setWaiting] = useState(false);
  const text = useProblemText();
  const { message } = App.useApp();
  const fetchFile = async () => {
    setWaiting(true);
    try {
      await answered(gateway.GET("/v1/auth/me"));
    } catch (failure) {
      void message.error(text(problemOf(failure)));
      return;
    } finally {
      setWaiting(false);
    }
    const link = document.createElement("a");
    link.href = fileAddress(path, query);
    link.download = "";
    link.click();
  };
  return (
    <Button
      size={size}
      icon={<DownloadOutlined aria-hidden />}
      loading={waiting}
      onClick={() => void fetchFile()}
    >
      {label}
    </Button>
  );
}

function fileAddress(path: string, query: FileQuery): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value ?? ""])
      if (one !== "") given.append(name, String(one));
  }
  return given.size > 0 ? `${path}?${given}` : path;
}
