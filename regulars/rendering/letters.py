"""The letter that a report is mailed with, in the language of the report."""

from regulars.store.tenants import Language

_LETTERS: dict[Language, str] = {
    "en": """{name}: {days}

Hello,

attached is the report “{name}” of {chain} for {days}. It says nothing of groups of few people.
{place}
You get it because {chain} has put you on its list; ask there to be taken off.
""",
    "vi": """{name}: {days}

Xin chào,

gửi kèm là báo cáo “{name}” của {chain} cho {days}. Báo cáo không nêu số liệu của nhóm quá ít người.
{place}
Bạn nhận được thư này vì {chain} đã đưa bạn vào danh sách nhận; hãy báo nơi đó nếu bạn muốn thôi nhận.
""",
}
_PLACES: dict[Language, str] = {
    "en": "\nAll issues are kept in the portal: {link}\n",
    "vi": "\nMọi kỳ báo cáo được lưu trong cổng thông tin: {link}\n",
}


def report_letter(chain: str, name: str, days: str, portal: str, language: Language) -> tuple[str, str]:
    """Return subject and text; `portal` is its address, empty where none is known."""
    place = _PLACES[language].format(link=f"{portal.rstrip('/')}/reports") if portal else ""
    subject, _, text = _LETTERS[language].format(name=name, chain=chain, days=days, place=place).partition("\n\n")
    return subject, text
