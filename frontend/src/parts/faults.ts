// What is wrong with a form's field, by the stable code that the gateway gives; its own sentence where no words are known.

import type { FieldProblem, Problem } from "@/api/schema";
import { inWords } from "@/words/words";
import { reasonIn } from "./reasons";

export const faultWords = inWords(
  {
    missing: "Hãy điền mục này.",
    string_too_short: (least: string) => `Cần ít nhất ${least} ký tự.`,
    string_too_long: (most: string) => `Chỉ được tối đa ${most} ký tự.`,
    too_short: (least: string) => `Hãy chọn ít nhất ${least}.`,
    too_long: (most: string) => `Chỉ được tối đa ${most} mục.`,
    greater_than: (least: string) => `Phải lớn hơn ${least}.`,
    greater_than_equal: (least: string) => `Phải từ ${least} trở lên.`,
    less_than: (most: string) => `Phải nhỏ hơn ${most}.`,
    less_than_equal: (most: string) => `Không được lớn hơn ${most}.`,
    string_type: "Hãy nhập chữ.",
    string_pattern_mismatch: "Không đúng dạng. Hãy kiểm tra lại từng ký tự.",
    int_type: "Hãy nhập một số nguyên.",
    int_parsing: "Hãy nhập một số nguyên.",
    int_from_float: "Hãy nhập một số nguyên.",
    float_type: "Hãy nhập một số.",
    float_parsing: "Hãy nhập một số.",
    finite_number: "Hãy nhập một số.",
    bool_type: "Hãy chọn có hoặc không.",
    list_type: "Hãy chọn ít nhất một mục.",
    literal_error: "Hãy chọn một trong các mục có sẵn.",
    enum: "Hãy chọn một trong các mục có sẵn.",
    uuid_parsing: "Mục đã chọn không còn nữa. Hãy chọn lại.",
    date_from_datetime_parsing: "Đây không phải một ngày.",
    date_parsing: "Đây không phải một ngày.",
    datetime_parsing: "Đây không phải một thời điểm.",
    datetime_from_date_parsing: "Đây không phải một thời điểm.",
    timezone_aware: "Thời điểm này thiếu múi giờ.",
    time_parsing: "Hãy nhập giờ như 22:30.",
    url_parsing: "Đây không phải một địa chỉ mạng.",
    url_scheme: "Địa chỉ phải bắt đầu bằng https://.",
    extra_forbidden: "Máy chủ không nhận mục này. Hãy tải lại trang rồi thử lại.",
    value_error: "Giá trị này không dùng được.",
    control_characters: "Có ký tự không in được. Hãy gõ lại thay vì dán.",
    not_a_time_zone: "Không có múi giờ này. Hãy chọn trong danh sách, ví dụ Asia/Ho_Chi_Minh.",
    not_a_time_of_day: "Hãy nhập giờ theo đồng hồ của cửa hàng, ví dụ 22:30.",
    overlapping_hours: "Hai khoảng giờ mở cửa chồng lên nhau.",
    not_rtsp: "Địa chỉ phải có dạng rtsp://tên:mật-khẩu@máy:cổng/đường-dẫn.",
    rtsp_spaced_or_long: "Địa chỉ RTSP không có dấu cách và không dài quá 1.000 ký tự.",
    other_source: "Nguồn hình không khớp với loại camera. Hãy chọn lại loại.",
    only_files_start: "Chỉ tệp ghi hình mới có thời điểm bắt đầu.",
    line_is_a_point: "Vạch cần hai điểm khác nhau.",
    either_or: "Hãy chọn các lượt khách, hoặc để hệ thống tự tách, không cả hai.",
    unreadable: "Máy chủ không đọc được yêu cầu này. Hãy tải lại trang rồi thử lại.",
  },
  {
    missing: "Fill this in.",
    string_too_short: (least: string) => `It has at least ${least} characters.`,
    string_too_long: (most: string) => `It has at most ${most} characters.`,
    too_short: (least: string) => `Choose at least ${least}.`,
    too_long: (most: string) => `At most ${most} can be given.`,
    greater_than: (least: string) => `It must be more than ${least}.`,
    greater_than_equal: (least: string) => `It must be ${least} or more.`,
    less_than: (most: string) => `It must be less than ${most}.`,
    less_than_equal: (most: string) => `It must be ${most} or less.`,
    string_type: "Write a text.",
    string_pattern_mismatch: "This is not written as it should be. Look at every character again.",
    int_type: "Give a whole number.",
    int_parsing: "Give a whole number.",
    int_from_float: "Give a whole number.",
    float_type: "Give a number.",
    float_parsing: "Give a number.",
    finite_number: "Give a number.",
    bool_type: "Choose yes or no.",
    list_type: "Choose at least one.",
    literal_error: "Choose one of those offered.",
    enum: "Choose one of those offered.",
    uuid_parsing: "What was chosen is not there any more. Choose again.",
    date_from_datetime_parsing: "This is not a day.",
    date_parsing: "This is not a day.",
    datetime_parsing: "This is not a time.",
    datetime_from_date_parsing: "This is not a time.",
    timezone_aware: "This time lacks its zone.",
    time_parsing: "Give a time like 22:30.",
    url_parsing: "This is not an address of the web.",
    url_scheme: "The address must begin with https://.",
    extra_forbidden: "The server takes no such field. Load the page again, then try again.",
    value_error: "This value cannot be used.",
    control_characters: "There is a character in it that cannot be printed. Type it instead of pasting it.",
    not_a_time_zone: "There is no such time zone. Choose one of the list, like Asia/Ho_Chi_Minh.",
    not_a_time_of_day: "Give a time by the shop's own clock, like 22:30.",
    overlapping_hours: "Two stretches of opening overlap.",
    not_rtsp: "The address reads rtsp://user:password@host:port/path.",
    rtsp_spaced_or_long: "An RTSP address has no spaces and at most 1,000 characters.",
    other_source: "The source does not fit the type of the camera. Choose the type again.",
    only_files_start: "Only a recording has a time at which it starts.",
    line_is_a_point: "A line needs two different points.",
    either_or: "Choose the visits or have them chosen, not both.",
    unreadable: "The server could not read this request. Load the page again, then try again.",
  },
);

type Known = Readonly<Record<string, string | ((limit: string) => string)>>;

/** The sentence for a field's fault. `number` writes its limit in the language's form. */
export function faultIn(words: Known, fault: FieldProblem, number: (limit: number) => string): string {
  const known = Object.hasOwn(words, fault.code) ? words[fault.code] : undefined;
  if (typeof known === "string") return known;
  return known && fault.limit !== null && fault.limit !== undefined
    ? known(number(fault.limit))
    : fault.message;
}

/** What is wrong with a request as a whole, for which no field stands: the first such fault of a problem. */
export function faultOfAll(problem: Problem): FieldProblem | undefined {
  return problem.errors?.find((fault) => fault.field === "body");
}

/** The sentence for a problem's reason, its fault as a whole, or its code; the gateway's own where there is none. */
export function problemIn(
  problem: Problem,
  words: {
    readonly reasons: Readonly<Record<string, string>>;
    readonly faults: Known;
    readonly codes: Readonly<Record<string, string>> & { readonly other: string };
  },
  number: (limit: number) => string,
): string {
  const ofAll = faultOfAll(problem);
  return (
    reasonIn(words.reasons, problem.reason) ??
    (ofAll && faultIn(words.faults, ofAll, number)) ??
    words.codes[problem.code] ??
    (problem.detail || words.codes.other)
  );
}
