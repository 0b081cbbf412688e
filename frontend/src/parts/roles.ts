// What the roles are called.

import { inWords } from "@/words/words";

export const roleWords = inWords(
  {
    operator: "Vận hành nền tảng",
    owner: "Chủ chuỗi",
    manager: "Quản lý cửa hàng",
    analyst: "Phân tích",
  },
  { operator: "Platform operator", owner: "Owner", manager: "Site manager", analyst: "Analyst" },
);
