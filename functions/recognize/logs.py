"""The function's log on stderr: what happened to which key, never a face, a vector, a score or a row's values."""

import logging
import sys
import time
import traceback


class _WithoutValues(logging.Formatter):
    """Leaves the message of an exception out: a library's may repeat what it was given."""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """Return the line and, of an exception, where it arose and its type."""
        line = super().format(logging.makeLogRecord({**vars(record), "exc_info": None, "exc_text": None}))
        if record.exc_info and record.exc_info[0]:
            line += "\n" + "".join(traceback.format_tb(record.exc_info[2])) + record.exc_info[0].__name__
        return line


def configure_logs(level: int = logging.INFO) -> None:
    """Send the process's log to stderr, in UTC."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutValues("%(asctime)sZ %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
