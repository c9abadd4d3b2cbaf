"""The course file: read, refused with the name of what is wrong, and never taken from a submission."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.bank import catalogue
from grader.cli.options import options_of
from grader.course import FILE, Course, read_course, refuse_unknown
from grader.errors import UsageError
from grader.judging import Bench
from grader.runtime import Limits, resolve
from grader.shown import Rules


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_file_the_defaults_hold() -> None:
    assert read_course(None) == Course()
    assert read_course(None).bounds() == Limits()


def test_it_is_found_where_the_grader_was_started_and_flags_come_first(folder: Path) -> None:
    (folder / FILE).write_text('[limits]\ncell_seconds = 60\nrestarts = 2\n[kernel]\npackages = ["scipy"]\n')
    found = read_course(None, [folder / "class"])
    assert found.kernel.packages == ("scipy",)
    assert found.bounds() == Limits(cell_seconds=60, restarts=2)
    assert found.bounds(cell_seconds=5.0, call_seconds=None) == Limits(cell_seconds=5, restarts=2)


def test_a_course_says_how_many_cases_are_drawn(folder: Path) -> None:
    exercise = catalogue().exercise("layers.relu_forward")
    asked = {}
    for text in ("", "drawn = 0", "drawn = 100"):
        (folder / FILE).write_text(text)
        settings = options_of(read_course(None)).settings(resolve("none"))
        asked[text] = len(Bench([exercise], drawn=settings.drawn).cases(exercise))
    assert asked["drawn = 0"] >= 12, "the battery is for everyone"
    assert asked[""] == asked["drawn = 0"] + 30
    assert asked["drawn = 100"] > asked["drawn = 0"] + 90, "none twice"


def test_one_inside_a_submission_is_not_looked_at(folder: Path) -> None:
    """A student's repository graded from within must not lift its own limits."""
    (folder / FILE).write_text("[limits]\ncell_seconds = 9999\n")
    (folder / "notebooks").mkdir()
    assert read_course(None, [folder]) == Course()
    assert read_course(None, [Path()]) == Course()
    assert read_course(None, [folder.parent]) == Course()
    assert read_course(None, [folder / "notebooks"]).bounds().cell_seconds == 9999
    assert read_course(folder / FILE, [folder]).bounds().cell_seconds == 9999  # named by whoever runs the grader


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[limits]\ncell_second = 60", r"limits\.cell_second is unknown: did you mean cell_seconds\?"),
        ("[limit]\na = 1", r"limit is unknown: did you mean limits\?"),
        ("[kernel]\nzzz = 1", "kernel.zzz is unknown: there are packages"),
        ("[limits]\ncell_seconds = -1", "limits.cell_seconds: input should be greater than 0"),
        ("[limits]\ncell_seconds = inf", "limits.cell_seconds: input should be a finite number"),
        ("[limits]\nmemory_bytes = 1.5", "limits.memory_bytes: input should be a valid integer"),
        ('[limits]\ncell_seconds = "60"', "limits.cell_seconds: input should be a valid number"),
        ("[kernel]\npackages = 'scipy'", "kernel.packages: input should be a valid list"),
        ("drawn = -1", "drawn: input should be greater than or equal to 0"),
        ("drawn = 'many'", "drawn: input should be a valid integer"),
        ("limits =", "is no TOML"),
        ("\udcff", "is no TOML"),
    ],
)
def test_what_does_not_fit_is_named(folder: Path, text: str, says: str) -> None:
    (folder / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=says):
        read_course(None)


# ------------------------------------------------------------------------------------------- shown
SHOWN = """bank = []
[shown]
default = "message"   # of all
law = "score"
released = false
[shown.layers]
released = 2026-12-01T18:00:00+01:00
value = "after_release"
[shown.layers.relu_backward]
default = "hidden"
"""


def test_the_nearest_table_that_says_something_decides(folder: Path) -> None:
    (folder / FILE).write_text(SHOWN)
    rules = read_course(None).shown
    assert rules.level("layers.relu_backward", "value") == "hidden"
    assert rules.level("layers.relu_forward", "value") == "after_release"
    assert rules.level("layers.relu_forward", "law") == "score"
    assert rules.level("layers.relu_forward", "gradient") == "message"
    assert rules.level("optimizers.sgd", "value") == "message"
    assert Rules().level("layers.relu_backward", "value") == "full"
    assert rules.by_name["layers.relu_backward"].where == f"{FILE}:9"


