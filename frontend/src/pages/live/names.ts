// How somebody who was recognized is called over the picture and beside it.

import { useCallback } from "react";
import { useWords } from "@/words/words";
import type { PersonRecognized } from "./messages";
import { liveWords } from "./words";

/** The name in the language now spoken. */
export function useNameOf(): (person: PersonRecognized) => string {
  const words = useWords(liveWords);
  return useCallback(
    ({ state, name, handle, visit_number }) => {
      if (state === "staff") return name ? words.staffNamed(name) : words.staff;
      if (state === "undetermined" || !handle) return words.undetermined;
      if (state === "new") return words.newCustomer(handle);
      const who = name ?? words.customer(handle);
      return visit_number ? `${who}, ${words.nth(visit_number)}` : who;
    },
    [words],
  );
}
