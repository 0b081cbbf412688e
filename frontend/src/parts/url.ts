// Filters live in the URL, so that a view can be sent to somebody and found again after a reload.

import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

/** The named parameters as strings, empty when absent, and a way to change some of them. */
export function useUrlFilters<K extends string>(
  names: readonly K[],
): readonly [Readonly<Record<K, string>>, (changed: Partial<Record<K, string>>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const joined = names.join(" ");
  const filters = useMemo(
    () =>
      Object.fromEntries(joined.split(" ").map((name) => [name, parameters.get(name) ?? ""])) as Record<
        K,
        string
      >,
    [parameters, joined],
  );
  const change = useCallback(
    (changed: Partial<Record<K, string>>) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries<string | undefined>(changed)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return [filters, change];
}

/** A filter for a query: left out when it is empty. */
export function given<K extends string>(name: K, value: string): Partial<Record<K, string>> {
  return value ? ({ [name]: value } as Record<K, string>) : {};
}
