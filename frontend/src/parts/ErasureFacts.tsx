// What the receipt of an erasure says, wherever it is shown: how much was removed, and what was left afterwards.

import { Descriptions, Typography } from "antd";
import type { Erasure } from "@/api/schema";
import { useFormat } from "@/words/format";
import { inWords, useWords } from "@/words/words";
import { useChainZone } from "./zone";

/** As the receipt's PDF has them (`regulars/rendering/receipt.py`); `removed` by the names of the receipt. */
export const erasureWords = inWords(
  {
    number: "Mã số",
    asked: "Yêu cầu lúc",
    finished: "Hoàn tất lúc",
    inProgress: "Đang xóa",
    extent: "Phạm vi",
    whole: "Người này không còn trong hệ thống.",
    part: "Dữ liệu của chuỗi này; các chuỗi khác vẫn có thể biết người này.",
    took: "Đã xóa",
    nothing: "Chưa có gì.",
    looked: "Đã kiểm tra lại",
    left: (where: string, count: string) => `${where}: còn ${count}`,
    removed: {
      chains: "Chuỗi đã biết khách này",
      consents: "Ý kiến đồng ý",
      corrections: "Chỉnh sửa",
      customers: "Hồ sơ khách",
      face_templates: "Đặc điểm khuôn mặt",
      live_events: "Tin trực tiếp",
      looks_wanted: "Yêu cầu ghi nhớ khuôn mặt",
      objects: "Tệp ảnh",
      pairs: "Cặp khách nghi là một người",
      sightings_unlinked: "Lần nhận diện không còn tên",
      staff: "Hồ sơ nhân viên",
      photographs: "Ảnh nhân viên",
      vectors: "Đặc điểm trong kho tìm kiếm",
      visits_unlinked: "Lượt khách không còn tên",
      webhook_deliveries: "Tin webhook",
    },
    where: { postgresql: "Cơ sở dữ liệu", vectors: "Kho tìm kiếm", objects: "Kho ảnh" },
  },
  {
    number: "Number",
    asked: "Asked for",
    finished: "Finished",
    inProgress: "In progress",
    extent: "Extent",
    whole: "The person is gone from the system.",
    part: "What this chain kept; other chains may know the person still.",
    took: "Removed",
    nothing: "Nothing yet.",
    looked: "Looked through afterwards",
    left: (where: string, count: string) => `${where}: ${count} left`,
    removed: {
      chains: "Chains that knew them",
      consents: "Consents",
      corrections: "Corrections",
      customers: "Customers",
      face_templates: "Looks of the face",
      live_events: "Live news",
      looks_wanted: "Looks that were to be learned",
      objects: "Picture files",
      pairs: "Pairs that may be one person",
      sightings_unlinked: "Recognitions made nameless",
      staff: "Members of staff",
      photographs: "Photographs of staff",
      vectors: "Looks in the search index",
      visits_unlinked: "Visits made nameless",
      webhook_deliveries: "Webhook messages",
    },
    where: { postgresql: "Database", vectors: "Search index", objects: "Object store" },
  },
);

export function ErasureFacts({ erasure }: { readonly erasure: Erasure }) {
  const words = useWords(erasureWords);
  const names: Readonly<Record<string, string>> = words.removed;
  const format = useFormat();
  const zone = useChainZone();
  const removed = Object.entries(erasure.removed).filter(([, count]) => count > 0);
  const number = (
    <Typography.Text code copyable className="break-all">
      {erasure.erasure_id}
    </Typography.Text>
  );
  const items = [
    { label: words.number, said: number },
    { label: words.asked, said: format.dateTime(erasure.asked_at, zone) },
    {
      label: words.finished,
      said: erasure.finished_at ? format.dateTime(erasure.finished_at, zone) : words.inProgress,
    },
    { label: words.extent, said: erasure.whole ? words.whole : words.part },
    {
      label: words.took,
      said: (
        <Lines lines={removed.map(([name, count]) => `${names[name] ?? name}: ${format.number(count)}`)} />
      ),
    },
    {
      label: words.looked,
      said: (
        <Lines
          lines={erasure.verified.map((one) =>
            words.left(words.where[one.where], format.number(one.remaining)),
          )}
        />
      ),
    },
  ];
  return (
    <Descriptions
      column={1}
      size="small"
      bordered
      items={items.map(({ label, said }) => ({ key: label, label, children: said }))}
    />
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  const words = useWords(erasureWords);
  if (lines.length === 0) return <>{words.nothing}</>;
  return (
    <ul className="m-0 list-none p-0">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
