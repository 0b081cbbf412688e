"""`./run eval` on a small folder of real people, with the real pack."""

import json
from pathlib import Path

import pytest

from compose.evaluation import main as evaluation
from compose.evaluation import open_set, quarter
from compose.evaluation.answers import KEYS
from regulars.vision.packs import ModelPack

ASKED = ["verification", "open-set", "quarter", "staff", "gender", "detection", "small"]
MEASURED = {
    "verification_accuracy",
    "tpir_fpir_1pct",
    "tpir_fpir_03pct",
    "quarter_false_returning",
    "quarter_returning_recognized",
    "quarter_visitors_error",
    "gender_accuracy",
    "gender_silent",
    "detection_recall",
    "detection_false",
}


@pytest.fixture(scope="module")
def said(few_people: Path, pack: ModelPack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with everything that two runs of the command wrote: `1.json` and `2.json`, tables, plots."""
    assert pack.digest
    folder = tmp_path_factory.mktemp("eval")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "HOME", folder)
        patch.setattr(open_set, "DRAWS", 2)
        patch.setattr(quarter, "ORDERS", 2)
        for run in (1, 2):
            command = [str(few_people), "--json", str(folder / f"{run}.json"), "--into", str(folder), "--only", *ASKED]
            assert evaluation.main(command) == 0
    return folder


def test_the_file_has_exactly_the_keys_and_figures_of_what_could_be_measured(said: Path) -> None:
    figures = json.loads((said / "1.json").read_text("utf-8"))
    assert tuple(figures) == KEYS
    assert {key for key, figure in figures.items() if figure is not None} == MEASURED


def test_people_are_told_apart(said: Path) -> None:
    figures = json.loads((said / "1.json").read_text("utf-8"))
    assert figures["verification_accuracy"] > 0.95
    assert figures["tpir_fpir_1pct"] > 0.8
    assert figures["gender_accuracy"] > 0.95
    assert figures["detection_recall"] == 1.0


def test_a_second_run_remembers_the_faces_and_says_the_same(said: Path) -> None:
    assert (said / "1.json").read_text("utf-8") == (said / "2.json").read_text("utf-8")
    remembered = list((said / "eval-cache").glob("*/*.npy"))
    assert len(remembered) > 100


def test_tables_and_plots_are_kept(said: Path) -> None:
    tables = (said / "default" / "tables.txt").read_text("utf-8")
    assert all(key in tables for key in MEASURED)
    for plot in ("det.png", "scores.png"):
        assert (said / "default" / plot).read_bytes().startswith(b"\x89PNG")


def test_what_fails_late_loses_nothing_that_was_answered(
    few_people: Path, said: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(evaluation, "HOME", said)
    monkeypatch.setattr(evaluation, "small_faces", fail)
    into = said / "failed"
    asked = ["--json", str(said / "failed.json"), "--into", str(into), "--only", "verification", "small"]
    with pytest.raises(ZeroDivisionError):
        evaluation.main([str(few_people), *asked])
    assert json.loads((said / "failed.json").read_text("utf-8"))["verification_accuracy"] > 0.95
    assert "verification_accuracy" in (into / "default" / "tables.txt").read_text("utf-8")


def test_a_folder_without_faces_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluation.main([str(tmp_path)]) == 2
    assert "manifest.json" in capsys.readouterr().err


def test_a_pack_that_is_not_there_is_refused(few_people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluation.main([str(few_people), "--pack", "absent"]) == 2
    assert "absent" in capsys.readouterr().err
