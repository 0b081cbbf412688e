// Where the account is logged in: end one login, or all of them.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Tag, Typography } from "antd";
import { useNavigate } from "react-router";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { OwnSession } from "@/api/schema";
import { forgetLogin } from "@/app/session";
import { Failed, Loading, useProblemText } from "@/parts/PageState";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { deviceName } from "./device";
import { accountWords } from "./words";

export function Sessions() {
  const words = useWords(accountWords).sessions;
  const sessions = api.useQuery("get", "/v1/auth/sessions");
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const endAll = async () => {
    await gateway.POST("/v1/auth/logout-everywhere");
    forgetLogin();
    queries.clear();
    await navigate("/sign-in");
  };
  if (sessions.isPending) return <Loading />;
  if (sessions.error)
    return <Failed problem={problemOf(sessions.error)} onRetry={() => void sessions.refetch()} />;
  return (
    <>
      <ul className="m-0 flex list-none flex-col gap-4 p-0">
        {sessions.data.items.map((session) => (
          <li key={session.session_id}>
            <Session session={session} />
          </li>
        ))}
      </ul>
      <Button
        danger
        className="mt-4"
        onClick={() =>
          void modal.confirm({
            title: words.everywhereAsk,
            content: words.everywhereHelp,
            okText: words.everywhere,
            okButtonProps: { danger: true },
            onOk: endAll,
          })
        }
      >
        {words.everywhere}
      </Button>
    </>
  );
}

function Session({ session }: { readonly session: OwnSession }) {
  const words = useWords(accountWords).sessions;
  const format = useFormat();
  const text = useProblemText();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const end = api.useMutation("delete", "/v1/auth/sessions/{session_id}", {
    onSuccess: () => void message.success(words.ended),
    onError: (failure) => void message.error(text(problemOf(failure))),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", "/v1/auth/sessions"] }),
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <div className="min-w-0 flex-1">
        <Typography.Text strong>{deviceName(session.device) ?? words.unknown}</Typography.Text>{" "}
        {session.this_one && <Tag color="success">{words.thisOne}</Tag>}
        <div>
          <Typography.Text type="secondary">
            {words.began(format.dateTime(session.began_at, zone))} · {words.by[session.via]}
            {!session.this_one && ` · ${words.seen(format.ago(session.renewed_at, new Date()))}`}
          </Typography.Text>
        </div>
      </div>
      {!session.this_one && (
        <Button
          loading={end.isPending}
          onClick={() => end.mutate({ params: { path: { session_id: session.session_id } } })}
        >
          {words.end}
        </Button>
      )}
    </div>
  );
}
