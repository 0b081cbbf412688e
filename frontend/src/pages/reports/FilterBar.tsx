// What the report is of: days, sites, how it is cut, hours and gender. All of it stands in the URL.

import { Button, Card, Select } from "antd";
import { DayRange } from "@/parts/DayRange";
import { useSites } from "@/parts/SiteSelect";
import { useWords } from "@/words/words";
import { type Asked, bandChanged, bandOf, FILTERS, type Filters, GENDERS, sitesOf } from "./filters";
import { filterWords } from "./filterWords";
import { BUCKETS, PRESETS, USUAL_PRESET } from "./ranges";
import { reportWords } from "./words";

interface FilterBarProps {
  readonly filters: Filters;
  readonly asked: Asked;
  readonly onChange: (changed: Partial<Filters>) => void;
}

const HOURS = Array.from({ length: 25 }, (_, hour) => ({ value: hour, label: `${hour}:00` }));

export function FilterBar({ filters, asked, onChange }: FilterBarProps) {
  const words = useWords(filterWords);
  const { buckets, figures } = useWords(reportWords);
  const sites = useSites();
  const { days } = asked;
  const preset = PRESETS.find((one) => one === filters.range);
  const chosen = preset ?? (filters.from || filters.to ? "chosen" : USUAL_PRESET);
  const used = FILTERS.some((name) => filters[name]);
  return (
    <Card role="search" aria-label={words.filters} size="small">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={words.range}
          className="min-w-48 max-sm:w-full"
          value={chosen}
          onChange={(range) =>
            onChange(
              range === "chosen"
                ? { range: "", from: days.from, to: days.to }
                : { range: range === USUAL_PRESET ? "" : range, from: "", to: "" },
            )
          }
          options={[...PRESETS, "chosen" as const].map((one) => ({ value: one, label: words.ranges[one] }))}
        />
        {chosen === "chosen" && (
          <DayRange
            from={days.from}
            to={days.to}
            onChange={(changed) => onChange({ range: "", from: days.from, to: days.to, ...changed })}
          />
        )}
        {sites.length > 1 && (
          <Select
            mode="multiple"
            aria-label={words.sites}
            placeholder={words.allSites}
            className="min-w-48 max-w-96 flex-1 max-sm:w-full max-sm:max-w-none max-sm:flex-none"
            maxTagCount="responsive"
            allowClear
            value={sitesOf(filters.sites)}
            onChange={(chosenSites: readonly string[]) => onChange({ sites: chosenSites.join(",") })}
            showSearch={{ optionFilterProp: "label" }}
            options={sites.map((site) => ({ value: site.site_id, label: site.name }))}
          />
        )}
        <Select
          aria-label={words.bucket}
          className="min-w-40 max-sm:flex-1"
          value={asked.bucket}
          prefix={words.bucket}
          onChange={(bucket) => onChange({ bucket })}
          options={BUCKETS.map((one) => ({ value: one, label: buckets[one] }))}
        />
        <Hours hours={filters.hours} onChange={(hours) => onChange({ hours })} />
        <Select
          aria-label={words.gender}
          className="min-w-36 max-sm:flex-1"
          value={filters.gender}
          onChange={(gender) => onChange({ gender })}
          options={[
            { value: "", label: words.bothGenders },
            ...GENDERS.map((one) => ({ value: one, label: figures[one] })),
          ]}
        />
        {used && (
          <Button type="text" onClick={() => onChange(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>
            {words.clear}
          </Button>
        )}
      </div>
    </Card>
  );
}

function Hours({ hours, onChange }: { readonly hours: string; readonly onChange: (hours: string) => void }) {
  const words = useWords(filterWords);
  const band = bandOf(hours);
  return (
    <span className="flex items-center gap-1 max-sm:w-full">
      <Select
        aria-label={words.hourFrom}
        placeholder={words.hourFrom}
        className="w-32 max-sm:min-w-0 max-sm:flex-1"
        allowClear
        value={band?.from}
        onChange={(from: number | undefined) => onChange(bandChanged(band, { from }))}
        options={HOURS.slice(0, 24)}
      />
      <span aria-hidden>–</span>
      <Select
        aria-label={words.hourTo}
        placeholder={words.hourTo}
        className="w-32 max-sm:min-w-0 max-sm:flex-1"
        allowClear
        value={band?.to}
        onChange={(to: number | undefined) => onChange(bandChanged(band, { to }))}
        options={HOURS.slice(1)}
      />
    </span>
  );
}
