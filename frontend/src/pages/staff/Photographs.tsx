// The photographs that somebody is known by: each new one is judged at once, and told why it is of no use.

import { DeleteOutlined } from "@ant-design/icons";
import { Alert, App, Button, Card, Typography } from "antd";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { answered } from "@/api/resource";
import type { StaffMember, StaffPhotograph } from "@/api/schema";
import { useMay } from "@/app/session";
import { Face } from "@/parts/Face";
import { Failed, Loading, NothingYet, useProblemText } from "@/parts/PageState";
import { PictureChoice } from "@/parts/people/PictureChoice";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { Judged } from "./Judged";
import { useJudging } from "./judging";
import { useRefreshStaff } from "./MemberView";
import { staffWords } from "./words";

const NEEDED = 2;

export function Photographs({ member }: { readonly member: StaffMember }) {
  const words = useWords(staffWords);
  const mayChange = useMay("staff.change");
  const path = { staff_id: member.staff_id };
  const held = api.useQuery("get", "/v1/staff/{staff_id}/photographs", { params: { path } });
  const judging = useJudging(member.staff_id, useRefreshStaff());
  return (
    <Card title={<h2 className="m-0 text-lg">{words.photographs}</h2>}>
      <Enough member={member} />
      {held.isPending ? (
        <Loading />
      ) : held.error ? (
        <Failed problem={problemOf(held.error)} onRetry={() => void held.refetch()} />
      ) : held.data.items.length === 0 ? (
        <NothingYet say={words.photographsNone} />
      ) : (
        <ul className="m-0 mb-4 flex list-none flex-wrap gap-3 p-0">
          {held.data.items.map((one, at) => (
            <li key={one.photograph_id}>
              <Kept member={member} photograph={one} number={at + 1} />
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <>
          <Typography.Paragraph type="secondary">{words.photographsHelp}</Typography.Paragraph>
          <PictureChoice several waiting={judging.waiting} onPicture={judging.judge} />
          <Judged looks={judging.looks} />
        </>
      )}
    </Card>
  );
}

function Enough({ member }: { readonly member: StaffMember }) {
  const words = useWords(staffWords);
  const missing = NEEDED - member.photographs;
  if (missing > 0) return <Alert type="warning" showIcon className="!mb-4" title={words.missing(missing)} />;
  const title = member.active ? words.enough : words.notActive;
  return <Alert type={member.active ? "success" : "info"} showIcon className="!mb-4" title={title} />;
}

interface KeptProps {
  readonly member: StaffMember;
  readonly photograph: StaffPhotograph;
  readonly number: number;
}

function Kept({ member, photograph, number }: KeptProps) {
  const words = useWords(staffWords);
  const maySee = useMay("faces.see");
  const mayChange = useMay("staff.change");
  const remove = useDeletePhotograph(member.staff_id, photograph.photograph_id);
  const path = { staff_id: member.staff_id, photograph_id: photograph.photograph_id };
  const ask = async () =>
    (await answered(gateway.GET("/v1/staff/{staff_id}/photographs/{photograph_id}", { params: { path } })))
      .value;
  return (
    <div className="relative" data-photograph={photograph.photograph_id}>
      <Face
        who={words.photographOf(number, member.name)}
        of={maySee ? ["photograph", photograph.photograph_id] : undefined}
        ask={ask}
        size={132}
      />
      {mayChange && (
        <Button
          className="!absolute right-1 top-1"
          size="small"
          danger
          icon={<DeleteOutlined aria-hidden />}
          aria-label={words.deletePhotograph(number)}
          onClick={remove}
        />
      )}
    </div>
  );
}

function useDeletePhotograph(staffId: string, photographId: string): () => void {
  const words = useWords(staffWords);
  const shared = useWords(sharedWords);
  const text = useProblemText();
  const { modal, message } = App.useApp();
  const refresh = useRefreshStaff();
  const remove = api.useMutation("delete", "/v1/staff/{staff_id}/photographs/{photograph_id}", {
    onSuccess: refresh,
    onError: (failure) => void message.error(text(problemOf(failure))),
  });
  const path = { staff_id: staffId, photograph_id: photographId };
  return () =>
    void modal.confirm({
      title: words.deletePhotographTitle,
      content: words.deletePhotographHelp,
      okText: shared.delete,
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync({ params: { path } }).catch(() => undefined),
    });
}
