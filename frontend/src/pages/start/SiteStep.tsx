// The second step: the first shop.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Card, Form } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { Site, SiteSetup } from "@/api/schema";
import { newSite, SiteFields } from "@/pages/sites/SiteFields";
import { Refusal, useFieldFaults } from "@/parts/forms";
import { useWords } from "@/words/words";
import { Already } from "./Already";
import { startWords } from "./words";

interface SiteStepProps {
  /** One that is there already. */
  readonly site: Site | undefined;
  readonly onDone: () => void;
}

export function SiteStep({ site, onDone }: SiteStepProps) {
  const words = useWords(startWords);
  const [more, setMore] = useState(false);
  if (site && !more) {
    return <Already says={words.siteDone(site.name)} onGoOn={onDone} onAnother={() => setMore(true)} />;
  }
  return <SiteForm onDone={onDone} />;
}

function SiteForm({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(startWords);
  const [form] = Form.useForm<SiteSetup>();
  const queries = useQueryClient();
  const create = api.useMutation("post", "/v1/sites", {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/v1/sites"] });
      onDone();
      await queries.invalidateQueries({ queryKey: ["get", "/v1/figures/today"] });
    },
  });
  useFieldFaults(form, create.error);
  return (
    <Card className="max-w-xl">
      <Form<SiteSetup>
        form={form}
        layout="vertical"
        initialValues={newSite()}
        onFinish={(body) => create.mutate({ body: { ...newSite(), ...body } })}
        requiredMark="optional"
        scrollToFirstError
      >
        <SiteFields short />
        <Refusal failure={create.error} />
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {words.next}
        </Button>
      </Form>
    </Card>
  );
}
