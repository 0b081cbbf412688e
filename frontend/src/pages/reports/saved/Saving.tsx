// The head's two buttons: what was saved before, and saving what is shown.

import { FolderOpenOutlined, SaveOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import type { SavedReport } from "@/api/schema";
import { useMay } from "@/app/session";
import { useWords } from "@/words/words";
import type { Asked, Filters } from "../filters";
import { SavedDrawer } from "./SavedDrawer";
import { SaveForm } from "./SaveForm";
import { savedWords } from "./words";

export function Saving({ filters, asked }: { readonly filters: Filters; readonly asked: Asked }) {
  const words = useWords(savedWords);
  const mayChange = useMay("reports.change");
  const [looking, setLooking] = useState(false);
  const [form, setForm] = useState<{ readonly of?: SavedReport }>();
  return (
    <>
      <Button icon={<FolderOpenOutlined aria-hidden />} onClick={() => setLooking(true)}>
        {words.saved}
      </Button>
      {mayChange && (
        <Button type="primary" icon={<SaveOutlined aria-hidden />} onClick={() => setForm({})}>
          {words.save}
        </Button>
      )}
      {looking && (
        <SavedDrawer
          filters={filters}
          asked={asked}
          onEdit={(of) => setForm({ of })}
          onClose={() => setLooking(false)}
        />
      )}
      {form && <SaveForm query={asked.query} of={form.of} onClose={() => setForm(undefined)} />}
    </>
  );
}
