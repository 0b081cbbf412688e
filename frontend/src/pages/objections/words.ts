// Who asked not to be recognized, without saying who it was.

import { inWords } from "@/words/words";

export const objectionsWords = inWords(
  {
    title: "Phản đối",
    intro:
      "Những khách không muốn được nhận diện. Không ai biết họ là ai nữa: mỗi lần đến chỉ được đếm, ảnh bị xóa ngay.",
    empty:
      "Chưa có ai phản đối. Khi khách yêu cầu, mở trang của khách đó và chọn “Khách phản đối nhận diện”.",
    toCustomers: "Tới trang Khách hàng",
    at: "Ghi lúc",
    how: "Khách nói bằng cách nào",
    extent: "Phạm vi",
    everywhere: "Toàn mạng lưới",
    here: "Chuỗi này",
    by: "Người ghi",
    gone: "Tài khoản đã xóa",
    system: "Hệ thống",
    withdraw: "Rút lại phản đối",
    withdrawAsk: "Rút lại phản đối này?",
    withdrawHelp:
      "Chỉ làm khi chính khách yêu cầu. Hình giữ lại để bỏ qua khách sẽ bị xóa, và từ lần đến sau khách lại được nhận diện như người mới. Không thể hoàn tác.",
    withdrawn: "Đã rút lại. Hình đã giữ đang được xóa.",
  },
  {
    title: "Objections",
    intro:
      "People who do not want to be recognized. Nobody knows any more who they are: their visits are only counted, and the pictures deleted at once.",
    empty:
      "Nobody has objected. When somebody asks, open their page and choose “Customer objects to recognition”.",
    toCustomers: "To the customers",
    at: "Noted",
    how: "How they said it",
    extent: "Extent",
    everywhere: "The whole network",
    here: "This chain",
    by: "Noted by",
    gone: "Deleted account",
    system: "The system",
    withdraw: "Withdraw",
    withdrawAsk: "Withdraw this objection?",
    withdrawHelp:
      "Only when the person asks for it. The looks kept to pass them over are deleted, and from the next visit on they are recognized again, as somebody new. This cannot be undone.",
    withdrawn: "Withdrawn. The looks that were kept are being deleted.",
  },
);
