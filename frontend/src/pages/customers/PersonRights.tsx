// What a person may ask for: all that is kept of them, to be passed over from now on, to be forgotten.

import { Button, Card, Typography } from "antd";
import { useState } from "react";
import { useLocation } from "react-router";
import type { CustomerDetail } from "@/api/schema";
import { useMay } from "@/app/session";
import { Download } from "@/parts/Download";
import { useWords } from "@/words/words";
import { Forget } from "./Forget";
import { rightsWords } from "./rights";

export function PersonRights({ customer }: { readonly customer: CustomerDetail }) {
  const words = useWords(rightsWords);
  const mayExport = useMay("customers.export");
  const mayErase = useMay("customers.erase");
  const [open, setOpen] = useState<"erase" | "object">();
  const proof = proofIn(useLocation().state);
  return (
    <Card title={<h2 className="m-0 text-lg">{words.rights}</h2>}>
      <Typography.Paragraph type="secondary">{words.rightsHelp}</Typography.Paragraph>
      <div className="flex flex-col items-start gap-2">
        {mayExport && <Download path={`/v1/customers/${customer.customer_id}/export`} label={words.export} />}
        {mayErase && (
          <>
            <Button onClick={() => setOpen("object")}>{words.object}</Button>
            <Button danger onClick={() => setOpen("erase")}>
              {words.erase}
            </Button>
          </>
        )}
      </div>
      <Forget customer={customer} how={open} proof={proof} onClose={() => setOpen(undefined)} />
    </Card>
  );
}

/** The proof that a search by selfie has handed over with the link to this page. */
function proofIn(state: unknown): string | undefined {
  const given = typeof state === "object" && state !== null && "proof" in state ? state.proof : undefined;
  return typeof given === "string" ? given : undefined;
}
