// One site to be made or changed, beside the list.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form } from "antd";
import { api, gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch, useResource } from "@/api/resource";
import type { Site, SiteSetup } from "@/api/schema";
import { useMay } from "@/app/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { Kept } from "@/parts/Kept";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { SiteEnding } from "./SiteEnding";
import { newSite, SiteFields } from "./SiteFields";
import { sitesWords } from "./words";

export const NEW = "new";
interface SiteDrawerProps {
  /** The site's id, or `new`. */
  readonly siteId: string;
  readonly onClose: () => void;
}

export function SiteDrawer({ siteId, onClose }: SiteDrawerProps) {
  const words = useWords(sitesWords);
  return (
    <FormDrawer title={siteId === NEW ? words.add : words.title} size="35rem" onClose={onClose}>
      {siteId === NEW ? (
        <SiteForm site={newSite()} tag="" onDone={onClose} />
      ) : (
        <Existing key={siteId} siteId={siteId} onDone={onClose} />
      )}
    </FormDrawer>
  );
}

function Existing({ siteId, onDone }: { readonly siteId: string; readonly onDone: () => void }) {
  const site = useResource(["get", "/v1/sites/{site_id}", siteId], () =>
    gateway.GET("/v1/sites/{site_id}", { params: { path: { site_id: siteId } } }),
  );
  if (site.isPending) return <Loading />;
  if (site.error) return <Failed problem={problemOf(site.error)} onRetry={() => void site.refetch()} />;
  return (
    <>
      <Kept fresh={site.data}>{(kept) => <SiteForm site={kept.value} tag={kept.tag} onDone={onDone} />}</Kept>
      <SiteEnding site={site.data.value} tag={site.data.tag} onDone={onDone} />
    </>
  );
}

interface SiteFormProps {
  readonly site: SiteSetup | Site;
  readonly tag: string;
  readonly onDone: () => void;
}

function SiteForm({ site, tag, onDone }: SiteFormProps) {
  const words = useWords(sitesWords);
  const shared = useWords(sharedWords);
  const mayChange = useMay("sites.change");
  const [form] = Form.useForm<SiteSetup>();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const done = async () => {
    message.success(words.saved);
    onDone();
    await queries.invalidateQueries({ queryKey: ["get", "/v1/sites"] });
    await queries.invalidateQueries({ queryKey: ["get", "/v1/sites/{site_id}"] });
    await queries.invalidateQueries({ queryKey: ["get", "/v1/figures/today"] });
  };
  const create = api.useMutation("post", "/v1/sites", { onSuccess: done });
  const change = api.useMutation("patch", "/v1/sites/{site_id}", { onSuccess: done });
  const failure = create.error ?? change.error;
  useFieldFaults(form, failure);
  const save = (body: SiteSetup) => {
    if (!("site_id" in site)) return create.mutate({ body });
    const params = { path: { site_id: site.site_id }, header: ifMatch(tag) };
    return change.mutate({ params, body });
  };
  return (
    <Form<SiteSetup>
      form={form}
      name="site"
      layout="vertical"
      initialValues={site}
      onFinish={save}
      disabled={!mayChange}
      requiredMark="optional"
      scrollToFirstError
    >
      <SiteFields />
      <Refusal failure={failure} />
      {mayChange && (
        <Button type="primary" htmlType="submit" loading={create.isPending || change.isPending}>
          {shared.save}
        </Button>
      )}
    </Form>
  );
}
