// Where the one-time links of invitations and forgotten passwords lead: choosing a password, then the login.

import { Button, Form, Result } from "antd";
import { Link, useLocation, useNavigate } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import { NewPassword } from "@/pages/account/NewPassword";
import { Refusal } from "@/parts/forms";
import { useWords } from "@/words/words";
import { Doorway } from "./Doorway";
import { tokenIn } from "./place";
import { signInWords } from "./words";

export default function LinkPage() {
  const words = useWords(signInWords).link;
  const token = tokenIn(useLocation().hash);
  const navigate = useNavigate();
  const choose = api.useMutation("post", "/v1/auth/password/by-link", {
    onSuccess: ({ email }) => navigate("/sign-in", { replace: true, state: { email } }),
  });
  const usedUp = choose.error && problemOf(choose.error).code === "link_used_up";
  if (!token || usedUp) return <NoLink title={usedUp ? words.usedUp : words.none} usedUp={Boolean(usedUp)} />;
  return (
    <Doorway title={words.title} help={words.help}>
      <Form<{ new: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={(typed) => choose.mutate({ body: { token, new: typed.new } })}
      >
        <Refusal failure={choose.error} />
        <NewPassword email="" />
        <Button type="primary" htmlType="submit" size="large" block loading={choose.isPending}>
          {words.save}
        </Button>
      </Form>
    </Doorway>
  );
}

function NoLink({ title, usedUp }: { readonly title: string; readonly usedUp: boolean }) {
  const words = useWords(signInWords);
  return (
    <Doorway title={words.link.title}>
      <Result
        className="!p-0"
        status="warning"
        title={title}
        subTitle={usedUp ? words.link.usedUpHelp : words.link.noneHelp}
        extra={<Link to={usedUp ? "/forgotten" : "/sign-in"}>{usedUp ? words.link.again : words.back}</Link>}
      />
    </Doorway>
  );
}
