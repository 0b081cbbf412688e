"""What the evaluation prints and saves."""

from compose.evaluation.answers import KEYS, TARGETS, Answer, Target, flat, table_of, unanswered


def test_every_key_has_a_target_and_nothing_else_has_one() -> None:
    assert set(KEYS) == set(TARGETS)


def test_the_file_has_every_key_in_order_and_null_where_nothing_was_measured() -> None:
    answers = [Answer("gender", {"gender_silent": 0.1, "gender_accuracy": 0.9876543219}), unanswered("pairs", "none")]
    said = flat(answers)
    assert tuple(said) == KEYS
    assert said["gender_accuracy"] == 0.987654
    assert said["verification_accuracy"] is None


def test_a_target_includes_its_bounds() -> None:
    ratio = Target(0.3, 1.5)
    assert [ratio.met_by(figure) for figure in (0.29, 0.3, 1.5, 1.51)] == [False, True, True, False]
    assert str(ratio) == "0.3 to 1.5"
    assert str(Target(least=0.95)) == "at least 0.95"
    assert str(Target(most=0.02)) == "at most 0.02"


def test_the_table_says_what_falls_short() -> None:
    table = table_of(Answer("quarter", {"quarter_false_returning": 0.004, "quarter_returning_recognized": 0.9}))
    assert [line.split()[-1] for line in table if line.startswith("quarter_")] == ["ok", "SHORT"]
