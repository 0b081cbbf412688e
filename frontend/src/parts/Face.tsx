// A face while it is kept: its link is asked for only when the place comes into sight, since every look is audited.

import { UserOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useWords } from "@/words/words";
import { sharedWords } from "./words";

interface FaceProps {
  /** Who it is, for who cannot see the picture. */
  readonly who: string;
  /** What tells this picture from others in the cache, as `["visit", id]`; undefined: there is no picture. */
  readonly of: readonly [kind: string, id: string] | undefined;
  /** Asks the gateway for the link. */
  readonly ask: () => Promise<{ readonly url: string }>;
  /** In pixels, where letters have their usual size. */
  readonly size?: number;
}

export function Face({ who, of, ask, size = 64 }: FaceProps) {
  const words = useWords(sharedWords);
  const [place, inSight] = useInSight<HTMLDivElement>();
  const [broken, setBroken] = useState(false);
  const link = useQuery({
    queryKey: ["face", ...(of ?? [])],
    queryFn: ask,
    enabled: inSight && of !== undefined,
    staleTime: 240_000,
    retry: false,
  });
  const shown = link.data && !broken;
  const waiting = of !== undefined && !link.isError && !broken;
  return (
    <div
      ref={place}
      style={{ width: `${size / 16}rem`, height: `${size / 16}rem` }}
      className="flex flex-none items-center justify-center overflow-hidden rounded-lg bg-[rgb(128_140_150/0.18)] text-2xl"
    >
      {shown ? (
        <img
          src={link.data.url}
          alt={words.face(who)}
          className="h-full w-full object-cover"
          onError={() => setBroken(true)}
        />
      ) : (
        <UserOutlined {...(waiting ? { "aria-hidden": true } : { "aria-label": words.noPicture })} />
      )}
    </div>
  );
}

function useInSight<E extends Element>(): readonly [React.RefObject<E | null>, boolean] {
  const place = useRef<E>(null);
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setInSight(true);
        watcher.disconnect();
      },
      { rootMargin: "100px" },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return [place, inSight];
}
