// What can be done with a key: a new secret with some time for the old one, or its end.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal, Select } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Key, MadeKey } from "@/api/schema";
import { Refusal } from "@/parts/forms";
import { useProblemText } from "@/parts/PageState";
import { sharedWords } from "@/parts/words";
import { useWords } from "@/words/words";
import { keysWords } from "./words";

interface KeyActionsProps {
  readonly known: Key;
  readonly onMade: (key: MadeKey) => void;
}

export function KeyActions({ known, onMade }: KeyActionsProps) {
  const words = useWords(keysWords);
  const shared = useWords(sharedWords);
  const text = useProblemText();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const [rotating, setRotating] = useState(false);
  const params = { path: { key_id: known.key_id } };
  const changed = () => queries.invalidateQueries({ queryKey: ["get", "/v1/keys"] });
  const revoke = api.useMutation("delete", "/v1/keys/{key_id}", {
    onSuccess: () => void message.success(words.revokedNow),
    onError: (failure) => void message.error(text(problemOf(failure))),
    onSettled: changed,
  });
  return (
    <span className="flex gap-2">
      <Button size="small" onClick={() => setRotating(true)}>
        {words.rotate}
      </Button>
      <Button
        size="small"
        danger
        onClick={() =>
          void modal.confirm({
            title: words.revokeAsk(known.name),
            content: words.revokeHelp,
            okText: words.revoke,
            cancelText: shared.cancel,
            okButtonProps: { danger: true },
            onOk: () => revoke.mutateAsync({ params }),
          })
        }
      >
        {words.revoke}
      </Button>
      {rotating && <Rotate known={known} onMade={onMade} onClose={() => setRotating(false)} />}
    </span>
  );
}

function Rotate({ known, onMade, onClose }: KeyActionsProps & { readonly onClose: () => void }) {
  const words = useWords(keysWords);
  const shared = useWords(sharedWords);
  const queries = useQueryClient();
  const [oldGood, setOldGood] = useState(86_400);
  const rotate = api.useMutation("post", "/v1/keys/{key_id}/rotate", {
    onSuccess: async (made) => {
      onClose();
      onMade(made);
      await queries.invalidateQueries({ queryKey: ["get", "/v1/keys"] });
    },
  });
  return (
    <Modal
      open
      title={`${words.rotate}: ${known.name}`}
      okText={words.rotate}
      cancelText={shared.cancel}
      confirmLoading={rotate.isPending}
      onCancel={onClose}
      onOk={() =>
        rotate.mutate({ params: { path: { key_id: known.key_id } }, body: { old_good_for_s: oldGood } })
      }
    >
      <p>{words.rotateHelp}</p>
      <Refusal failure={rotate.error} />
      <Select
        aria-label={words.oldGood}
        prefix={words.oldGood}
        className="w-full"
        value={oldGood}
        onChange={setOldGood}
        options={[
          { value: 0, label: words.hours.none },
          { value: 3600, label: words.hours.hour },
          { value: 86_400, label: words.hours.day },
          { value: 604_800, label: words.hours.week },
        ]}
      />
    </Modal>
  );
}
