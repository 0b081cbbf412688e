"""What a process logs while it writes a page: nothing of the letters of names, and no line for each font."""

import subprocess
import sys

WRITES = """
from datetime import UTC, datetime
from regulars.logs import configure_logs
from regulars.rendering.labels import Labels
from regulars.rendering.paper import Paper
configure_logs()
paper = Paper("Phở Ngon", "Phở 鼎", Labels("vi"), datetime(2026, 3, 1, tzinfo=UTC))
paper.add_page()
assert paper.output()
"""


def test_a_page_is_written_without_a_word_in_the_log() -> None:
    written = subprocess.run([sys.executable, "-c", WRITES], capture_output=True, text=True, check=True)
    assert written.stderr == ""
