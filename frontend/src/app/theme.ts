// How the portal looks: one quiet green, large enough to read at arm's length, dark where the system is dark.

import { type ThemeConfig, theme } from "antd";
import { useSyncExternalStore } from "react";

const dark = matchMedia("(prefers-color-scheme: dark)");
/** A screen on a wall, or one that is looked at from afar; `app.css` enlarges there, too. */
const large = matchMedia("(min-width: 2560px)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the system asks for dark colours, which paper has none of; the component renders again when that changes. */
export function useDark(): boolean {
  const printing = usePrinting();
  return useMedia(dark) && !printing;
}

/** Whether the page is being put on paper. */
export function usePrinting(): boolean {
  return useSyncExternalStore(followPrinting, () => isPrinting);
}

/** Whether everything is drawn larger, since the screen is that of a wall. */
export function useLarge(): boolean {
  return useMedia(large);
}

/** Whether nothing should slide or fade, since the system asks for less motion. */
export function useStill(): boolean {
  return useMedia(still);
}

let isPrinting = false;

function followPrinting(told: () => void): () => void {
  const turn = ({ type }: Event) => {
    isPrinting = type === "beforeprint";
    told();
  };
  window.addEventListener("beforeprint", turn);
  window.addEventListener("afterprint", turn);
  return () => {
    window.removeEventListener("beforeprint", turn);
    window.removeEventListener("afterprint", turn);
  };
}

function useMedia(media: MediaQueryList): boolean {
  return useSyncExternalStore(
    (told) => {
      media.addEventListener("change", told);
      return () => media.removeEventListener("change", told);
    },
    () => media.matches,
  );
}

/** Ant Design's theme; contrasts are at least 4.5 to 1 in both. */
export function themeFor(isDark: boolean, isLarge: boolean, isStill: boolean): ThemeConfig {
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      motion: !isStill,
      colorPrimary: isDark ? "#2dac9c" : "#0f766e",
      colorInfo: isDark ? "#2dac9c" : "#0f766e",
      colorLink: isDark ? "#4fc3b5" : "#0f766e",
      colorPrimaryHover: isDark ? "#4fc3b5" : "#0b5d56",
      colorLinkHover: isDark ? "#7fd9cd" : "#0b5d56",
      colorErrorHover: isDark ? "#ffaaa2" : "#a01c22",
      colorError: isDark ? "#ff8a80" : "#c0262d",
      colorSuccess: isDark ? "#6fd08c" : "#237a3b",
      colorWarning: isDark ? "#f0b050" : "#a15c00",
      colorInfoBg: isDark ? "#14302c" : "#e6f4f1",
      colorErrorBg: isDark ? "#3a1a18" : "#fdecec",
      colorSuccessBg: isDark ? "#16301f" : "#e6f4ea",
      colorWarningBg: isDark ? "#3a2b15" : "#fdf0dc",
      colorBgLayout: isDark ? "#14171a" : "#f6f5f2",
      colorTextSecondary: isDark ? "#a9b3ba" : "#56616a",
      colorTextTertiary: isDark ? "#9aa5ad" : "#5f6a72",
      colorTextDescription: isDark ? "#a9b3ba" : "#56616a",
      colorTextPlaceholder: isDark ? "#98a3ab" : "#67727a",
      borderRadius: 8,
      ...(isLarge ? { fontSize: 21, controlHeight: 44, sizeUnit: 5, sizePopupArrow: 22 } : { fontSize: 15 }),
      fontFamily: 'system-ui, "Noto Sans", sans-serif',
    },
    components: {
      Radio: { colorBorder: isDark ? "#8b959c" : "#7b858c" },
      Checkbox: { colorBorder: isDark ? "#8b959c" : "#7b858c" },
      Button: isDark ? { primaryColor: "#04211d", dangerColor: "#2a0b08" } : {},
      Menu: {
        itemSelectedBg: isDark ? "#16332f" : "#d9efec",
        itemSelectedColor: isDark ? "#5fd0c2" : "#0b5d56",
      },
    },
  };
}
