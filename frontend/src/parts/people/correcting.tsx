// After something was put right: ask anew for all that may have changed, and offer to undo it.

import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { gateway } from "@/api/client";
import { problemOf } from "@/api/problem";
import { answered } from "@/api/resource";
import type { Correction } from "@/api/schema";
import { useProblemText } from "@/parts/PageState";
import { useWords } from "@/words/words";
import { peopleWords } from "./words";

const TOUCHED = ["/v1/visits", "/v1/customers", "/v1/corrections", "/v1/merge-proposals", "/v1/figures"];
const SHOWN_S = 12;

/** Ask anew for everything that tells of people: at once, or (`later`) when it is shown again. */
export function useRefreshPeople(when: "now" | "later" = "now"): () => Promise<void> {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      refetchType: when === "now" ? "active" : "none",
      predicate: ({ queryKey }) => TOUCHED.some((path) => String(queryKey[1]).startsWith(path)),
    });
}

/** Undo a correction, and say how that went. */
export function useUndo(): (correctionId: string) => Promise<void> {
  const words = useWords(peopleWords);
  const text = useProblemText();
  const { message } = App.useApp();
  const refresh = useRefreshPeople();
  return async (correctionId) => {
    const path = { correction_id: correctionId };
    try {
      await answered(gateway.POST("/v1/corrections/{correction_id}/undo", { params: { path } }));
      message.success(words.undone);
    } catch (failure) {
      message.error(text(problemOf(failure)));
    }
    await refresh();
  };
}

/** Tell that a correction was made, with a way back; what is shown of people is asked anew. */
export function useCorrected(): (made: Correction) => void {
  const words = useWords(peopleWords);
  const { notification } = App.useApp();
  const refresh = useRefreshPeople();
  const undo = useUndo();
  return (made) => {
    void refresh();
    const key = made.correction_id;
    const back = () => {
      notification.destroy(key);
      void undo(made.correction_id);
    };
    notification.success({
      key,
      title: words.corrections[made.kind],
      description: words.doneHelp,
      duration: SHOWN_S,
      actions: (
        <Button size="small" onClick={back}>
          {words.undo}
        </Button>
      ),
    });
  };
}
