// Sending pictures of faces: the file itself is the body, never a form or JSON.

import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { gateway } from "@/api/client";
import { answered } from "@/api/resource";
import type { AddedPhotograph, FoundPeople } from "@/api/schema";

/** How the client is told to send a picture as it is. */
function asItIs(picture: Blob) {
  return {
    body: "", // what is sent is the picture; the type of a body in JSON is text
    bodySerializer: () => picture,
    headers: { "Content-Type": picture.type || "image/jpeg" },
  };
}

interface SearchAsked {
  readonly siteId: string;
  /** A moment near the visit. */
  readonly visitedAt: string;
  readonly picture: Blob;
}

/** Search for who is on a picture, among those who were there then. */
export function useSearchByPicture(): UseMutationResult<FoundPeople, unknown, SearchAsked> {
  return useMutation({
    mutationFn: async ({ siteId, visitedAt, picture }: SearchAsked) => {
      const query = { site_id: siteId, visited_at: visitedAt };
      const call = gateway.POST("/v1/rights/find-me", { params: { query }, ...asItIs(picture) });
      return (await answered(call)).value;
    },
  });
}

/** Have a photograph of a member judged and kept. */
export async function sendPhotograph(staffId: string, picture: Blob): Promise<AddedPhotograph> {
  const path = { staff_id: staffId };
  const call = gateway.POST("/v1/staff/{staff_id}/photographs", { params: { path }, ...asItIs(picture) });
  return (await answered(call)).value;
}
