// Keeps what shows cameras fresh: asked anew when the chain's news tell of one, and now and then for a worker that is gone.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useLive } from "@/api/live";
import { useMay } from "@/app/session";
import { LiveLine } from "@/parts/LiveLine";
import { camerasChanged } from "./change";

const NEWS = ["camera_changed"];
const ASK_AGAIN_MS = 20_000;

/** `quiet`: says nothing of its own line, where the page shows another one. */
export function Following({ quiet = false }: { readonly quiet?: boolean }) {
  const queries = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => void camerasChanged(queries), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [queries]);
  return useMay("live.watch") ? <Listening quiet={quiet} /> : null;
}

function Listening({ quiet }: { readonly quiet: boolean }) {
  const queries = useQueryClient();
  const onNews = useCallback(() => camerasChanged(queries), [queries]);
  const line = useLive(NEWS, onNews);
  return quiet ? null : <LiveLine line={line} />;
}
