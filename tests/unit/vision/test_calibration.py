"""From a wanted error to a cosine, and from people to the table behind it."""

import itertools
from statistics import NormalDist

import numpy as np
import pytest
from pydantic import ValidationError

from regulars.domain.calibration import ThresholdTable
from regulars.errors import InputRefused
from regulars.vision.calibrate import as_toml, fit_table, impostor_cosines, pairs_of_different_people
from regulars.vision.pack_file import PACKS, read_pack_file

TABLE = ThresholdTable(points=((-1.0, 0.1), (-3.0, 0.35), (-5.0, 0.5)))


def test_points_are_met_and_joined_in_the_logarithm() -> None:
    assert TABLE.cosine_at_far(1e-3) == pytest.approx(0.35)
    assert TABLE.cosine_at_far(1e-2) == pytest.approx(0.225)
    assert TABLE.cosine_at_far(0.5) == pytest.approx(0.1)


def test_beyond_the_last_point_the_cosine_goes_on_rising_but_never_passes_one() -> None:
    assert TABLE.cosine_at_far(1e-7) == pytest.approx(0.65)
    assert TABLE.cosine_at_far(1e-300) == 1.0


@pytest.mark.parametrize("fpir", [0.1, 0.005, 1e-4])
@pytest.mark.parametrize("people", [1, 100, 50_000])
def test_the_far_at_the_threshold_gives_the_wanted_fpir_for_that_gallery(fpir: float, people: int) -> None:
    table = ThresholdTable(points=((-1.0, 0.1), (-12.0, 0.9)))
    log10_far = -1 - (table.threshold_cosine(fpir, people) - 0.1) / 0.8 * 11
    assert 1 - (1 - 10**log10_far) ** people == pytest.approx(fpir, rel=1e-3)


def test_more_people_or_a_smaller_error_ask_for_more_likeness() -> None:
    sizes = [TABLE.threshold_cosine(0.005, n) for n in (1, 10, 100, 1000, 10_000)]
    errors = [TABLE.threshold_cosine(fpir, 100) for fpir in (0.3, 0.03, 0.003, 0.0003)]
    assert sizes == sorted(set(sizes))
    assert errors == sorted(set(errors))


def test_an_empty_gallery_counts_as_one_person() -> None:
    assert TABLE.threshold_cosine(0.01, 0) == TABLE.threshold_cosine(0.01, 1)


@pytest.mark.parametrize("fpir", [0.0, 1.0, -0.1, 2.0])
def test_an_impossible_error_rate_is_refused(fpir: float) -> None:
    with pytest.raises(ValueError, match="fpir"):
        TABLE.threshold_cosine(fpir, 10)


@pytest.mark.parametrize(
    "points", [((-1.0, 0.3), (-2.0, 0.2)), ((-2.0, 0.2), (-1.0, 0.3)), ((-1.0, 0.2), (-1.0, 0.3)), ((-1.0, 0.2),)]
)
def test_a_table_that_does_not_rise_is_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValidationError):
        ThresholdTable(points=points)


def test_normal_impostors_give_the_normal_law_also_where_no_pair_reaches() -> None:
    normal = NormalDist(0.02, 0.11)
    pairs = 1_000_000
    tail = np.array([normal.inv_cdf(1 - (k + 0.5) / pairs) for k in range(pairs // 10 + 1)], np.float32)
    table = fit_table(tail, pairs)
    for far in (1e-1, 1e-2, 1e-3, 1e-5, 1e-7, 1e-9):
        assert table.cosine_at_far(far) == pytest.approx(-normal.inv_cdf(far) + 2 * 0.02, abs=0.004)
    assert table.measured_to_log10_far == pytest.approx(np.log10(30 / pairs), abs=0.01)


def test_too_few_pairs_make_no_table() -> None:
    with pytest.raises(InputRefused) as refused:
        fit_table(np.linspace(0.9, 0.1, 3000, dtype=np.float32), 20_000)
    assert refused.value.reason == "too_few_people"


def test_only_pairs_of_different_people_count_each_once() -> None:
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(700, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    people = [str(i // 3) for i in range(700)]
    cosines = vectors @ vectors.T
    pairs = [cosines[i, j] for i, j in itertools.combinations(range(700), 2) if people[i] != people[j]]
    tail = impostor_cosines(vectors, people)
    assert pairs_of_different_people(people) == len(pairs)
    assert tail == pytest.approx(np.sort(pairs)[::-1][: len(pairs) // 10 + 1], abs=1e-5)


def test_what_is_printed_can_be_pasted_into_a_pack(tmp_path_factory: pytest.TempPathFactory) -> None:
    shipped = (PACKS / "retail-0095.toml").read_text("utf-8")
    head = shipped[: shipped.index("[thresholds]")]
    pasted = tmp_path_factory.mktemp("packs") / "mine.toml"
    pasted.write_text(head + as_toml(TABLE, "made for a test"), "utf-8")
    assert read_pack_file(pasted).thresholds == TABLE
