"""One answer against one expected value: what passes, under which note, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from grader.judging import Steps
from grader.judging.numerics import Expected, compare

RIGHT = Expected(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
LETTERS = [(["a", "d"], True), ("ad", True), (["d", "a"], True), (["a"], False), ([], False), (3, False)]
NUMBERS = [(0.25, True), (np.array(0.25), True), (0.2500001, True), (0.26, False), (True, False), ("0.25", False)]
ONE = Expected(np.array(2.0), np.array(2.0))


@pytest.mark.parametrize(
    ("got", "notes"),
    [
        (np.array([1.0, 2.0]), ()),
        (np.array([1.0, 2.0]) * (1 + 1e-14), ()),
        ([1.0, 2.0], ("list_for_array",)),
        (np.array([[1.0, 2.0]]), ("row_vector",)),
        (np.array([1, 2]), ("integer_dtype",)),
    ],
)
def test_right_and_right_in_substance(got, notes) -> None:
    found = compare(got, RIGHT)
    assert found.ok
    assert found.notes == notes


@pytest.mark.parametrize("got", [2.0, np.array(2.0), np.array([2.0]), np.array([[2.0]])])
def test_a_scalar_in_its_shapes(got) -> None:
    assert compare(got, ONE).ok


@pytest.mark.parametrize(
    ("got", "problem"),
    [
        (np.array([1.0, 2.0 + 1e-9]), "value"),
        (np.array([1.0, 2.0]) / 1e9, "value"),
        (np.array([1.0, np.nan]), "nonfinite"),
        (np.array([1.0, np.inf]), "nonfinite"),
        (np.array([[1.0], [2.0]]), "shape"),
        (np.array([1.0]), "shape"),
        (np.array([1.0, 2.0], dtype=np.float32), "dtype"),
        (np.array([1.0, 2.0], dtype=complex), "dtype"),
        (None, "type"),
        ("1, 2", "type"),
        ({}, "type"),
        ([[1.0], [2.0, 3.0]], "type"),
        (10**400, "shape"),
    ],
)
def test_wrong_and_how(got, problem) -> None:
    found = compare(got, RIGHT)
    assert not found.ok
    assert found.problem == problem


def test_the_worst_entry_is_located() -> None:
    assert compare(np.array([1.0, 3.0]), RIGHT).worst == (1,)


def test_there_is_no_absolute_tolerance() -> None:
    tiny = Expected(np.array([1e-14]), np.array([1e-14]))
    assert not compare(np.array([0.0]), tiny).ok
    assert compare(np.array([0.0]), tiny, tails=1.0).notes == ("precision",)


def test_steps_are_compared_one_by_one() -> None:
    path = Expected(np.array([[1.0], [2.0]]), np.ones((2, 1)))
    assert compare(Steps([np.array([1.0]), np.array([2.0])]), path).ok
    assert not compare(Steps([np.array([1.0]), np.array([2.1])]), path).ok
    found = compare(Steps([np.array([1.0]), np.array([2.0, 2.0])]), path)
    assert found.problem == "shape"
    assert "after step 2" in found.message


@pytest.mark.parametrize("got", ["c", " C ", "(c)", "c."])
def test_a_letter_in_its_spellings(got) -> None:
    assert compare(got, Expected("c")).ok


@pytest.mark.parametrize(
    ("got", "ok"), [(["a", "d"], True), ("ad", True), (["d", "a"], True), (["a"], False), ([], False), (3, False)]
)
def test_several_letters(got, ok) -> None:
    assert compare(got, Expected(["a", "d"])).ok is ok


@pytest.mark.parametrize(
    ("got", "ok"),
    NUMBERS,
)
def test_a_number_with_a_tolerance(got, ok) -> None:
    assert compare(got, Expected(0.25), relative=1e-6).ok is ok


@pytest.mark.parametrize("got", [float("nan"), float("inf"), 10**400])
def test_a_plain_number_that_is_not_finite_is_wrong_as_such(got) -> None:
    assert compare(got, ONE).problem == "nonfinite"
