// Something secret that is shown this one time: to be copied before the window is closed.

import { Alert, Button, Input, Modal } from "antd";
import { inWords, useWords } from "@/words/words";
import { CopyButton } from "./CopyButton";
import { AskBeforeLeaving } from "./leaving";

const onceWords = inWords(
  {
    once: "Chỉ hiện lần này. Hãy sao chép trước khi đóng.",
    done: "Tôi đã cất",
  },
  {
    once: "Shown this time only. Copy it before you close this.",
    done: "I have put it away",
  },
);

interface OnceProps {
  readonly title: string;
  /** What it is for, and to whom it may be given. */
  readonly say: string;
  readonly secret: string;
  readonly onClose: () => void;
}

export function Once({ title, say, secret, onClose }: OnceProps) {
  const words = useWords(onceWords);
  return (
    <Modal
      open
      title={title}
      mask={{ closable: false }}
      keyboard={false}
      onCancel={onClose}
      footer={
        <>
          <CopyButton text={secret} />
          <Button type="primary" onClick={onClose}>
            {words.done}
          </Button>
        </>
      }
    >
      <AskBeforeLeaving holds={() => true} lost="shownOnce" />
      <p>{say}</p>
      <Alert type="warning" showIcon className="!mb-3" title={words.once} />
      <Input.TextArea
        readOnly
        autoSize
        aria-label={title}
        className="!font-mono"
        value={secret}
        onFocus={(event) => event.target.select()}
      />
    </Modal>
  );
}
