// Which visits are wanted, and in what order.

import { Select } from "antd";
import { Choice } from "@/parts/Choice";
import { DayRange } from "@/parts/DayRange";
import { ListFilters } from "@/parts/ListFilters";
import { peopleWords } from "@/parts/people/words";
import { SiteSelect } from "@/parts/SiteSelect";
import { statusWords } from "@/parts/StatusTag";
import { useWords } from "@/words/words";
import { visitsWords } from "./words";

export const FILTERS = ["site", "from", "to", "status", "gender", "direction", "q", "sort", "view"] as const;
export type VisitFilters = Readonly<Record<(typeof FILTERS)[number], string>>;
const NONE = { site: "", from: "", to: "", status: "", gender: "", direction: "", q: "" } as const;

interface VisitFilterBarProps {
  readonly filters: VisitFilters;
  readonly onChange: (changed: Partial<VisitFilters>) => void;
}

export function VisitFilterBar({ filters, onChange }: VisitFilterBarProps) {
  const words = useWords(visitsWords);
  const people = useWords(peopleWords);
  const statuses = useWords(statusWords);
  return (
    <ListFilters filters={filters} none={NONE} searchLabel={words.search} onChange={onChange}>
      <SiteSelect value={filters.site} onChange={(site) => onChange({ site })} />
      <DayRange from={filters.from} to={filters.to} onChange={onChange} />
      <Choice
        label={words.status}
        any={words.anyStatus}
        value={filters.status}
        choices={statuses}
        onChange={(status) => onChange({ status })}
      />
      <Choice
        label={words.gender}
        any={words.anyGender}
        value={filters.gender}
        choices={people.genders}
        onChange={(gender) => onChange({ gender })}
      />
      <Choice
        label={words.direction}
        any={words.anyDirection}
        value={filters.direction}
        choices={people.directions}
        onChange={(direction) => onChange({ direction })}
      />
      <Select
        aria-label={words.sort}
        value={filters.sort === "started_at" ? "started_at" : ""}
        onChange={(sort: string) => onChange({ sort })}
        options={[
          { value: "", label: words.newest },
          { value: "started_at", label: words.oldest },
        ]}
      />
    </ListFilters>
  );
}
