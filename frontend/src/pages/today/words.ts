import { ordinal } from "@/words/ordinal";
import { inWords } from "@/words/words";

export const todayWords = inWords(
  {
    title: "Hôm nay",
    inside: "Đang ở trong",
    insideUnknown: {
      not_yet: "chưa biết. Sẽ báo khi 9 phần 10 số khách vào đã được đếm lúc ra.",
      few_leaving:
        "chưa báo, vì gần đây chưa tới 9 phần 10 số khách vào được đếm lúc ra; số này sẽ tăng dần cả ngày. Kiểm tra camera nhìn lối ra: đếm tốt trở lại thì hôm sau số này hiện ra, cửa hàng vắng thì sau vài ngày.",
      few_coming:
        "chưa báo, vì gần đây chưa tới 9 phần 10 số khách ra được đếm lúc vào; số này sẽ thấp hơn thực tế. Kiểm tra camera nhìn lối vào: đếm tốt trở lại thì hôm sau số này hiện ra, cửa hàng vắng thì sau vài ngày.",
    },
    visits: "Lượt khách",
    new: "Khách mới",
    returning: "Khách quen",
    undetermined: "Chưa rõ",
    passagesHelp:
      "Vào và Ra là số lần khách đi qua cửa, không tính nhân viên; một lượt khách có thể qua cửa nhiều lần.",
    fewPeople: "–: quá ít người để cho xem.",
    in: "Vào",
    out: "Ra",
    cameras: "Camera",
    camerasRunning: (running: string, wanted: string) => `${running} / ${wanted} đang chạy`,
    hours: (day: string) => `Lượt khách theo giờ, ${day}`,
    hour: "Giờ",
    present: "Hôm nay",
    usual: "Ngày này thường lệ",
    hoursHidden: "Quá ít người mỗi giờ để cho xem từng giờ.",
    arrivals: "Vừa đến",
    arrivalsNone: "Chưa có ai hôm nay. Khách sẽ hiện ra ở đây ngay khi bước vào.",
    sitesNone: "Chưa có cửa hàng nào. Thêm cửa hàng rồi thêm camera để bắt đầu đếm.",
    addSite: "Thêm cửa hàng",
    customer: (handle: string) => `Khách ${handle}`,
    nthVisit: (n: number) => (n === 1 ? "Lần đầu tiên" : `Lần thứ ${n}`),
    male: "Nam",
    female: "Nữ",
    unknown: "Chưa rõ giới tính",
    all: "Xem tất cả lượt khách",
  },
  {
    title: "Today",
    inside: "Inside now",
    insideUnknown: {
      not_yet: "not known yet. It is told once 9 in 10 who came in were counted going out.",
      few_leaving:
        "not told, because lately fewer than 9 in 10 who came in were counted going out: it would grow all day. Check the camera that sees people leave: once it counts well, this is told from the next day on, in a quiet shop a few days later.",
      few_coming:
        "not told, because lately fewer than 9 in 10 who went out were counted coming in: it would be too low. Check the camera that sees people come: once it counts well, this is told from the next day on, in a quiet shop a few days later.",
    },
    visits: "Visits",
    new: "New",
    returning: "Returning",
    undetermined: "Undetermined",
    passagesHelp:
      "In and Out count how often customers passed the door, without staff; one visit may pass it several times.",
    fewPeople: "–: too few people to be told.",
    in: "In",
    out: "Out",
    cameras: "Cameras",
    camerasRunning: (running: string, wanted: string) => `${running} of ${wanted} running`,
    hours: (day: string) => `Visits by hour, ${day}`,
    hour: "Hour",
    present: "Today",
    usual: "Usual for this weekday",
    hoursHidden: "Too few people per hour to show each hour.",
    arrivals: "Just came in",
    arrivalsNone: "Nobody yet today. People appear here as they walk in.",
    sitesNone: "There is no site yet. Add a site, then a camera, to begin counting.",
    addSite: "Add a site",
    customer: (handle: string) => `Guest ${handle}`,
    nthVisit: (n: number) => (n === 1 ? "First visit" : `${ordinal(n)} visit`),
    male: "Male",
    female: "Female",
    unknown: "Gender not clear",
    all: "See all visits",
  },
);
