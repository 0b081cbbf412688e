// Photographs on their way to be judged: one after the other, since each is compared with those kept before it.

import { useEffect, useRef, useState } from "react";
import { type Problem, problemOf } from "@/api/problem";
import { sendPhotograph } from "@/parts/people/pictures";

export interface JudgedLook {
  readonly key: number;
  /** The picture as it was chosen, shown beside its verdict. */
  readonly url: string;
  readonly state: "judging" | "good" | "refused";
  readonly problem?: Problem;
}

interface Judging {
  readonly looks: readonly JudgedLook[];
  readonly waiting: boolean;
  readonly judge: (picture: Blob) => void;
}

export function useJudging(staffId: string, onKept: () => Promise<void>): Judging {
  const [looks, setLooks] = useState<readonly JudgedLook[]>([]);
  const last = useRef<Promise<void>>(Promise.resolve());
  const next = useRef(0);
  const urls = useRef<string[]>([]);
  useEffect(
    () => () => {
      for (const url of urls.current) URL.revokeObjectURL(url);
    },
    [],
  );
  const put = (key: number, changed: Partial<JudgedLook>) =>
    setLooks((before) => before.map((look) => (look.key === key ? { ...look, ...changed } : look)));
  const judge = (picture: Blob) => {
    const key = next.current++;
    const url = URL.createObjectURL(picture);
    urls.current.push(url);
    setLooks((before) => [{ key, url, state: "judging" }, ...before]);
    last.current = last.current.then(async () => {
      try {
        await sendPhotograph(staffId, picture);
        put(key, { state: "good" });
        await onKept();
      } catch (failure) {
        put(key, { state: "refused", problem: problemOf(failure) });
      }
    });
  };
  return { looks, waiting: looks.some((look) => look.state === "judging"), judge };
}
