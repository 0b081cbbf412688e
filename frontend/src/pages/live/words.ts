import { inWords } from "@/words/words";

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const suffixes = { one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" };

export const liveWords = inWords(
  {
    title: "Xem trực tiếp",
    empty: "Chưa có camera nào. Thêm camera để xem cửa hàng của bạn.",
    emptyHere: "Cửa hàng này chưa có camera nào.",
    addCamera: "Thêm camera",
    wall: "Các camera khác",
    pictureOf: (name: string) => `Hình trực tiếp từ camera ${name}`,
    boxes: "Khung nhận diện",
    waiting: "Đang chờ hình đầu tiên…",
    old: (ago: string) => `Hình đã cũ ${ago}`,
    recognized: "Vừa nhận ra ở camera này",
    recognizedNone: "Khách được nhận ra sẽ hiện ở đây, ngay sau khi đi qua.",
    countsOnly: "Camera này chỉ đếm, không nhận ra ai.",
    settings: "Thiết lập camera",
    customer: (handle: string) => `Khách ${handle}`,
    nth: (n: number) => (n === 1 ? "lần đầu" : `lần thứ ${n}`),
    newCustomer: (handle: string) => `Khách mới ${handle}`,
    staff: "Nhân viên",
    staffNamed: (name: string) => `${name} (nhân viên)`,
    undetermined: "Chưa rõ",
  },
  {
    title: "Live view",
    empty: "There is no camera yet. Add one to see your shop.",
    emptyHere: "This site has no camera yet.",
    addCamera: "Add a camera",
    wall: "Other cameras",
    pictureOf: (name: string) => `Live picture of the camera ${name}`,
    boxes: "Recognition boxes",
    waiting: "Waiting for the first picture…",
    old: (ago: string) => `The picture is ${ago} old`,
    recognized: "Just recognized at this camera",
    recognizedNone: "People appear here right after they have walked by.",
    countsOnly: "This camera only counts and recognizes nobody.",
    settings: "Camera settings",
    customer: (handle: string) => `Guest ${handle}`,
    nth: (n: number) => (n === 1 ? "first visit" : `${n}${suffixes[ordinals.select(n)]} visit`),
    newCustomer: (handle: string) => `New guest ${handle}`,
    staff: "Staff",
    staffNamed: (name: string) => `${name} (staff)`,
    undetermined: "Not clear",
  },
);
