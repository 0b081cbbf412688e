// One member of staff: the photographs they are known by, their details, and their leaving.

import { ArrowLeftOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Card, Form, Space } from "antd";
import { Link, useNavigate } from "react-router";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch, type Tagged, useResource } from "@/api/resource";
import type { StaffMember } from "@/api/schema";
import { useMay } from "@/app/session";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { Kept } from "@/parts/Kept";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, useProblemText } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { MemberFields, memberOf, type TypedMember } from "./MemberFields";
import { Photographs } from "./Photographs";
import { Standing } from "./StaffList";
import { staffWords } from "./words";

const ONE = "/v1/staff/{staff_id}";

export function MemberView({ staffId }: { readonly staffId: string }) {
  const path = { staff_id: staffId };
  const member = useResource(["get", ONE, staffId], () => gateway.GET(ONE, { params: { path } }));
  if (member.isPending) return <Loading />;
  if (member.error) return <Failed problem={member.error} onRetry={() => void member.refetch()} />;
  return <MemberShown member={member.data} />;
}

/** Ask anew for all that tells of staff. */
export function useRefreshStaff(): () => Promise<void> {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/v1/staff") });
}

function MemberShown({ member }: { readonly member: Tagged<StaffMember> }) {
  const words = useWords(staffWords);
  const mayChange = useMay("staff.change");
  const remove = useDelete(member);
  const { value } = member;
  return (
    <>
      <Link to="/staff" className="mb-2 inline-flex items-center gap-1">
        <ArrowLeftOutlined aria-hidden /> {words.back}
      </Link>
      <PageHead title={value.name}>
        <Standing member={value} />
        {mayChange && (
          <Button danger onClick={remove}>
            {words.delete}
          </Button>
        )}
      </PageHead>
      {value.looks_like_customer && <LooksLikeCustomer member={member} />}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(20rem,2fr)]">
        <Photographs member={value} />
        <Card title={<h2 className="m-0 text-lg">{words.details}</h2>}>
          <Kept fresh={member} onPage>
            {(kept, release) => <DetailsForm member={kept} onSaved={release} />}
          </Kept>
        </Card>
      </div>
    </>
  );
}

interface DetailsProps {
  readonly member: Tagged<StaffMember>;
  readonly onSaved: () => void;
}

function DetailsForm({ member, onSaved }: DetailsProps) {
  const words = useWords(staffWords);
  const shared = useWords(sharedWords);
  const { message } = App.useApp();
  const mayChange = useMay("staff.change");
  const refresh = useRefreshStaff();
  const [form] = Form.useForm<TypedMember>();
  const save = useChange(() => {
    void message.success(words.saved);
    onSaved();
  }, refresh);
  useFieldFaults(form, save.error);
  const params = { path: { staff_id: member.value.staff_id }, header: ifMatch(member.tag) };
  return (
    <Form<TypedMember>
      form={form}
      name="member"
      layout="vertical"
      disabled={!mayChange}
      initialValues={member.value}
      onFinish={(typed) => save.mutate({ params, body: memberOf(typed) })}
    >
      <MemberFields />
      <Refusal failure={save.error} />
      {mayChange && (
        <Button type="primary" htmlType="submit" block loading={save.isPending}>
          {shared.save}
        </Button>
      )}
    </Form>
  );
}

function useChange(say: () => void, refresh: () => Promise<void>) {
  return api.useMutation("patch", ONE, {
    onSuccess: async () => {
      say();
      await refresh();
    },
  });
}

function LooksLikeCustomer({ member }: { readonly member: Tagged<StaffMember> }) {
  const words = useWords(staffWords);
  const mayChange = useMay("staff.change");
  const { message } = App.useApp();
  const text = useProblemText();
  const save = useChange(() => void message.success(words.saved), useRefreshStaff());
  const params = { path: { staff_id: member.value.staff_id }, header: ifMatch(member.tag) };
  const deny = () =>
    save.mutate(
      { params, body: { customer_id: null as never } }, // only null can be said, which the types tell as nothing,
      { onError: (failure) => void message.error(text(problemOf(failure))) },
    );
  return (
    <Alert
      type="info"
      showIcon
      className="!mb-4"
      title={words.looksLike}
      action={
        <Space wrap>
          {member.value.customer_id && (
            <Link to={`/customers/${member.value.customer_id}`}>{words.looksLikeOpen}</Link>
          )}
          {mayChange && (
            <Button size="small" loading={save.isPending} onClick={deny}>
              {words.notThem}
            </Button>
          )}
        </Space>
      }
    />
  );
}

function useDelete(member: Tagged<StaffMember>): () => void {
  const words = useWords(staffWords);
  const shared = useWords(sharedWords);
  const { modal, message } = App.useApp();
  const text = useProblemText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = api.useMutation("delete", ONE, {
    onSuccess: async () => {
      await navigate("/staff");
      await queries.invalidateQueries({ queryKey: ["get", "/v1/staff"] });
    },
    onError: (failure) => void message.error(text(problemOf(failure))),
  });
  const params = { path: { staff_id: member.value.staff_id }, header: ifMatch(member.tag) };
  return () =>
    void modal.confirm({
      title: words.deleteTitle(member.value.name),
      content: words.deleteHelp,
      okText: shared.delete,
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync({ params }).catch(() => undefined),
    });
}
