// Which customers are wanted, and in what order.

import { Select } from "antd";
import { Choice } from "@/parts/Choice";
import { DayRange } from "@/parts/DayRange";
import { ListFilters } from "@/parts/ListFilters";
import { peopleWords } from "@/parts/people/words";
import { SiteSelect } from "@/parts/SiteSelect";
import { useWords } from "@/words/words";
import { customersWords } from "./words";

export const FILTERS = ["q", "site", "from", "to", "gender", "named", "sort"] as const;
export const GENDERS = ["male", "female", "unknown"] as const;
export const SORTS = ["-last_visit_at", "-visits", "-first_visit_at", "first_visit_at", "name"] as const;
export type CustomerFilters = Readonly<Record<(typeof FILTERS)[number], string>>;
const NONE = { q: "", site: "", from: "", to: "", gender: "", named: "" } as const;

interface CustomerFilterBarProps {
  readonly filters: CustomerFilters;
  readonly onChange: (changed: Partial<CustomerFilters>) => void;
}

export function CustomerFilterBar({ filters, onChange }: CustomerFilterBarProps) {
  const words = useWords(customersWords);
  const people = useWords(peopleWords);
  return (
    <ListFilters filters={filters} none={NONE} searchLabel={words.search} onChange={onChange}>
      <SiteSelect value={filters.site} onChange={(site) => onChange({ site })} />
      <DayRange from={filters.from} to={filters.to} onChange={onChange} />
      <Choice
        label={words.gender}
        any={words.anyGender}
        value={filters.gender}
        choices={people.genders}
        onChange={(gender) => onChange({ gender })}
      />
      <Choice
        label={words.named}
        any={words.anyNamed}
        value={filters.named}
        choices={{ yes: words.isNamed, no: words.isUnnamed }}
        onChange={(named) => onChange({ named })}
      />
      <Select
        aria-label={words.sort}
        className="min-w-40"
        value={SORTS.find((one) => one === filters.sort) ?? "-last_visit_at"}
        onChange={(sort) => onChange({ sort: sort === "-last_visit_at" ? "" : sort })}
        options={SORTS.map((one) => ({ value: one, label: words.sorts[one] }))}
      />
    </ListFilters>
  );
}
