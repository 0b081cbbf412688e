"""The receipt of an erasure as a page (PDF), to be handed to the person who asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.rendering.labels import Labels
from regulars.rendering.paper import MARGIN_MM, QUIET, TEAL, Paper
from regulars.store.erasures import Erasure
from regulars.store.tenants import Language

_LABEL_MM, _LINE_MM = 48.0, 5.5


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """What the page says in one language; `removed` and `where` by the names of the receipt."""

    title: str
    number: str
    asked: str
    finished: str
    in_progress: str
    extent: str
    whole: str
    part: str
    staff: str
    took: str
    nothing: str
    looked: str
    left: str
    keep: str
    removed: dict[str, str]
    where: dict[str, str]


RECEIPTS: dict[Language, ReceiptWords] = {
    "vi": ReceiptWords(
        title="Biên nhận xóa dữ liệu",
        number="Mã số",
        asked="Yêu cầu lúc",
        finished="Hoàn tất lúc",
        in_progress="đang xóa; không ai còn được nhận ra nữa, biên nhận đầy đủ có sau khi xong",
        extent="Phạm vi",
        whole="Người này không còn trong hệ thống.",
        part="Dữ liệu của chuỗi này; các chuỗi khác vẫn có thể biết người này.",
        staff="Một nhân viên của chuỗi, toàn bộ.",
        took="Đã xóa",
        nothing="Chưa có gì.",
        looked="Đã kiểm tra lại",
        left="{where}: còn {count}, {at}",
        keep="Biên nhận không nêu tên hay mã của người đã xóa: chúng không còn được lưu. Hãy giữ mã số để hỏi lại.",
        removed={
            "chains": "Chuỗi đã biết khách này",
            "consents": "Ý kiến đồng ý",
            "corrections": "Chỉnh sửa",
            "customers": "Hồ sơ khách",
            "face_templates": "Đặc điểm khuôn mặt",
            "live_events": "Tin trực tiếp",
            "looks_wanted": "Yêu cầu ghi nhớ khuôn mặt",
            "objects": "Tệp ảnh",
            "pairs": "Cặp khách nghi là một người",
            "sightings_unlinked": "Lần nhận diện không còn tên",
            "staff": "Hồ sơ nhân viên",
            "photographs": "Ảnh nhân viên",
            "vectors": "Đặc điểm trong kho tìm kiếm",
            "visits_unlinked": "Lượt khách không còn tên",
            "webhook_deliveries": "Tin webhook",
        },
        where={"postgresql": "Cơ sở dữ liệu", "vectors": "Kho tìm kiếm", "objects": "Kho ảnh"},
    ),
    "en": ReceiptWords(
        title="Receipt of an erasure",
        number="Number",
        asked="Asked for",
        finished="Finished",
        in_progress="in progress: nobody is recognized any more; the whole receipt is there when it is done",
        extent="Extent",
        whole="The person is gone from the system.",
        part="What this chain kept; other chains may know the person still.",
        staff="A member of the chain's staff, wholly.",
        took="Removed",
        nothing="Nothing yet.",
        looked="Looked through afterwards",
        left="{where}: {count} left, {at}",
        keep="It names nobody: who was erased is not kept anywhere. Keep the number above to ask about it.",
        removed={
            "chains": "Chains that knew them",
            "consents": "Consents",
            "corrections": "Corrections",
            "customers": "Customers",
            "face_templates": "Looks of the face",
            "live_events": "Live news",
            "looks_wanted": "Looks that were to be learned",
            "objects": "Picture files",
            "pairs": "Pairs that may be one person",
            "sightings_unlinked": "Recognitions made nameless",
            "staff": "Members of staff",
            "photographs": "Photographs of staff",
            "vectors": "Looks in the search index",
            "visits_unlinked": "Visits made nameless",
            "webhook_deliveries": "Webhook messages",
        },
        where={"postgresql": "Database", "vectors": "Search index", "objects": "Object store"},
    ),
}


def write_receipt(chain: str, erasure: Erasure, labels: Labels, zone: ZoneInfo, now: datetime) -> bytes:
    """Return the page; times are shown in `zone`, `now` (UTC) is when it is made."""
    words = RECEIPTS[labels.language]
    made_at = now.astimezone(zone)
    paper = Paper(words.title, f"{chain} · {words.title} · {erasure.erasure_id}", labels, made_at)
    paper.add_page()
    paper.box(0, 0, paper.w, 2.5, TEAL)
    paper.pen(18, bold=True)
    paper.put(MARGIN_MM, 11, paper.epw, chain, height=9)
    paper.pen(11, TEAL, bold=True)
    paper.put(MARGIN_MM, 20, paper.epw, words.title, height=6)
    paper.pen(8, QUIET)
    paper.put(MARGIN_MM, 26.5, paper.epw, labels.words.made_at.format(at=labels.moment(made_at)))
    paper.set_xy(MARGIN_MM, 36)
    for label, lines in _told(erasure, words, labels, zone):
        _part(paper, label, lines)
    paper.pen(8, QUIET)
    paper.set_x(MARGIN_MM)
    paper.multi_cell(paper.epw, 4, words.keep, align="L")
    return bytes(paper.output())


def _told(erasure: Erasure, words: ReceiptWords, labels: Labels, zone: ZoneInfo) -> Sequence[tuple[str, Sequence[str]]]:
    def moment(at: datetime) -> str:
        return labels.moment(at.astimezone(zone))

    extent = words.staff if erasure.of_staff else words.whole if erasure.whole else words.part
    removed = {name: count for name, count in erasure.receipt["removed"].items() if count}
    looked = [
        words.left.format(
            where=words.where[one["where"]],
            count=labels.number(one["remaining"]),
            at=moment(datetime.fromisoformat(one["at"])),
        )
        for one in erasure.receipt["verified"]
    ]
    return (
        (words.number, [str(erasure.erasure_id)]),
        (words.asked, [moment(erasure.asked_at)]),
        (words.finished, [moment(erasure.finished_at) if erasure.finished_at else words.in_progress]),
        (words.extent, [extent]),
        (
            words.took,
            [f"{words.removed[name]}: {labels.number(count)}" for name, count in removed.items()] or [words.nothing],
        ),
        (words.looked, looked or [words.nothing]),
    )


def _part(paper: Paper, label: str, lines: Sequence[str]) -> None:
    y = paper.get_y()
    paper.pen(9, QUIET)
    paper.put(MARGIN_MM, y, _LABEL_MM, label)
    paper.pen(9)
    for number, line in enumerate(lines):
        paper.put(MARGIN_MM + _LABEL_MM, y + number * _LINE_MM, paper.epw - _LABEL_MM, line)
    y += len(lines) * _LINE_MM + 1
    paper.rule(MARGIN_MM, y, paper.epw)
    paper.set_xy(MARGIN_MM, y + 2.5)
