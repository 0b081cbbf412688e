// What helps somebody who is locked out, and what removes somebody.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Divider, Typography } from "antd";
import type { ReactNode } from "react";
import { api } from "@/api/client";
import { ifMatch } from "@/api/resource";
import type { InvitedUser, User } from "@/api/schema";
import { useMe } from "@/app/session";
import { Refusal } from "@/parts/forms";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { usersWords } from "./words";

interface UserActionsProps {
  readonly user: User;
  readonly tag: string;
  readonly onLink: (user: InvitedUser) => void;
  readonly onClose: () => void;
}

export function UserActions({ user, tag, onLink, onClose }: UserActionsProps) {
  const words = useWords(usersWords);
  const shared = useWords(sharedWords);
  const me = useMe();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const path = { user_id: user.user_id };
  const told = (text: string) => async () => {
    void message.success(text);
    onClose();
    await queries.invalidateQueries({ queryKey: ["get", "/v1/users"] });
    await queries.invalidateQueries({ queryKey: ["get", "/v1/users/{user_id}"] });
  };
  const link = api.useMutation("post", "/v1/users/{user_id}/link", { onSuccess: onLink });
  const disarm = api.useMutation("delete", "/v1/users/{user_id}/second-factor", {
    onSuccess: told(words.factorRemoved),
  });
  const remove = api.useMutation("delete", "/v1/users/{user_id}", { onSuccess: told(words.deleted) });
  const ask = (title: string, content: string, okText: string, onOk: () => void) =>
    void modal.confirm({
      title,
      content,
      okText,
      cancelText: shared.cancel,
      okButtonProps: { danger: true },
      onOk,
    });
  return (
    <>
      <Divider titlePlacement="start">{words.others}</Divider>
      <Refusal failure={link.error ?? disarm.error ?? remove.error} />
      <div className="flex flex-col items-start gap-4">
        <Explained help={words.newLinkHelp}>
          <Button loading={link.isPending} onClick={() => link.mutate({ params: { path } })}>
            {words.newLink}
          </Button>
        </Explained>
        {user.second_factor && user.user_id !== me.user_id && (
          <Explained help={words.removeFactorHelp}>
            <Button
              danger
              onClick={() =>
                ask(words.removeFactorAsk(user.email), words.removeFactorHelp, words.removeFactor, () =>
                  disarm.mutate({ params: { path } }),
                )
              }
            >
              {words.removeFactor}
            </Button>
          </Explained>
        )}
        {user.user_id !== me.user_id && (
          <Button
            danger
            onClick={() =>
              ask(words.deleteAsk(user.email), words.deleteHelp, words.delete, () =>
                remove.mutate({ params: { path, header: ifMatch(tag) } }),
              )
            }
          >
            {words.delete}
          </Button>
        )}
      </div>
    </>
  );
}

function Explained({ help, children }: { readonly help: string; readonly children: ReactNode }) {
  return (
    <div>
      {children}
      <Typography.Text type="secondary" className="mt-1 block">
        {help}
      </Typography.Text>
    </div>
  );
}
