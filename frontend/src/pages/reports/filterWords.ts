import { inWords } from "@/words/words";

export const filterWords = inWords(
  {
    filters: "Bộ lọc báo cáo",
    range: "Khoảng thời gian",
    ranges: {
      today: "Hôm nay",
      yesterday: "Hôm qua",
      "7d": "7 ngày qua",
      "28d": "28 ngày qua",
      month: "Tháng này",
      last_month: "Tháng trước",
      quarter: "Quý này",
      "12m": "12 tháng trọn vừa qua",
      year: "Năm nay",
      chosen: "Tự chọn ngày",
    },
    sites: "Cửa hàng",
    allSites: "Tất cả cửa hàng",
    bucket: "Chia theo",
    hourFrom: "Từ giờ",
    hourTo: "Đến giờ",
    gender: "Giới tính",
    bothGenders: "Mọi giới tính",
    clear: "Xóa bộ lọc",
    faults: {
      no_day:
        "Địa chỉ của trang này ghi một ngày không có trong lịch. Hãy chọn lại ngày, hoặc xóa bộ lọc để xem 28 ngày qua.",
      backwards: "Ngày bắt đầu phải trước ngày kết thúc. Hãy chọn lại.",
      too_long: "Báo cáo dài nhất là 1.100 ngày. Hãy chọn khoảng ngắn hơn.",
    },
  },
  {
    filters: "Filters of the report",
    range: "Range",
    ranges: {
      today: "Today",
      yesterday: "Yesterday",
      "7d": "Last 7 days",
      "28d": "Last 28 days",
      month: "This month",
      last_month: "Last month",
      quarter: "This quarter",
      "12m": "Last 12 whole months",
      year: "This year",
      chosen: "Days I choose",
    },
    sites: "Sites",
    allSites: "All sites",
    bucket: "Cut by",
    hourFrom: "From hour",
    hourTo: "To hour",
    gender: "Gender",
    bothGenders: "Every gender",
    clear: "Clear filters",
    faults: {
      no_day:
        "The address of this page names a day that the calendar does not have. Choose the days again, or clear the filters to see the last 28 days.",
      backwards: "The first day must be before the last. Choose again.",
      too_long: "A report covers at most 1,100 days. Choose a shorter range.",
    },
  },
);
