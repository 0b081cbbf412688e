// The frame of every page before the login: one card, the mark above it, the other language below.

import { TranslationOutlined } from "@ant-design/icons";
import { Button, Layout } from "antd";
import { type ReactNode, useEffect } from "react";
import { Panel } from "@/parts/Panel";
import { Text, Title } from "@/parts/Text";
import { language, speak } from "@/words/language";
import { useWords } from "@/words/words";
import { signInWords } from "./words";

interface DoorwayProps {
  readonly title: string;
  readonly help?: string;
  readonly children: ReactNode;
}

export function Doorway({ title, help, children }: DoorwayProps) {
  const words = useWords(signInWords);
  const other = language() === "vi" ? "en" : "vi";
  useEffect(() => {
    document.title = `${title} · Regulars`;
  }, [title]);
  return (
    <Layout className="min-h-dvh">
      <main className="flex flex-col items-center gap-4 p-4 pt-[8vh]">
        <div className="flex items-center gap-2">
          <img src="/mark.svg" alt="" width={32} height={32} />
          <Text strong className="text-xl">
            Regulars
          </Text>
        </div>
        <Panel className="w-full max-w-md">
          <Title className="mt-0 mb-4">{title}</Title>
          {help && (
            <p className="mt-0 mb-4">
              <Text tone="secondary">{help}</Text>
            </p>
          )}
          {children}
        </Panel>
        <Button
          type="text"
          icon={<TranslationOutlined aria-hidden />}
          lang={other}
          onClick={() => speak(other)}
        >
          {words.language}
        </Button>
      </main>
    </Layout>
  );
}
