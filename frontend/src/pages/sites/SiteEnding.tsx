// Giving a site up, opening it again, or deleting one where nothing ever was: says first what hangs on it.

import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Divider, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ifMatch } from "@/api/resource";
import type { Site, SiteUse } from "@/api/schema";
import { useMay } from "@/app/session";
import { Refusal } from "@/parts/forms";
import { Failed, Loading } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { sitesWords } from "./words";

/** The gateway counts no further. */
const COUNTED_TO = 1000;
interface SiteEndingProps {
  readonly site: Site;
  readonly tag: string;
  readonly onDone: () => void;
}

export function SiteEnding({ site, tag, onDone }: SiteEndingProps) {
  const words = useWords(sitesWords);
  const [asked, setAsked] = useState(false);
  const { change } = useEnding(onDone);
  const params = { path: { site_id: site.site_id }, header: ifMatch(tag) };
  if (!useMay("sites.change")) return null;
  return (
    <>
      <Divider />
      <Refusal failure={change.error} />
      <div className="flex flex-wrap gap-2">
        <Link to={`/cameras?site=${site.site_id}`}>
          <Button>{words.cameras}</Button>
        </Link>
        {!site.active && (
          <Button
            loading={change.isPending}
            onClick={() => change.mutate({ params, body: { active: true } })}
          >
            {words.reopen}
          </Button>
        )}
        <Button danger onClick={() => setAsked(true)}>
          {words.close}
        </Button>
      </div>
      {asked && <Asking site={site} tag={tag} onClose={() => setAsked(false)} onDone={onDone} />}
    </>
  );
}

function Asking(props: SiteEndingProps & { readonly onClose: () => void }) {
  const { site, tag, onClose, onDone } = props;
  const words = useWords(sitesWords);
  const shared = useWords(sharedWords);
  const path = { site_id: site.site_id };
  const use = api.useQuery("get", "/v1/sites/{site_id}/use", { params: { path } }, { staleTime: 0 });
  const { change, remove } = useEnding(onDone);
  const params = { path, header: ifMatch(tag) };
  const empty = use.data && hangingOn(use.data).length === 0;
  return (
    <Modal
      open
      title={words.closing(site.name)}
      onCancel={onClose}
      cancelText={shared.cancel}
      okText={empty ? words.deleteIt : words.closeIt}
      okButtonProps={{
        danger: true,
        disabled: !use.data || (!empty && (use.data.cameras_running > 0 || !site.active)),
        loading: change.isPending || remove.isPending,
      }}
      onOk={() => (empty ? remove.mutate({ params }) : change.mutate({ params, body: { active: false } }))}
    >
      {use.isPending ? (
        <Loading />
      ) : use.error ? (
        <Failed problem={problemOf(use.error)} onRetry={() => void use.refetch()} />
      ) : (
        <Hanging use={use.data} siteId={site.site_id} />
      )}
      <Refusal failure={change.error ?? remove.error} />
    </Modal>
  );
}

function Hanging({ use, siteId }: { readonly use: SiteUse; readonly siteId: string }) {
  const words = useWords(sitesWords);
  const format = useFormat();
  const hanging = hangingOn(use);
  if (hanging.length === 0) return <p>{words.nothingHangs}</p>;
  const told = (n: number) => (n < COUNTED_TO ? format.number(n) : words.orMore(format.number(n)));
  return (
    <>
      <p>{words.hanging}</p>
      <ul>
        {hanging.map(([name, n]) => (
          <li key={name}>{words.hang[name](told(n))}</li>
        ))}
      </ul>
      <p>{words.keeps}</p>
      {use.cameras_running > 0 && (
        <Alert
          type="warning"
          showIcon
          className="!mb-4"
          title={words.stopFirst}
          description={<Link to={`/cameras?site=${siteId}`}>{words.cameras}</Link>}
        />
      )}
    </>
  );
}

type Hung = "cameras" | "running" | "visits" | "tracks" | "staff";
function hangingOn(use: SiteUse): readonly (readonly [Hung, number])[] {
  const all = [
    ["cameras", use.cameras],
    ["running", use.cameras_running],
    ["visits", use.visits],
    ["tracks", use.tracks],
    ["staff", use.staff],
  ] as const;
  return all.filter(([, n]) => n > 0);
}

/** The two changes that end a site; both close the drawer and refresh the lists. */
function useEnding(onDone: () => void) {
  const words = useWords(sitesWords);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const done = async (said: string) => {
    message.success(said);
    onDone();
    await queries.invalidateQueries({ queryKey: ["get", "/v1/sites"] });
    await queries.invalidateQueries({ queryKey: ["get", "/v1/sites/{site_id}"] });
    await queries.invalidateQueries({ queryKey: ["get", "/v1/figures/today"] });
  };
  const change = api.useMutation("patch", "/v1/sites/{site_id}", {
    onSuccess: (site) => done(site.active ? words.reopened : words.closedNow),
  });
  const remove = api.useMutation("delete", "/v1/sites/{site_id}", {
    onSuccess: () => done(words.deletedNow),
  });
  return { change, remove };
}
