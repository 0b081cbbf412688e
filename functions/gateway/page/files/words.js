// Every word of the live page, in Vietnamese and English; live.js asks for them by name.

const VI = {
  skip: "Tới nội dung chính", login: "Đăng nhập", logout: "Đăng xuất", email: "E-mail", password: "Mật khẩu",
  language: "English", today: "Hôm nay", visits: "Lượt khách", cameras: "Camera",
  visitsNone: "Chưa có lượt khách nào. Khách sẽ hiện ra ở đây ngay khi bước vào.",
  camerasNone: "Chưa có camera nào.", older: "Xem lượt cũ hơn",
  connected: "Trực tiếp", waiting: "Đang kết nối lại…",
  count: "lượt khách", new: "Khách mới", returning: "Khách quen", undetermined: "Chưa rõ",
  crossedIn: "Vào", crossedOut: "Ra", crossed: "Qua vạch đếm, gồm cả nhân viên",
  male: "Nam", female: "Nữ", unknown: "", in: "đi vào", out: "đi ra",
  customer: (handle) => `Khách ${handle}`, stranger: "Chưa nhận ra",
  number: (n) => (n === 1 ? "Lần đầu tiên" : `Lần thứ ${n}`),
  face: (who) => `Khuôn mặt của ${who}`, noFace: "Không có ảnh",
  wrong: "E-mail hoặc mật khẩu không đúng.", tooMany: "Sai quá nhiều lần. Hãy đợi năm phút rồi thử lại.",
  away: "Máy chủ đang không trả lời. Hãy thử lại sau giây lát.",
  noWorker: "Chưa có máy nào chạy camera này", off: "Đã tắt",
  states: {
    starting: "Đang khởi động", running: "Đang chạy", reconnecting: "Đang kết nối lại", stopped: "Đã dừng",
    failed: "Không chạy được",
  },
  reasons: {
    unreachable: "không kết nối được tới camera", wrong_password: "sai tên đăng nhập hoặc mật khẩu",
    not_found: "không tìm thấy luồng hình hoặc tệp", unsupported_codec: "kiểu nén hình không được hỗ trợ",
    black_picture: "hình đen, hãy xem ống kính", frozen_picture: "hình đứng yên",
    no_permission: "máy không cho phép dùng camera", finished: "đã phát hết tệp",
    lease_lost: "đang chuyển sang máy khác", switched_off: "đã được tắt", internal: "lỗi bên trong",
  },
  spooled: (n) => `${n} lượt đang chờ gửi`, lost: (n) => `${n} lượt bị mất`,
  unclear: {
    turned_away: ["quay mặt đi", "đặt camera ở nơi khách nhìn về phía trước, như sau quầy hoặc cạnh màn hình"],
    blurred: ["bị nhòe", "lau ống kính, chỉnh nét hoặc thêm ánh sáng"],
    too_small: ["quá nhỏ", "đặt camera gần hơn hoặc phóng to về phía cửa"],
    cut_off: ["bị mép hình cắt mất", "xoay camera để cửa nằm giữa hình"],
    too_dark: ["quá tối", "thêm ánh sáng từ phía camera"],
    too_bright: ["quá sáng", "tránh để camera đối diện cửa kính hoặc đèn"],
    unsure_detection: ["không thấy rõ là khuôn mặt", "hạ camera xuống gần tầm mắt"],
  },
  unclearFaces: (n, why, advice) => `Hôm nay ${n} khuôn mặt chưa nhận ra, phần lớn vì ${why}: ${advice}.`,
};

const EN = {
  skip: "Skip to content", login: "Log in", logout: "Log out", email: "E-mail", password: "Password",
  language: "Tiếng Việt", today: "Today", visits: "Visits", cameras: "Cameras",
  visitsNone: "No visits yet. They appear here as people walk in.",
  camerasNone: "No cameras yet.", older: "Show older visits",
  connected: "Live", waiting: "Reconnecting…",
  count: "visits", new: "New", returning: "Returning", undetermined: "Undetermined",
  crossedIn: "In", crossedOut: "Out", crossed: "Line crossings, staff included",
  male: "Male", female: "Female", unknown: "", in: "walking in", out: "walking out",
  customer: (handle) => `Guest ${handle}`, stranger: "Not recognized",
  number: (n) => (n === 1 ? "First visit" : `${n}${SUFFIX[ORDINAL.select(n)]} visit`),
  face: (who) => `Face of ${who}`, noFace: "No picture",
  wrong: "E-mail or password is wrong.", tooMany: "Too many attempts. Wait five minutes, then try again.",
  away: "The server does not answer now. Try again in a moment.",
  noWorker: "No worker runs this camera", off: "Switched off",
  states: {
    starting: "Starting", running: "Running", reconnecting: "Reconnecting", stopped: "Stopped", failed: "Failed",
  },
  reasons: {
    unreachable: "the camera cannot be reached", wrong_password: "wrong user name or password",
    not_found: "no such stream or file", unsupported_codec: "its video format is not supported",
    black_picture: "the picture is black, look at the lens", frozen_picture: "the picture stands still",
    no_permission: "the machine does not allow its camera", finished: "the file has been played to its end",
    lease_lost: "moving to another worker", switched_off: "switched off", internal: "an error inside",
  },
  spooled: (n) => `${n} waiting to be sent`, lost: (n) => `${n} lost`,
  unclear: {
    turned_away: ["turned away", "hang the camera where people look ahead, behind the counter or beside a screen"],
    blurred: ["blurred", "clean the lens, focus it, or add light"],
    too_small: ["too small", "hang the camera nearer or zoom in on the door"],
    cut_off: ["cut off by the picture's edge", "turn the camera so that the door is in the middle"],
    too_dark: ["too dark", "add light from the camera's side"],
    too_bright: ["too bright", "do not let the camera face a window or a lamp"],
    unsure_detection: ["not clearly a face", "hang the camera lower, nearer to eye level"],
  },
  unclearFaces: (n, why, advice) =>
    `${n} ${n === 1 ? "face" : "faces"} could not be told today, mostly ${why}: ${advice}.`,
};

const ORDINAL = new Intl.PluralRules("en", { type: "ordinal" });
const SUFFIX = { one: "st", two: "nd", few: "rd", other: "th" };
const LANGUAGES = { vi: VI, en: EN };
const KEPT = "regulars.language";

let language = localStorage.getItem(KEPT) ?? (navigator.language.startsWith("vi") ? "vi" : "en");
if (!(language in LANGUAGES)) language = "vi";

export const words = () => LANGUAGES[language];
export const locale = () => language;

export function switchLanguage() {
  language = language === "vi" ? "en" : "vi";
  localStorage.setItem(KEPT, language);
}