def test_results_are_released_from_a_date_on_by_assignment(folder: Path) -> None:
    (folder / FILE).write_text(SHOWN)
    rules = read_course(None).shown
    assert not rules.released("layers", datetime(2026, 12, 1, 16, 59, 59, tzinfo=UTC))
    assert rules.released("layers", datetime(2026, 12, 1, 17, tzinfo=UTC))  # 18:00 in the file's zone
    assert not rules.released("optimizers", datetime(2030, 1, 1, tzinfo=UTC))
    assert not Rules().released("layers", datetime(2030, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[shown]\n\nlaws = 'score'", r"gradmark\.toml:3: shown\.laws is unknown: did you mean law\?"),
        (
            "[shown]\nzzz = 1",
            "toml:2: shown.zzz is unknown: there are default, contract, example, value, gradient, law, source",
        ),
        ("[shown]\nlaw = 'hiden'", "toml:2: shown.law cannot be 'hiden': did you mean hidden?"),
        ("[shown]\nlaw = 3", "toml:2: shown.law cannot be 3: there are full, message, score, after_release, hidden"),
        ("[shown.layers]\nlaw = true", "toml:2: shown.layers.law cannot be True"),
        ("x = 1\nshown = 'full'", r"toml:2: shown is no table: write \[shown\]"),
        ("[shown]\nlayers = 'full'", "toml:2: shown.layers is unknown"),
        ("[shown]\nreleased = 'now'", "toml:2: shown.released is neither true nor false nor a date with time and zone"),
        ("[shown]\nreleased = 2026-12-01", "toml:2: shown.released is neither"),
        ("[shown]\nreleased = 2026-12-01T18:00:00", "toml:2: shown.released is neither"),
        (
            "[shown.layers.relu_forward]\nreleased = true",
            r"toml:2: shown.layers.relu_forward.released is out of place, .* set it in \[shown.layers\]",
        ),
        (
            "[shown]\nlaw = 'full'\n[shown.'layers.relu_forward']\ndefault = 'hidden'",
            r"toml:3: shown.layers.relu_forward has a name in quotes .*: write \[shown.layers.relu_forward\]",
        ),
        ("[shown.layers]\n'relu.forward' = {law = 'full'}", r"toml:2: shown.layers.relu.forward has a name in quotes"),
        ("[shown]\n[shown.'']\ndefault = 'full'", r"toml:\d: shown has a name in quotes .*: write \[shown\]"),
        ("[shown.layers.relu_forward.value]\ndx = 'full'", "toml:1: shown.layers.relu_forward.value cannot be"),
        ("[shown.layers.relu_forward.dx]\nlaw = 'full'", "toml:1: shown.layers.relu_forward.dx is unknown"),
        (
            '[limits]\n[shown]\n"layers".relu_forward.value = "ful"',
            "toml:3: shown.layers.relu_forward.value cannot be 'ful'",
        ),
    ],
)
def test_what_does_not_fit_in_shown_is_named_with_its_line(folder: Path, text: str, says: str) -> None:
    (folder / FILE).write_text(text)
    with pytest.raises(UsageError, match=says):
        read_course(None)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "layers.relu_bakward",
            r"gradmark\.toml:2: shown: .* layers\.relu_bakward: did you mean layers\.relu_backward\?",
        ),
        ("layer", r"gradmark\.toml:2: shown: there is no unit or exercise layer: did you mean layers\?"),
        ("zzzzzz", "gradmark list has the names"),
    ],
)
def test_a_rule_for_what_is_not_there_would_hide_nothing(folder: Path, name: str, says: str) -> None:
    (folder / FILE).write_text(f"\n[shown.{name}]\ndefault = 'hidden'")
    with pytest.raises(UsageError, match=says):
        refuse_unknown(read_course(None).shown, ["layers.relu_backward", "layers.relu_forward"])
    (folder / FILE).write_text("[shown]\n[shown.layers]\n[shown.layers.relu_forward]")
    refuse_unknown(read_course(None).shown, ["layers.relu_backward", "layers.relu_forward"])


def test_a_file_that_is_not_there_is_said(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"course\.toml cannot be read: No such file"):
        read_course(folder / "course.toml")
