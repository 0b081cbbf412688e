// Somebody new: first who they are, then on their own page the photographs that they are known by.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form } from "antd";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { FormDrawer } from "@/parts/FormDrawer";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { useWords } from "@/words/words";
import { MemberFields, memberOf, type TypedMember } from "./MemberFields";
import { staffWords } from "./words";

interface NewMemberDrawerProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function NewMemberDrawer({ open, onClose }: NewMemberDrawerProps) {
  const words = useWords(staffWords);
  return (
    <FormDrawer open={open} onClose={onClose} title={words.add} size="26.25rem" destroyOnHidden>
      <NewMemberForm />
    </FormDrawer>
  );
}

function NewMemberForm() {
  const words = useWords(staffWords);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<TypedMember>();
  const create = api.useMutation("post", "/v1/staff", {
    onSuccess: async (member) => {
      message.success(words.created);
      void queries.invalidateQueries({ queryKey: ["get", "/v1/staff"] });
      await navigate(`/staff/${member.staff_id}`);
    },
  });
  useFieldFaults(form, create.error);
  return (
    <Form<TypedMember>
      form={form}
      name="member"
      layout="vertical"
      initialValues={{ gender: "unknown", active: true, site_ids: [] }}
      onFinish={(typed) => create.mutate({ body: memberOf(typed) })}
    >
      <MemberFields />
      <Refusal failure={create.error} />
      <Button type="primary" htmlType="submit" block loading={create.isPending}>
        {words.create}
      </Button>
    </Form>
  );
}
