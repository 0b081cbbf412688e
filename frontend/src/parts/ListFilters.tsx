// The filters of a list: a search that is always in sight, and others that a phone unfolds.

import { FilterOutlined } from "@ant-design/icons";
import { Button, Grid } from "antd";
import { type ReactNode, useState } from "react";
import { useWords } from "@/words/words";
import { SearchField } from "./SearchField";
import { sharedWords } from "./words";

interface ListFiltersProps<F extends { readonly q: string }> {
  readonly filters: F;
  /** What is set when the filters are cleared; its keys are what counts as a filter. */
  readonly none: { readonly q: string } & Partial<Record<keyof F, "">>;
  readonly searchLabel: string;
  readonly onChange: (changed: Partial<F>) => void;
  readonly children: ReactNode;
}

export function ListFilters<F extends { readonly q: string }>(props: ListFiltersProps<F>) {
  const { filters, none, searchLabel, onChange, children } = props;
  const words = useWords(sharedWords);
  const wide = Grid.useBreakpoint().md ?? true;
  const [open, setOpen] = useState(false);
  const used = Object.keys(none).filter((name) => filters[name as keyof F]).length;
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2 max-sm:[&>*]:grow" aria-label={words.filters}>
      <SearchField value={filters.q} label={searchLabel} onSearch={(q) => onChange({ q } as Partial<F>)} />
      {!wide && (
        <Button icon={<FilterOutlined aria-hidden />} aria-expanded={open} onClick={() => setOpen(!open)}>
          {words.filters}
          {used > 0 && ` (${used})`}
        </Button>
      )}
      {(wide || open) && (
        <>
          {children}
          {used > 0 && (
            <Button type="link" onClick={() => onChange(none as Partial<F>)}>
              {words.clear}
            </Button>
          )}
        </>
      )}
    </search>
  );
}
