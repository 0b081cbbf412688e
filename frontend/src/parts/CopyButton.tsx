// Copies a secret that is shown once; says so where the browser does not let it, so that nobody closes it uncopied.

import { CopyOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { inWords, useWords } from "@/words/words";

const copyWords = inWords(
  {
    copy: "Sao chép",
    copied: "Đã sao chép.",
    refused: "Trình duyệt không cho sao chép. Hãy chọn phần chữ rồi tự sao chép.",
  },
  {
    copy: "Copy",
    copied: "Copied.",
    refused: "The browser does not allow it. Select the text and copy it yourself.",
  },
);

export function CopyButton({ text }: { readonly text: string }) {
  const words = useWords(copyWords);
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text); // there is no clipboard where the portal is not on https
      void message.success(words.copied);
    } catch {
      void message.warning(words.refused);
    }
  };
  return (
    <Button icon={<CopyOutlined aria-hidden />} onClick={() => void copy()}>
      {words.copy}
    </Button>
  );
}
