"""What a one-time link is mailed with, in the language of the chain's portal."""

from regulars.store.one_time_links import Purpose
from regulars.store.tenants import Language

_LETTERS: dict[tuple[Purpose, Language], str] = {
    ("invitation", "en"): """Your account at {name}

Hello,

{name} has made an account for you. Choose your password here within 7 days:

{link}

The link works once. If you do not know {name}, do nothing.
""",
    ("invitation", "vi"): """Tài khoản của bạn tại {name}

Xin chào,

{name} đã tạo tài khoản cho bạn. Hãy chọn mật khẩu tại đây trong vòng 7 ngày:

{link}

Liên kết chỉ dùng được một lần. Nếu bạn không biết {name}, hãy bỏ qua thư này.
""",
    ("reset", "en"): """A new password at {name}

Hello,

somebody, perhaps you, asked for a new password at {name}. Choose it here within an hour:

{link}

The link works once. If it was not you, do nothing: your password stays.
""",
    ("reset", "vi"): """Mật khẩu mới tại {name}

Xin chào,

có người, có thể là bạn, đã yêu cầu mật khẩu mới tại {name}. Hãy chọn tại đây trong vòng một giờ:

{link}

Liên kết chỉ dùng được một lần. Nếu không phải bạn, hãy bỏ qua thư này: mật khẩu vẫn giữ nguyên.
""",
}


def letter(purpose: Purpose, name: str, link: str, language: Language) -> tuple[str, str]:
    """Return subject and text."""
    subject, _, text = _LETTERS[purpose, language].format(name=name, link=link).partition("\n\n")
    return subject, text
