// The saved reports: see one with the days shown now, make its files, change or delete it, and what was made.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Drawer, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { SavedReport } from "@/api/schema";
import { useMay } from "@/app/session";
import { Refusal } from "@/parts/forms";
import { BY_CURSOR } from "@/parts/Listing";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import type { Asked, Filters } from "../filters";
import { Issues } from "./Issues";
import { viewOf } from "./saved";
import { savedWords } from "./words";

interface SavedDrawerProps {
  readonly filters: Filters;
  readonly asked: Asked;
  readonly onEdit: (saved: SavedReport) => void;
  readonly onClose: () => void;
}

export function SavedDrawer({ filters, asked, onEdit, onClose }: SavedDrawerProps) {
  const words = useWords(savedWords);
  const shared = useWords(sharedWords);
  const saved = api.useInfiniteQuery("get", "/v1/saved-reports", {}, BY_CURSOR);
  const found = saved.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Drawer open title={words.saved} size="35rem" onClose={onClose}>
      {saved.isPending ? (
        <Loading />
      ) : saved.error ? (
        <Failed problem={problemOf(saved.error)} onRetry={() => void saved.refetch()} />
      ) : found.length === 0 ? (
        <NothingYet say={words.none} />
      ) : (
        <ul className="m-0 flex list-none flex-col gap-3 p-0">
          {found.map((one) => (
            <li key={one.saved_report_id}>
              <Saved saved={one} filters={filters} asked={asked} onEdit={onEdit} onClose={onClose} />
            </li>
          ))}
        </ul>
      )}
      {saved.hasNextPage && (
        <Button
          className="mt-3"
          loading={saved.isFetchingNextPage}
          onClick={() => void saved.fetchNextPage()}
        >
          {shared.more}
        </Button>
      )}
    </Drawer>
  );
}

function Saved({
  saved,
  filters,
  asked,
  onEdit,
  onClose,
}: SavedDrawerProps & { readonly saved: SavedReport }) {
  const words = useWords(savedWords);
  const shared = useWords(sharedWords);
  const mayChange = useMay("reports.change");
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const path = { saved_report_id: saved.saved_report_id };
  const make = api.useMutation("post", "/v1/saved-reports/{saved_report_id}/issues", {
    onSuccess: async () => {
      void message.success(words.made);
      setOpened(true);
      await queries.invalidateQueries({ queryKey: ["get", "/v1/saved-reports/{saved_report_id}/issues"] });
    },
  });
  const remove = api.useMutation("delete", "/v1/saved-reports/{saved_report_id}", {
    onSuccess: () => queries.invalidateQueries({ queryKey: ["get", "/v1/saved-reports"] }),
  });
  const askRemove = () =>
    void modal.confirm({
      title: words.remove(saved.name),
      content: words.removeHelp,
      okText: shared.delete,
      cancelText: shared.cancel,
      okButtonProps: { danger: true },
      onOk: () => remove.mutate({ params: { path } }),
    });
  return (
    <Card size="small">
      <h3 className="m-0 break-words text-base">{saved.name}</h3>
      <Typography.Text type="secondary">{words.schedules[saved.schedule]}</Typography.Text>
      <div className="mt-2 flex flex-wrap gap-2">
        <Link to={viewOf(saved, filters)} onClick={onClose}>
          {words.open}
        </Link>
      </div>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="small" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {words.issuesShow}
        </Button>
        {mayChange && (
          <>
            <Button
              size="small"
              loading={make.isPending}
              onClick={() => make.mutate({ params: { path }, body: asked.days })}
            >
              {words.make}
            </Button>
            <Button size="small" onClick={() => onEdit(saved)}>
              {shared.edit}
            </Button>
            <Button size="small" danger loading={remove.isPending} onClick={askRemove}>
              {shared.delete}
            </Button>
          </>
        )}
      </div>
      <Refusal failure={make.error ?? remove.error} />
      {opened && <Issues saved={saved} />}
    </Card>
  );
}
