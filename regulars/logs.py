"""Every runtime's log: one JSON object a line; who, what and how long, never a face, a body, an address or a secret."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_LOUD = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "urllib3": logging.ERROR,
    "mangum.http": logging.WARNING,
    "fpdf": logging.ERROR,
    "fontTools": logging.ERROR,
}
"""Libraries whose own log prints URLs and paths, among them signed links and keys, or letters of a name that no font
has; from this level on they may."""


class JsonLines(logging.Formatter):
    """Writes a record and its extra fields as one JSON object.

    Of an exception it writes the type and where it arose. Its message is left out: a database's names the row's
    values, a stream's its address.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without an end of line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _PLAIN and value is not None}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line, default=str, ensure_ascii=False)


def configure_logs(level: int = logging.INFO) -> None:
    """Send the process's log to stderr as JSON lines; uvicorn's own access log stays off, it prints whole paths."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, from_level in _LOUD.items():
        logging.getLogger(name).setLevel(from_level)
    logging.getLogger("uvicorn.access").disabled = True
