// Which language the portal speaks: chosen once per browser, Vietnamese unless the browser asks for another.

import { useSyncExternalStore } from "react";

export const LANGUAGES = ["vi", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT = "regulars.language";
const listeners = new Set<() => void>();
let current: Language | undefined;

/** The language now spoken, outside of React. */
export function language(): Language {
  if (!current) {
    const kept = localStorage.getItem(KEPT);
    const asked = navigator.language.startsWith("en") ? "en" : "vi";
    current = LANGUAGES.find((known) => known === kept) ?? asked;
    document.documentElement.lang = current;
  }
  return current;
}

/** Speak another language from now on, and remember it. */
export function speak(chosen: Language): void {
  current = chosen;
  localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen;
  for (const told of listeners) told();
}

/** The language now spoken; the component renders again when it changes, in another tab as well. */
export function useLanguage(): Language {
  return useSyncExternalStore(follow, language);
}

function follow(told: () => void): () => void {
  const elsewhere = ({ key }: StorageEvent) => {
    if (key !== KEPT) return;
    current = undefined;
    told();
  };
  listeners.add(told);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(told);
    window.removeEventListener("storage", elsewhere);
  };
}
