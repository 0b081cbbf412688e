// Changing a camera, and what is asked anew after it.

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

/** Ask anew what shows cameras. */
export async function camerasChanged(queries: QueryClient): Promise<void> {
  await Promise.all(
    ["/v1/cameras", "/v1/cameras/{camera_id}", "/v1/figures/today"].map((path) =>
      queries.invalidateQueries({ queryKey: ["get", path] }),
    ),
  );
}

/** Start, stop, switch recognition: whatever else of the camera has changed meanwhile stays. */
export function useCameraChange() {
  const queries = useQueryClient();
  return api.useMutation("patch", "/v1/cameras/{camera_id}", { onSettled: () => camerasChanged(queries) });
}
