"""A run of several benchmarks: what one of them meets loses no other's figures."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.bench import __main__ as bench
from tests.bench.measuring import Row


def test_a_benchmark_that_breaks_off_loses_no_others_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_: int | None, _say: Callable[[str], None]) -> list[Row]:
        raise RuntimeError("no room on the disk")

    def measures(_: int | None, _say: Callable[[str], None]) -> list[Row]:
        return [Row("start", "a case", 4.5, "s")]

    monkeypatch.setattr(bench, "HOME", tmp_path)
    monkeypatch.setitem(sys.modules, "tests.bench.memory", SimpleNamespace(run=breaks))
    monkeypatch.setitem(sys.modules, "tests.bench.start", SimpleNamespace(run=measures))
    assert bench.main(["memory", "start", "--json", str(tmp_path / "rows.json")]) == 1
    told = capsys.readouterr()
    assert "a case" in told.out
    assert "no room on the disk" in told.err
    assert "broken off, see above: memory" in told.err
    assert [row["value"] for row in json.loads((tmp_path / "rows.json").read_text())] == [4.5]
