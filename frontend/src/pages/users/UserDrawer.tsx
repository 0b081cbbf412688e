// One account: its role and sites, and what helps or removes who has it.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form } from "antd";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch, useResource } from "@/api/resource";
import type { InvitedUser, User, UserChange } from "@/api/schema";
import { useMay, useMe } from "@/app/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { Kept } from "@/parts/Kept";
import { LongWord } from "@/parts/LongWord";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { RoleField } from "./RoleField";
import { UserActions } from "./UserActions";
import { usersWords } from "./words";

interface UserDrawerProps {
  readonly userId: string;
  readonly onLink: (user: InvitedUser) => void;
  readonly onClose: () => void;
}

export function UserDrawer({ userId, onLink, onClose }: UserDrawerProps) {
  const words = useWords(usersWords);
  const mayChange = useMay("users.change");
  const me = useMe();
  const user = useResource(["get", "/v1/users/{user_id}", userId], () =>
    gateway.GET("/v1/users/{user_id}", { params: { path: { user_id: userId } } }),
  );
  return (
    <FormDrawer
      title={<LongWord>{user.data?.value.email ?? words.title}</LongWord>}
      size="30rem"
      onClose={onClose}
    >
      {user.isPending && <Loading />}
      {user.error && <Failed problem={problemOf(user.error)} onRetry={() => void user.refetch()} />}
      {user.data && me.tenant_id && (
        <Kept fresh={user.data}>
          {(kept) => <RoleForm user={kept.value} tag={kept.tag} onDone={onClose} />}
        </Kept>
      )}
      {user.data && mayChange && (
        <UserActions user={user.data.value} tag={user.data.tag} onLink={onLink} onClose={onClose} />
      )}
    </FormDrawer>
  );
}

interface RoleFormProps {
  readonly user: User;
  readonly tag: string;
  readonly onDone: () => void;
}

function RoleForm({ user, tag, onDone }: RoleFormProps) {
  const words = useWords(usersWords);
  const shared = useWords(sharedWords);
  const mayChange = useMay("users.change");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<UserChange>();
  const change = api.useMutation("patch", "/v1/users/{user_id}", {
    onSuccess: async () => {
      void message.success(words.saved);
      onDone();
      await queries.invalidateQueries({ queryKey: ["get", "/v1/users"] });
      await queries.invalidateQueries({ queryKey: ["get", "/v1/users/{user_id}"] });
    },
  });
  useFieldFaults(form, change.error);
  const save = (typed: UserChange) => {
    const params = { path: { user_id: user.user_id }, header: ifMatch(tag) };
    change.mutate({ params, body: { role: typed.role ?? null, site_ids: typed.site_ids ?? [] } });
  };
  return (
    <Form<UserChange>
      form={form}
      name="role"
      layout="vertical"
      requiredMark={false}
      disabled={!mayChange}
      initialValues={{ role: user.role, site_ids: user.site_ids ?? [] }}
      onFinish={save}
    >
      <RoleField />
      <Refusal failure={change.error} />
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {shared.save}
      </Button>
    </Form>
  );
}
