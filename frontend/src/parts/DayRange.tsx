// Choosing days, the first and the last; either may stay open. Two fields, since a phone has no room for two months.

import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import "dayjs/locale/vi";
import { inWords, useWords } from "@/words/words";
import { isDay } from "./days";

const dayWords = inWords({ from: "Từ ngày", to: "Đến ngày" }, { from: "From day", to: "To day" });

interface DayRangeProps {
  /** Days as `2026-11-22`, empty where it is open. */
  readonly from: string;
  readonly to: string;
  readonly onChange: (changed: { readonly from?: string; readonly to?: string }) => void;
}

export function DayRange({ from, to, onChange }: DayRangeProps) {
  const words = useWords(dayWords);
  return (
    <span className="flex items-center gap-1">
      <DatePicker
        aria-label={words.from}
        placeholder={words.from}
        format="DD/MM/YYYY"
        className="w-36"
        value={dayOf(from)}
        maxDate={dayOf(to) ?? dayjs()}
        onChange={(day) => onChange({ from: told(day) })}
      />
      <span aria-hidden>–</span>
      <DatePicker
        aria-label={words.to}
        placeholder={words.to}
        format="DD/MM/YYYY"
        className="w-36"
        value={dayOf(to)}
        {...(isDay(from) ? { minDate: dayjs(from) } : {})}
        onChange={(day) => onChange({ to: told(day) })}
      />
    </span>
  );
}

function dayOf(text: string): Dayjs | null {
  return isDay(text) ? dayjs(text) : null;
}

function told(day: Dayjs | null | undefined): string {
  return day ? day.format("YYYY-MM-DD") : "";
}
