"""`./run audit`: known holes in our code and in what we depend on, and what it could not look at; 1: something found.

Advisories come from outside. Where no registry answers with them, that is told, and is no good news.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".regulars" / "venv-audit" / "bin"
OURS = ("regulars", "functions", "realtime_workers", "flows", "compose")
ANSWERED_LINE_BY_LINE = "B608"
"""SQL put together from texts: ruff's S608 is the same rule, and each place has its reason in the code."""
LOCKS = ("gateway", "recognize", "worker", "flows", "lambda")


@dataclass(frozen=True, slots=True)
class Looked:
    """What one scan found; `findings` is None where it could not look."""

    scan: str
    findings: int | None
    told: str


def _ran(words: Sequence[str | Path], within_s: float = 300.0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=within_s)


def our_code() -> Looked:
    """Ask bandit about all that we deliver, from medium severity on."""
    ran = _ran([TOOLS / "bandit", "-q", "-r", "-ll", "-s", ANSWERED_LINE_BY_LINE, "-f", "json", *OURS])
    report = json.loads(ran.stdout)
    found = [f"{one['filename']}:{one['line_number']} {one['test_id']}" for one in report["results"]]
    lines = report["metrics"]["_totals"]["loc"]
    return Looked("bandit", len(found), ", ".join(found) or f"{lines:,} lines of code")


def advisories(lock: str) -> Looked:
    """Ask pip-audit about every pin of a lock; a package about which nothing is known was not looked at."""
    words = ["pip-audit", "--progress-spinner=off", "--disable-pip", "--require-hashes", "-f", "json"]
    ran = _ran([TOOLS / words[0], *words[1:], "-r", f"requirements/{lock}.txt"])
    if not ran.stdout.startswith("{"):
        return Looked(f"pip-audit {lock}", None, (ran.stderr.strip().splitlines() or ["no answer"])[-1][:100])
    packages = json.loads(ran.stdout)["dependencies"]
    unknown = sum("skip_reason" in one for one in packages)
    found = [f"{one['name']} {hole['id']}" for one in packages for hole in one.get("vulns", ())]
    if found:
        return Looked(f"pip-audit {lock}", len(found), ", ".join(found))
    told = f"{len(packages) - unknown} packages; no data about {unknown}"
    return Looked(f"pip-audit {lock}", None if unknown else 0, told)


def portal() -> Looked:
    """Ask npm about what the portal is built from."""
    ran = _ran([shutil.which("npm") or "npm", "--prefix", "frontend", "audit", "--omit=dev", "--json"])
    report = json.loads(ran.stdout or "{}")
    if "metadata" not in report:
        return Looked("npm audit", None, "the registry gives no advisories")
    found = sum(report["metadata"]["vulnerabilities"][level] for level in ("moderate", "high", "critical"))
    return Looked("npm audit", found, ", ".join(report["vulnerabilities"]) or "no advisory")


def secrets() -> Looked:
    """Look for secrets in every tracked file and every line that was ever committed."""
    ran = _ran([sys.executable, "-m", "pytest", "-q", "tests/infra/test_secrets.py"])
    return Looked("secrets", ran.returncode, "tracked files and history" if ran.returncode == 0 else ran.stdout[-300:])


def main() -> int:
    """Print a table; return 1 when anything was found."""
    scans: list[Callable[[], Looked]] = [our_code, secrets, portal]
    looked = [scan() for scan in scans] + [advisories(lock) for lock in LOCKS]
    table = Table("scan", "findings", "told", title="audit")
    for one in looked:
        table.add_row(one.scan, "could not look" if one.findings is None else str(one.findings), one.told)
    Console().print(table)
    return 1 if any(one.findings for one in looked) else 0


if __name__ == "__main__":
    sys.exit(main())
