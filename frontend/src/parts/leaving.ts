// What was typed is not thrown away by one slip of key or pointer: whatever would lose it asks first.

import { App, type FormInstance } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { inWords, useWords } from "@/words/words";
import { hold } from "./held";

const leavingWords = inWords(
  {
    typed: {
      ask: "Bỏ những gì vừa nhập?",
      lost: "Những gì vừa nhập chưa được lưu.",
      drop: "Bỏ đi",
      stay: "Nhập tiếp",
    },
    shownOnce: {
      ask: "Rời đi mà chưa cất?",
      lost: "Nội dung này chỉ hiện lần này, sau đó không xem lại được.",
      drop: "Rời đi",
      stay: "Ở lại",
    },
  },
  {
    typed: {
      ask: "Throw away what you have entered?",
      lost: "It is not saved yet.",
      drop: "Throw it away",
      stay: "Go on entering",
    },
    shownOnce: {
      ask: "Leave without putting it away?",
      lost: "It is shown this time only, and cannot be seen again.",
      drop: "Leave",
      stay: "Stay",
    },
  },
);
/** The named forms within a `Form.Provider`. */
export type Forms = Readonly<Record<string, Pick<FormInstance, "isFieldsTouched">>>;

/** Whether something was entered into one of them. */
export function isEnteredInto(forms: Forms): boolean {
  return Object.values(forms).some((form) => form.isFieldsTouched());
}

/** What would be lost: something entered, or a secret that is nowhere else. */
type Lost = keyof (typeof leavingWords)["vi"];

/** Ask whether it may go. */
export function useAskToDrop(lost: Lost = "typed") {
  const words = useWords(leavingWords)[lost];
  const { modal } = App.useApp();
  return useCallback(
    (onDrop: () => void, onStay?: () => void) =>
      modal.confirm({
        title: words.ask,
        content: words.lost,
        okText: words.drop,
        okButtonProps: { danger: true },
        cancelText: words.stay,
        onOk: onDrop,
        ...(onStay ? { onCancel: onStay } : {}),
      }),
    [modal, words],
  );
}

interface AskBeforeLeavingProps {
  /** Whether something would be lost: by a step back in the browser, or else by a link or what the page itself does. */
  readonly holds: (isBack: boolean) => boolean;
  readonly lost?: Lost;
}

/**
 * While `holds` says that something would be lost, another page is shown only when that is wanted; so is a reload.
 * Nothing is drawn: it is rendered once something was entered, for the router remarks on leaps that it has not made.
 */
export function AskBeforeLeaving({ holds, lost }: AskBeforeLeavingProps): null {
  const ask = useAskToDrop(lost);
  const latest = useRef(holds);
  const wasLetGo = useRef(false);
  latest.current = (isBack) => !wasLetGo.current && holds(isBack);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation, historyAction }) =>
      currentLocation.pathname !== nextLocation.pathname && latest.current(historyAction === "POP"),
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const asked = ask(blocker.proceed, blocker.reset);
    return asked.destroy; // a second step back asks once
  }, [blocker, ask]);
  useEffect(() => {
    const mayGo = () =>
      new Promise<boolean>((told) => {
        const letGo = () => {
          wasLetGo.current = true;
          told(true);
        };
        ask(letGo, () => told(false));
      });
    return hold(() => latest.current(true), mayGo);
  }, [ask]);
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent) => {
      if (latest.current(true)) event.preventDefault();
    };
    window.addEventListener("beforeunload", onUnload);
    return () => window.removeEventListener("beforeunload", onUnload);
  }, []);
  return null;
}
