"""A lot is the student's own, the same each time."""

from __future__ import annotations

from grader.lots import lot


def test_a_lot_is_the_same_each_time_and_on_every_machine() -> None:
    assert [lot("ada", "salt", "layers.leak").randrange(10**6) for _ in range(2)] == [170037, 170037]


def test_student_salt_and_purpose_each_change_it() -> None:
    first = lot("ada", "salt", "layers.leak").random()
    others = [("grace", "salt", "layers.leak"), ("ada", "pepper", "layers.leak"), ("ada", "salt", "layers.fault")]
    assert first not in [lot(*other).random() for other in others]


def test_the_border_between_id_and_purpose_counts() -> None:
    assert lot("ab", "", "c").random() != lot("a", "", "bc").random()
