import { inWords } from "@/words/words";

export const partsWords = inWords(
  { site: "Cửa hàng", allSites: "Tất cả cửa hàng" },
  { site: "Site", allSites: "All sites" },
);
