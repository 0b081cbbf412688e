// Whose customers a chain knows: the network's, or its own.

import { Form, Radio, Typography } from "antd";
import { useWords } from "@/words/words";
import { tenantsWords } from "./words";

export function SharingField() {
  const words = useWords(tenantsWords);
  return (
    <Form.Item name="sharing" label={words.sharing}>
      <Radio.Group className="!flex flex-col gap-2">
        {(["network", "isolated"] as const).map((sharing) => (
          <Radio key={sharing} value={sharing}>
            {words.sharings[sharing]}
            <Typography.Text type="secondary" className="block">
              {words.sharingHelp[sharing]}
            </Typography.Text>
          </Radio>
        ))}
      </Radio.Group>
    </Form.Item>
  );
}
