// One chain: its owners' invitation, its setup, and its suspension.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Divider, Form, Input, Switch } from "antd";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch, useResource } from "@/api/resource";
import type { PlatformTenant, PlatformTenantChange } from "@/api/schema";
import { useMay } from "@/app/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { Kept } from "@/parts/Kept";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { OwnerInvitation } from "./OwnerInvitation";
import { SharingField } from "./SharingField";
import { tenantsWords } from "./words";

const TENANT = "/v1/tenants/{tenant_id}";

interface TenantDrawerProps {
  readonly tenantId: string;
  readonly onClose: () => void;
}

export function TenantDrawer({ tenantId, onClose }: TenantDrawerProps) {
  const words = useWords(tenantsWords);
  const mayInvite = useMay("users.change");
  const tenant = useResource(["get", TENANT, tenantId], () =>
    gateway.GET(TENANT, { params: { path: { tenant_id: tenantId } } }),
  );
  const found = tenant.data;
  return (
    <FormDrawer title={found?.value.name ?? words.title} size="30rem" onClose={onClose}>
      {tenant.isPending && <Loading />}
      {tenant.error && <Failed problem={problemOf(tenant.error)} onRetry={() => void tenant.refetch()} />}
      {found && (
        <Kept fresh={found}>
          {(kept, release) => <Setup tenant={kept.value} tag={kept.tag} onSaved={release} />}
        </Kept>
      )}
      {found && mayInvite && (
        <>
          <Divider titlePlacement="start">{words.owner}</Divider>
          <OwnerInvitation tenantId={tenantId} />
        </>
      )}
    </FormDrawer>
  );
}

interface SetupProps {
  readonly tenant: PlatformTenant;
  readonly tag: string;
  readonly onSaved: () => void;
}

function Setup({ tenant, tag, onSaved }: SetupProps) {
  const words = useWords(tenantsWords);
  const shared = useWords(sharedWords);
  const mayChange = useMay("tenants.change");
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<PlatformTenantChange>();
  const change = api.useMutation("patch", TENANT, {
    onSuccess: () => {
      void message.success(words.saved);
      onSaved();
    },
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/v1/tenants"] });
      await queries.invalidateQueries({ queryKey: ["get", TENANT] });
    },
  });
  useFieldFaults(form, change.error);
  const params = { path: { tenant_id: tenant.tenant_id }, header: ifMatch(tag) };
  const send = (body: PlatformTenantChange) => change.mutate({ params, body });
  const suspend = () =>
    void modal.confirm({
      title: words.suspendAsk(tenant.name),
      content: words.suspendHelp,
      okText: words.suspend,
      cancelText: shared.cancel,
      okButtonProps: { danger: true },
      onOk: () => send({ suspended: true }),
    });
  return (
    <Form<PlatformTenantChange>
      form={form}
      name="setup"
      layout="vertical"
      requiredMark={false}
      disabled={!mayChange}
      initialValues={tenant}
      onFinish={send}
    >
      <Form.Item
        name="name"
        label={words.name}
        rules={[{ required: true, whitespace: true, message: words.needed }]}
      >
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item name="recognition" label={words.recognition} valuePropName="checked">
        <Switch />
      </Form.Item>
      <SharingField />
      <Refusal failure={change.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {shared.save}
        </Button>
        {tenant.suspended_at ? (
          <Button onClick={() => send({ suspended: false })}>{words.resume}</Button>
        ) : (
          <Button danger onClick={suspend}>
            {words.suspend}
          </Button>
        )}
      </div>
    </Form>
  );
}
