// Choosing a role by what it may do, and a manager's sites with it.

import { Form, Radio, Typography } from "antd";
import type { User } from "@/api/schema";
import { useMe } from "@/app/session";
import { roleWords } from "@/parts/roles";
import { useWords } from "@/words/words";
import { SitesField } from "./SitesField";
import { usersWords } from "./words";

const OF_A_CHAIN = ["owner", "manager", "analyst"] as const;

/** A form's `role` and `site_ids`; the platform names operators here, and owners with their chain. */
export function RoleField() {
  const words = useWords(usersWords);
  const roles = useWords(roleWords);
  const offered: readonly User["role"][] = useMe().tenant_id ? OF_A_CHAIN : ["operator"];
  const role = Form.useWatch<User["role"]>("role");
  return (
    <>
      <Form.Item name="role" label={words.role} rules={[{ required: true }]}>
        <Radio.Group className="!flex flex-col gap-2">
          {offered.map((one) => (
            <Radio key={one} value={one}>
              {roles[one]}
              <Typography.Text type="secondary" className="block">
                {words.roleHelp[one]}
              </Typography.Text>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      {role === "manager" && <SitesField />}
    </>
  );
}
