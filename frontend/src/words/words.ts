// Words in two languages, beside the page that says them; a key that one language lacks does not compile.

import { type Language, useLanguage } from "./language";

type Saying = string | ((...values: never[]) => string);
export interface Sayings {
  readonly [key: string]: Saying | Sayings;
}
/** The same keys; a sentence stays a sentence, one with gaps keeps its gaps. */
type Same<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : Same<T[K]>;
};
export type Words<T> = Readonly<Record<Language, Same<T>>>;

/** Say the same in both languages. Vietnamese comes first: it decides which keys there are. */
export function inWords<const T extends Sayings>(vi: T, en: Same<T>): Words<T> {
  return { vi: vi as unknown as Same<T>, en }; // a T is the same as itself, which TypeScript cannot see
}

/** The words in the language now spoken. */
export function useWords<T>(words: Words<T>): Same<T> {
  return words[useLanguage()];
}
