// What was typed is not thrown away by one slip of key or pointer: whatever would lose it asks first.

import { App } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { inWords, useWords } from "@/words/words";

const typedWords = inWords(
  {
    ask: "Bỏ những gì vừa nhập?",
    lost: "Những gì vừa nhập chưa được lưu.",
    drop: "Bỏ đi",
    stay: "Nhập tiếp",
  },
  {
    ask: "Throw away what you have entered?",
    lost: "It is not saved yet.",
    drop: "Throw it away",
    stay: "Go on entering",
  },
);

/** Ask whether what was entered may go. */
export function useAskToDrop() {
  const words = useWords(typedWords);
  const { modal } = App.useApp();
  return useCallback(
    (onDrop: () => void, onStay?: () => void) =>
      void modal.confirm({
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

/**
 * While `holds` says that something would be lost, another page is shown only when that is wanted; so is a reload.
 * Nothing is drawn: it is rendered once something was entered, for the router remarks on leaps that it has not made.
 */
export function AskBeforeLeaving({ holds }: { readonly holds: () => boolean }): null {
  const ask = useAskToDrop();
  const latest = useRef(holds);
  latest.current = holds;
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && latest.current(),
  );
  useEffect(() => {
    if (blocker.state === "blocked") ask(blocker.proceed, blocker.reset);
  }, [blocker, ask]);
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault();
    };
    window.addEventListener("beforeunload", onUnload);
    return () => window.removeEventListener("beforeunload", onUnload);
  }, []);
  return null;
}
