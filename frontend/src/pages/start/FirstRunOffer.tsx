// On Today, where there is a site but no camera yet: the way to the first run.

import { Alert, Button } from "antd";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useWords } from "@/words/words";
import { startWords } from "./words";

/** Asks for cameras only where none should run; shown to who may add one. */
export function FirstRunOffer() {
  const words = useWords(startWords);
  const cameras = api.useQuery("get", "/v1/cameras", { params: { query: { limit: 1 } } });
  if (cameras.data?.items.length !== 0) return null;
  return (
    <Alert
      type="info"
      showIcon
      className="!mb-4"
      title={words.offer}
      action={
        <Link to="/start">
          <Button type="primary">{words.offerStart}</Button>
        </Link>
      }
    />
  );
}
