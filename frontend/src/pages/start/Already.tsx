// A step whose thing is there already: go on, or make another one.

import { CheckCircleFilled } from "@ant-design/icons";
import { Button, Card, Typography } from "antd";
import { useWords } from "@/words/words";
import { startWords } from "./words";

interface AlreadyProps {
  readonly says: string;
  readonly onGoOn: () => void;
  readonly onAnother: () => void;
}

export function Already({ says, onGoOn, onAnother }: AlreadyProps) {
  const words = useWords(startWords);
  return (
    <Card className="max-w-xl">
      <Typography.Paragraph className="text-lg">
        <CheckCircleFilled className="mr-2 !text-[var(--ant-color-success)]" />
        {says}
      </Typography.Paragraph>
      <div className="flex flex-wrap gap-2">
        <Button type="primary" onClick={onGoOn}>
          {words.goOn}
        </Button>
        <Button onClick={onAnother}>{words.another}</Button>
      </div>
    </Card>
  );
}
