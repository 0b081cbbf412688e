// Who is passed over because they asked for it: how each said it, and the way to take it back.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Tag, Typography } from "antd";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Objection } from "@/api/schema";
import { useMay } from "@/app/session";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { useProblemText } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { objectionsWords } from "./words";

export default function ObjectionsPage() {
  const words = useWords(objectionsWords);
  const shared = useWords(sharedWords);
  const format = useFormat();
  const zone = useChainZone();
  const nameOf = useActorName();
  const objections = api.useInfiniteQuery("get", "/v1/objections", {}, BY_CURSOR);
  const noted = (one: Objection) => format.dateTime(one.at, zone);
  return (
    <>
      <PageHead title={words.title}>
        <Download path="/v1/objections" query={{ format: "csv" }} label={shared.export} />
      </PageHead>
      <Typography.Paragraph type="secondary" className="max-w-prose">
        {words.intro}
      </Typography.Paragraph>
      <Link to="/customers" className="mb-4 inline-block">
        {words.toCustomers}
      </Link>
      <Listing<Objection>
        pages={objections}
        keyOf={(one) => one.objection_id}
        label={words.title}
        empty={words.empty}
        columns={[
          { title: words.at, render: (_, one) => noted(one) },
          { title: words.how, render: (_, one) => one.how, className: "max-w-md break-words" },
          { title: words.extent, render: (_, one) => <Extent objection={one} /> },
          { title: words.by, render: (_, one) => nameOf(one.noted_by) },
          { key: "do", align: "right", render: (_, one) => <Withdraw objection={one} /> },
        ]}
        card={(one) => (
          <Card size="small" title={noted(one)} extra={<Extent objection={one} />}>
            <p className="mt-0 mb-1 break-words">{one.how}</p>
            <Typography.Paragraph type="secondary" className="break-all">
              {words.by}: {nameOf(one.noted_by)}
            </Typography.Paragraph>
            <Withdraw objection={one} />
          </Card>
        )}
      />
    </>
  );
}

function Extent({ objection }: { readonly objection: Objection }) {
  const words = useWords(objectionsWords);
  return <Tag className="!m-0">{objection.everywhere ? words.everywhere : words.here}</Tag>;
}

function Withdraw({ objection }: { readonly objection: Objection }) {
  const words = useWords(objectionsWords);
  const shared = useWords(sharedWords);
  const text = useProblemText();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const withdraw = api.useMutation("delete", "/v1/objections/{objection_id}", {
    onSuccess: () => void message.success(words.withdrawn),
    onError: (failure) => void message.error(text(problemOf(failure))),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", "/v1/objections"] }),
  });
  const params = { path: { objection_id: objection.objection_id } };
  const ask = () =>
    void modal.confirm({
      title: words.withdrawAsk,
      content: words.withdrawHelp,
      okText: words.withdraw,
      cancelText: shared.cancel,
      okButtonProps: { danger: true },
      onOk: () => withdraw.mutateAsync({ params }).catch(() => undefined),
    });
  return (
    <Button size="small" danger onClick={ask}>
      {words.withdraw}
    </Button>
  );
}

/** Who an actor of the audit log is, for who may see the accounts. */
function useActorName(): (actor: string) => string {
  const words = useWords(objectionsWords);
  const enabled = useMay("users.see");
  const users = api.useQuery("get", "/v1/users", { params: { query: { limit: 200 } } }, { enabled });
  return (actor) => {
    const [kind, id] = actor.split(":");
    if (kind !== "user") return words.system;
    return users.data?.items.find((user) => user.user_id === id)?.email ?? (users.data ? words.gone : "…");
  };
}
