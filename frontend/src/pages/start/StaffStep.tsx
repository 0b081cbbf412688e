// The last step: why staff should be known, and the way on.

import { Alert, Button, Card, Typography } from "antd";
import { Link } from "react-router";
import { useMay } from "@/app/session";
import { useWords } from "@/words/words";
import { startWords } from "./words";

/** `ready`: there is a camera, so the chain counts from now on. */
export function StaffStep({ ready }: { readonly ready: boolean }) {
  const words = useWords(startWords);
  const mayAdd = useMay("staff.change");
  return (
    <Card className="max-w-xl" title={<h2 className="m-0 text-base">{words.staffTitle}</h2>}>
      <Typography.Paragraph>{words.staffHelp}</Typography.Paragraph>
      {ready && <Alert type="success" showIcon className="!mb-4" title={words.ready} />}
      <div className="flex flex-wrap gap-2">
        {mayAdd && (
          <Link to="/staff">
            <Button>{words.addStaff}</Button>
          </Link>
        )}
        <Link to="/today">
          <Button type="primary">{words.toToday}</Button>
        </Link>
      </div>
    </Card>
  );
}
