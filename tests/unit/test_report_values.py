"""What stands in reports: a student's text, made harmless, and arrays as small windows with their worst entry."""

from __future__ import annotations

import math
from typing import Any

import pytest

from grader.report import arrays
from grader.report.text import clean, inline, percent, points


# -------------------------------------------------------------------------------------------- text
@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x07", "link"),
        ("\x9b31mred", "red"),
        ("a\u202eb\u2066c\u200bd", "abcd"),
        ("a\x00b\x07c\x7fd\ud800e\ufffff", "abcdef"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 3),
        ("[red]&<b> naïve — 漢字 👩\u200d🔬", "[red]&<b> naïve — 漢字 👩\u200d🔬"),
    ],
)
def test_what_acts_is_removed_and_what_is_text_stays(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown


def test_an_unfinished_escape_sequence_cannot_join_what_follows() -> None:
    assert "\x1b" not in clean("\x1b") + clean("\x1b[") + clean("\x1b]0;" + "x" * 9000) + clean("\x1b\x1b[31m")


def test_a_megabyte_is_cut_and_says_so() -> None:
    assert len(clean("x" * 2**20)) < 4100
    assert "1,048,576 characters" in clean("x" * 2**20)
    assert len(clean("x\n" * 2**20).split("\n")) < 70
    assert len(inline("long " * 2**20, 50)) == 50


def test_inline_is_one_line() -> None:
    assert inline(" a\n\tb\r\n c ") == "a b c"


def test_numbers() -> None:
    assert (points(7.0), points(7.5), points(1 / 3), points(0.0), points(100.0)) == ("7", "7.5", "0.333", "0", "100")
    assert (percent(2, 3), percent(84.99, 85), percent(7, 10), percent(0, 0)) == ("66 %", "99 %", "70 %", "–")


# ------------------------------------------------------------------------------------------ arrays
def test_arrays_are_recognised_and_nothing_else() -> None:
    found = arrays.dense([[1.0, "NaN"], [2, "-Infinity"]])
    assert found is not None
    assert found.shape == (2, 2)
    assert math.isnan(found.values[1])
    assert found.values[3] == -math.inf
    for value in ([[1, 2], [3]], [[1], 2], "an array of shape (9, 9)", None, {"a": 1}, [1, "x"], [[[1]], [1]]):
        assert arrays.dense(value) is None


def test_expected_and_got_share_a_format_that_tells_them_apart() -> None:
    expected, got = arrays.Dense((2,), (1.00001, 2.0)), arrays.Dense((2,), (1.00002, 2.0))
    shown = arrays.formatter(expected, got)
    assert arrays.grid(expected, shown).rows != arrays.grid(got, shown).rows


def test_the_window_holds_the_worst_entry_and_says_what_it_leaves_out() -> None:
    array = arrays.Dense((3, 10, 20), tuple(float(i) for i in range(600)))
    window = arrays.grid(array, arrays.formatter(array), [2, 9, 19])
    assert window.marked is not None
    i, j = window.marked
    assert (window.rows[i][j], window.labels[i]) == ("599", "[2, 9]")
    assert window.note == "rows 22–29 of 30 and columns 12–19 of 20 are shown"


def test_an_index_outside_of_the_array_marks_nothing() -> None:
    array = arrays.Dense((2,), (1.0, 2.0))
    assert [arrays.grid(array, arrays.formatter(array), bad).marked for bad in ([5], [0, 0], [-1], [])] == [None] * 4


def test_lines_align_and_mark_without_colour() -> None:
    array = arrays.Dense((2, 2), (1.0, -0.5, 10.0, math.nan))
    shown = arrays.lines(arrays.grid(array, arrays.formatter(array), [0, 1]))
    assert shown == ["  1.0 ▸-0.5◂", " 10.0   NaN"]


def test_inputs_become_python_that_rebuilds_them() -> None:
    values = {"x": [[0.0, "NaN"], [1.5, "-Infinity"]], "config": {"lr": 0.1, "m": None}, "n": 3, "w": "omitted"}
    code = arrays.as_python({**values, "a; import os": 1, "s": {"k'": 2}})
    np = pytest.importorskip("numpy")
    scope: dict[str, Any] = {"np": np}
    exec(code, scope)
    assert np.array_equal(scope["x"], [[0, np.nan], [1.5, -np.inf]], equal_nan=True)
    assert (scope["config"], scope["n"]) == ({"lr": 0.1, "m": None}, 3)
    assert "w" not in scope
    assert "os" not in scope
