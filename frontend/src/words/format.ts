// Numbers, dates and lengths of time as the spoken language writes them; times in the site's zone, never the browser's.

import { useMemo } from "react";
import { type Language, useLanguage } from "./language";

export const LOCALES: Readonly<Record<Language, string>> = { vi: "vi-VN", en: "en-GB" };

export interface Format {
  readonly number: (value: number) => string;
  readonly percent: (share: number) => string;
  readonly date: (iso: string, zone: string) => string;
  readonly time: (iso: string, zone: string) => string;
  readonly dateTime: (iso: string, zone: string) => string;
  /** A calendar day without a zone, `2026-11-22`. */
  readonly day: (day: string) => string;
  readonly duration: (seconds: number) => string;
  readonly ago: (iso: string, now: Date) => string;
}

export function formatFor(language: Language): Format {
  const locale = LOCALES[language];
  const at = (options: Intl.DateTimeFormatOptions) => (iso: string, zone: string) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(new Date(iso));
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const minute = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "short" });
  const hour = new Intl.NumberFormat(locale, {
    style: "unit",
    unit: "hour",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  });
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    date: at({ dateStyle: "medium" }),
    time: at({ hour: "2-digit", minute: "2-digit" }),
    dateTime: at({ dateStyle: "medium", timeStyle: "short" }),
    day: (day) =>
      at({ weekday: "short", day: "numeric", month: "short", year: "numeric" })(`${day}T12:00:00Z`, "UTC"),
    duration: (seconds) =>
      seconds > 0 && seconds < 60
        ? `< ${minute.format(1)}`
        : seconds < 5400
          ? minute.format(Math.round(seconds / 60))
          : hour.format(seconds / 3600),
    ago: (iso, now) => {
      const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
      if (seconds > -60) return relative.format(Math.round(seconds), "second");
      if (seconds > -3600) return relative.format(Math.round(seconds / 60), "minute");
      if (seconds > -86_400) return relative.format(Math.round(seconds / 3600), "hour");
      return relative.format(Math.round(seconds / 86_400), "day");
    },
  };
}

/** The format of the language now spoken. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => formatFor(language), [language]);
}
