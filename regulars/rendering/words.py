"""Every word of a report's file, in Vietnamese and English; the portal says the same figures in the same words."""

from dataclasses import dataclass

from regulars.domain.reports.buckets import Bucket
from regulars.store.tenants import Language


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Texts with `{}` take what their field's name says."""

    title: str
    figures: dict[str, str]
    tables: dict[str, str]
    columns: dict[str, str]
    buckets: dict[Bucket, str]
    genders: dict[str, str]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    now: str
    before: str
    last_year: str
    all_sites: str
    sites: str
    hours: str
    gender: str
    made_at: str
    cut_by: str
    hidden: str
    week: str
    days_ago: tuple[str, str]
    months_later: str
    seconds: str
    minutes: str
    hidden_note: str
    unseen_note: str
    unseen_band: str
    visitors_note: str
    meaning_note: str
    page: str
    nobody: str


_VI = Words(
    title="Báo cáo khách",
    figures={
        "visits": "Lượt khách",
        "new": "Khách mới",
        "returning": "Khách quen",
        "undetermined": "Chưa rõ",
        "male": "Nam",
        "female": "Nữ",
        "unknown": "Chưa rõ giới tính",
        "visitors": "Số người",
        "new_visitors": "Người mới",
        "returning_visitors": "Người quen",
        "visits_per_visitor": "Lượt mỗi người",
        "dwell_visits": "Lượt đo được",
        "dwell_mean_s": "Ở lại, trung bình",
        "dwell_median_s": "Ở lại, trung vị",
        "came_in": "Vào",
        "went_out": "Ra",
        "staff_tracks": "Nhân viên đi qua",
        "rejected_tracks": "Không phải khuôn mặt",
        "occupancy_peak": "Đông nhất cùng lúc",
        "occupancy_mean": "Bình quân trong quán",
        "coverage": "Độ phủ camera",
    },
    tables={
        "summary": "Tổng quan",
        "series": "Theo thời gian",
        "sites": "Cửa hàng",
        "heat_map": "Lượt khách theo thứ và giờ",
        "cohorts": "Khách mới từng tháng quay lại",
        "recency": "Lần cuối đến đây",
    },
    columns={
        "figure": "Chỉ số",
        "name": "Thời gian",
        "site": "Cửa hàng",
        "day_of_week": "Thứ",
        "month": "Tháng đến lần đầu",
        "ago": "Từ lần cuối",
    },
    buckets={
        "total": "Cả kỳ",
        "hour_of_day": "Giờ trong ngày",
        "day": "Từng ngày",
        "day_of_week": "Thứ trong tuần",
        "week": "Tuần",
        "month": "Tháng",
    },
    genders={"male": "Nam", "female": "Nữ", "unknown": "Chưa rõ"},
    weekdays=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    weekdays_short=("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    months=tuple(f"Tháng {number}" for number in range(1, 13)),
    months_short=tuple(f"Th{number}" for number in range(1, 13)),
    now="Kỳ này",
    before="Kỳ trước",
    last_year="Năm ngoái",
    all_sites="Tất cả cửa hàng",
    sites="{count} cửa hàng",
    hours="{first}:00–{end}:00",
    gender="Giới tính: {gender}",
    made_at="Lập lúc {at}",
    cut_by="Chia theo: {bucket}",
    hidden="ẩn",
    week="Tuần {week}",
    days_ago=("{first}–{last} ngày", "từ {first} ngày"),
    months_later="+{number} tháng",
    seconds="giây",
    minutes="phút",
    hidden_note="“ẩn” không phải là số 0: số liệu của ít hơn {k} người không được nêu trong tệp, và một vài ô lớn hơn"
    " được ẩn theo để không suy ngược ra ô nhỏ.",
    unseen_note="Ô màu cam: camera quan sát dưới {least} giờ mở cửa, số khách thật có thể cao hơn. Số thiếu không được"
    " ước tính bù.",
    unseen_band="Camera chỉ quan sát {share} giờ mở cửa của kỳ này; khách trong những lúc camera nghỉ không được đếm.",
    visitors_note="Số người là những người khác nhau của cả kỳ; ai đến hai cửa hàng hay hai ngày được tính ở cả hai,"
    " nên cộng các dòng sẽ lớn hơn tổng.",
    meaning_note="Ngày và giờ theo đồng hồ của từng cửa hàng. “–”: không có gì để nói.",
    page="Trang {number}/{of}",
    nobody="Không có lượt khách nào trong khoảng này.",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_EN = Words(
    title="Visitor report",
    figures={
        "visits": "Visits",
        "new": "New",
        "returning": "Returning",
        "undetermined": "Undetermined",
        "male": "Male",
        "female": "Female",
        "unknown": "Gender not clear",
        "visitors": "Visitors",
        "new_visitors": "New visitors",
        "returning_visitors": "Returning visitors",
        "visits_per_visitor": "Visits per visitor",
        "dwell_visits": "Visits measured",
        "dwell_mean_s": "Stay, mean",
        "dwell_median_s": "Stay, median",
        "came_in": "In",
        "went_out": "Out",
        "staff_tracks": "Staff passing",
        "rejected_tracks": "No face",
        "occupancy_peak": "Most at once",
        "occupancy_mean": "Inside on average",
        "coverage": "Camera coverage",
    },
    tables={
        "summary": "At a glance",
        "series": "Over time",
        "sites": "Sites",
        "heat_map": "Visits by day and hour",
        "cohorts": "Each month's new customers, coming back",
        "recency": "Last seen here",
    },
    columns={
        "figure": "Figure",
        "name": "Time",
        "site": "Site",
        "day_of_week": "Day",
        "month": "First came in",
        "ago": "Since the last visit",
    },
    buckets={
        "total": "Whole range",
        "hour_of_day": "Hour of day",
        "day": "Day",
        "day_of_week": "Day of week",
        "week": "Week",
        "month": "Month",
    },
    genders={"male": "Male", "female": "Female", "unknown": "Not clear"},
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    weekdays_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=_MONTHS,
    months_short=tuple(name[:3] for name in _MONTHS),
    now="Now",
    before="Before",
    last_year="Last year",
    all_sites="All sites",
    sites="{count} sites",
    hours="{first}:00–{end}:00",
    gender="Gender: {gender}",
    made_at="Made {at}",
    cut_by="Cut by: {bucket}",
    hidden="hidden",
    week="Week {week}",
    days_ago=("{first}–{last} days", "{first} days or more"),
    months_later="+{number} mo",
    seconds="s",
    minutes="min",
    hidden_note="“hidden” is not zero: figures of fewer than {k} people are in no file, and some larger ones are hidden"
    " along with them, so that nothing follows from the rest.",
    unseen_note="Orange: cameras saw less than {least} of the opening hours, so true figures may be higher. What is"
    " missing is not made up for.",
    unseen_band="Cameras saw only {share} of this period's opening hours; who came while they were off is not counted.",
    visitors_note="Visitors are different people of the whole period: who comes to two sites or on two days counts at"
    " both, so the rows add up to more than the total.",
    meaning_note="Days and hours are those of each site's own clock. “–”: nothing can be said.",
    page="Page {number} of {of}",
    nobody="There are no visits in this range.",
)
WORDS: dict[Language, Words] = {"vi": _VI, "en": _EN}
