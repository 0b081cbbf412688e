// The page's filters: in the URL as text, and as the question that the gateway is asked.

import { BUCKETS, type Bucket, type Days, type ReportQuery, rangeOf, usualBucket } from "./ranges";

export const FILTERS = ["range", "from", "to", "sites", "bucket", "hours", "gender"] as const;
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;
export const GENDERS = ["male", "female", "unknown"] as const;

/** Clock hours from the first to before the second, 1 to 24; it may run over midnight. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

/** `18-2` as a band; undefined where it is none or the whole day. */
export function bandOf(text: string): Band | undefined {
  const found = /^(\d{1,2})-(\d{1,2})$/.exec(text);
  const [from, to] = [Number(found?.[1]), Number(found?.[2])];
  if (!found || from > 23 || to > 24 || from === to || (from === 0 && to === 24)) return undefined;
  return { from, to };
}

/** A band in the URL after one of its ends has been chosen; nothing where an end was taken away. */
export function bandChanged(
  band: Band | undefined,
  changed: { from?: number | undefined; to?: number | undefined },
): string {
  if ("from" in changed && changed.from === undefined) return "";
  if ("to" in changed && changed.to === undefined) return "";
  const { from, to } = { from: band?.from ?? 0, to: band?.to ?? 24, ...changed };
  return `${from}-${to}`;
}

export function sitesOf(text: string): readonly string[] {
  return text ? text.split(",") : [];
}

export interface Asked {
  readonly days: Days;
  readonly bucket: Bucket;
  readonly query: ReportQuery;
}

/** What the URL asks for. */
export function askedOf(filters: Filters, today: string): Asked {
  const days = rangeOf(filters, today);
  const bucket = BUCKETS.find((one) => one === filters.bucket) ?? usualBucket(days);
  const band = bandOf(filters.hours);
  const gender = GENDERS.find((one) => one === filters.gender);
  const sites = sitesOf(filters.sites);
  return {
    days,
    bucket,
    query: {
      from: days.from,
      to: days.to,
      bucket,
      ...(band ? { hour_from: band.from, hour_to: band.to } : {}),
      ...(gender ? { gender } : {}),
      ...(sites.length > 0 ? { site_id: [...sites] } : {}),
    },
  };
}
