"""The tables of the course file on people, assignments and lateness; what stood there before is tried in test_course.py."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from grader.course import Course, course_schema, read_course, read_plan, read_plans, told, warnings
from grader.course.lines import lines_of
from grader.errors import UsageError
from grader.shown import Rules

EXAMPLE = Path(__file__).parents[2] / "examples" / "course" / "gradmark.toml"


@dataclass
class Asked:
    name: str
    points: float


@dataclass
class Chapter:
    title: str
    exercises: list[Asked]


@dataclass
class Bank:
    """A bank of two units, as small as one can be."""

    units: dict[str, Chapter] = field(
        default_factory=lambda: {
            "layers": Chapter("Layers", [Asked("layers.relu_forward", 2.0), Asked("layers.relu_backward", 6.0)]),
            "optimizers": Chapter("Optimizers", [Asked("optimizers.sgd", 2.0)]),
        }
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roster.csv").write_text("id,name,section\nada,Ada Lovelace,A\nbob,Bob Martin,B\n", encoding="utf-8")
    return tmp_path


def course(text: str) -> Course:
    path = Path("gradmark.toml")
    path.write_text(text, encoding="utf-8")
    return read_course(path)


WHOLE = """
name = "Backprop"
zone = "Europe/Berlin"
roster = "roster.csv"
[late]
steps = [{per_day = "10 %"}]
[assignment.layers]
title = "Local gradients"
points = 20
due = 2026-11-20T23:59:00
count = "best"
canvas = 123
[assignment.mix]
due = 2026-12-04T12:00:00+05:00
late = {steps = []}
released = 2026-12-12T09:00:00
[assignment.mix.exercises]
layers.relu_backward = 5
"optimizers.sgd" = 10
"""


def test_assignments_are_read_with_their_dates_and_policies() -> None:
    found = course(WHOLE)
    layers, mix = found.assignments.values()
    assert [person.id for person in found.roster.people] == ["ada", "bob"]
    assert layers.due is not None
    assert layers.due.astimezone(UTC) == datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert (layers.units, layers.count, layers.canvas_id, layers.late) == (("layers",), "best", "123", found.late)
    assert mix.late.steps == ()
    assert mix.named_units == ("layers", "optimizers")
    assert mix.due == datetime(2026, 12, 4, 7, tzinfo=UTC)


def test_points_are_scaled_to_those_of_the_assignment() -> None:
    found = course(WHOLE)
    plan = read_plan(found, "layers", Bank())
    assert [(e.name, e.points) for e in plan.exercises] == [("layers.relu_forward", 5), ("layers.relu_backward", 15)]
    assert plan.points == 20
    mixed = read_plan(found, "mix", Bank())
    assert [e.points for e in mixed.exercises] == [5, 10]
    assert mixed.units == ("layers", "optimizers")


def test_without_assignments_each_unit_is_one() -> None:
    plans = read_plans(Course(), Bank())
    assert list(plans) == ["layers", "optimizers"]
    assert plans["layers"].points == 8
    assert plans["layers"].assignment.title == "Layers"
    with pytest.raises(UsageError, match="there is no assignment 'layer': did you mean layers"):
        read_plan(Course(), "layer", Bank())
    with pytest.raises(UsageError, match=r"no assignment 'optimizers' in gradmark.toml: there are layers, mix"):
        read_plan(course(WHOLE), "optimizers", Bank())


def test_slip_days_are_shared_by_what_is_due_earlier() -> None:
    late = "[late]\nsteps = [{slip_days = 3}, {per_day = 1}]\n"
    dates = {"c": "2026-03-01", "a": "2026-02-01", "b": "2026-02-01", "d": "2026-01-01"}
    tables = [f'[assignment.{n}]\nunit = "layers"\ndue = {day}T12:00:00Z\n' for n, day in dates.items()]
    found = course(late + "".join(tables) + '[assignment.e]\nunit = "layers"\n[assignment.d.late]\nsteps = []\n')
    plans = read_plans(found, Bank())
    assert [plan.assignment.name for plan in plans["c"].earlier] == ["a", "b"]
    assert [plan.assignment.name for plan in plans["b"].earlier] == ["a"]
    assert not plans["d"].earlier
    assert not plans["e"].earlier


# ------------------------------------------------------------------------------------------- refused
ROSTER = 'roster = "roster.csv"\n'
HW = '[assignment.hw]\nunit = "layers"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nmae = 'x'", ":1: nmae is unknown: did you mean name?"),
        ("name = 3", ":1: name: input should be a valid string (it is 3)"),
        ("\nzone = 'Europe/Berln'", ":2: zone is no time zone: there is no 'Europe/Berln'; did you mean Europe/Berlin?"),
        ("zone = 2", ":1: zone: input should be a valid string"),
        ("roster = 'rooster.csv'", ":1: roster names rooster.csv, and there is no such file"),
        ("extensions = 'e.csv'", ":1: extensions names e.csv, and there is no such file"),
        ("[assignment]\nhw = 3", ":2: assignment.hw is no table: write [assignment.hw] (it is 3)"),
        (HW + "deu = 2026-01-01", ":3: assignment.hw.deu is unknown: did you mean due?"),
        (HW + "due = 2026-01-01", ":3: assignment.hw.due has no time of day: write 2026-01-01T23:59:00"),
        (HW + "due = '2026-01-01'", ":3: assignment.hw.due is no date with its time: write 2026-11-20T23:59:00, without"),
        (HW + "due = 2026-01-01T12:00:00", ":3: assignment.hw.due has no zone: set one for the course"),
        ("zone = 'Europe/Berlin'\n" + HW + "due = 2026-03-29T02:30:00", ":4: assignment.hw.due does not exist"),
        ("zone = 'Europe/Berlin'\n" + HW + "due = 2026-10-25T02:30:00", ":4: assignment.hw.due is there twice"),
        ("name = 'x'\n\nbank = [", ":3: the course file is no TOML: "),
        (HW + "due = 2026-02-30T12:00:00Z", ":3: the course file is no TOML: Invalid date or datetime"),
        (HW + "opens = 2026-02-02T12:00:00Z\ndue = 2026-02-01T12:00:00Z", ":3: assignment.hw.opens is not before it is due"),
        (HW + "points = 0", ":3: assignment.hw.points must be more than 0"),
        (HW + "exercises = {'layers.b' = nan}", ":3: assignment.hw.exercises.layers.b: input should be a finite number"),
        (HW + "exercises = ['layers.b', 3]", ":3: assignment.hw.exercises[2]: input should be a valid string (it is 3)"),
        (HW + "points = '20'", ":3: assignment.hw.points: input should be a valid number"),
        (HW + "points = true", ":3: assignment.hw.points: input should be a valid number"),
        (HW + "points = nan", ":3: assignment.hw.points: input should be a finite number"),
        (HW + "count = 'bets'", ":3: assignment.hw.count: input should be 'last' or 'best' (it is 'bets')"),
        (HW + "exercises = ['layers.relu_forward']", ":3: assignment.hw.exercises stands beside unit"),
        ("[assignment.hw]\nexercises = []", ":2: assignment.hw.exercises is empty"),
        ("[assignment.hw]\nunit = []", ":2: assignment.hw.unit is empty"),
        ("[assignment.hw]\nunit = ['a', 'a']", ":2: assignment.hw.unit names a twice"),
        ("[assignment.hw]\nexercises = [\n'a.b',\n'a.b']", ":4: assignment.hw.exercises[2] names a.b a second time"),
        ("[assignment.hw]\nexercises = {\"a.b\" = -1}", ":2: assignment.hw.exercises.a.b must have more than 0 points"),
        ("[assignment.hw.exercises]\na.b = 1\na.c = 0", ":3: assignment.hw.exercises.a.c must have more than 0 points"),
        ("[assignment.hw]\nexercises = 3", ":2: assignment.hw.exercises: input should be a valid list"),
        ("[assignment.hw]\nexercises = ['a', 3]", ":2: assignment.hw.exercises[2]: input should be a valid string"),
        ("[assignment.'a/b']\n", ":1: assignment.a/b is no name"),
        (HW + "notebook = 'x/y.ipynb'", ":3: assignment.hw.notebook is no file name that ends with .ipynb or .py"),
        (HW + "late = {stpes = []}", ":3: assignment.hw.late.stpes is unknown: did you mean steps?"),
        (HW + "late = {steps = [{per_day = 'x'}]}", ":3: assignment.hw.late.steps[1].per_day is no amount"),
        ("[late]\nsteps = [\n{grace = '5 min'},\n{perday = 3}]", ":4: late.steps[2].perday is unknown: did you mean per_day?"),
        ("[late]\nsteps = [{slip_days = 1.5}]", ":2: late.steps[1].slip_days: input should be a valid integer"),
        ("[[extension]]\nassignment = 'hw'", ":1: extension[1] has no student"),
        ("[[extension]]\nstudent = 'ada'", ":1: an extension has either days or until when, and this has neither"),
        ("[[extension]]\nstudent = 'ada'\ndays = 1\nuntil = 2026-01-01T12:00:00Z", ":1: an extension has either"),
        ("[[extension]]\nstudent = 'ada'\ndays = -1", ":1: an extension is of more than 0 days"),
        ("[[extension]]\nstudent = ''\ndays = 1", ":1: an extension names no student"),
        (
            ROSTER + "[[extension]]\nstudent = 'adda'\ndays = 1",
            ":2: an extension for adda, who is not in the roster: did you mean ada?",
        ),
        (
            HW + "[[extension]]\nstudent = 'ada'\ndays = 1\nassignment = 'hw1'",
            ":3: an extension for hw1, which is no assignment: did you mean hw?",
        ),
        (HW + "[[extension]]\nstudent = 'a'\ndays = 1\nassignment = 'hw'", ":3: hw has no due date that could be extended"),
        (
            HW + "due = 2026-01-02T12:00:00Z\n[[extension]]\nstudent = 'a'\nassignment = 'hw'\nuntil = 2026-01-02T12:00:00Z",
            ":4: until 2026-01-02T12:00:00+00:00 is not after hw is due",
        ),
        ("[[exception]]\nstudent = 'ada'", ":1: the exception says neither excused = true nor exempt = true"),
        (ROSTER + "[[exception]]\nstudent = 'eve'\nexcused = true", ":2: an exception for eve, who is not in the roster: "),
        ("[shown]\nreleased = 2026-01-01T12:00:00", ":2: shown.released is neither true nor false nor a date"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        course(text)
    assert f"gradmark.toml{says}" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not re.search(r"list\[|dict\[", str(refused.value))  # the words of a library


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[assignment.hw]\nunit = 'layer'", ":1: there is no unit layer: did you mean layers?"),
        ("[assignment.layrs]", ":1: there is no unit layrs: did you mean layers?"),
        (
            "[assignment.hw]\nexercises = ['layers.relu_forward',\n'relu_bakward']",
            ":3: there is no exercise relu_bakward: did you mean layers.relu_backward?",
        ),
        (
            "[assignment.hw]\nexercises = {\"optimisers.sgd\" = 3}",
            ":2: there is no exercise optimisers.sgd: did you mean optimizers.sgd?",
        ),
    ],
)  # fmt: skip
def test_what_the_bank_does_not_have_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_plans(course(text), Bank())
    assert f"gradmark.toml{says}" in str(refused.value)


def test_several_faults_are_told_at_once() -> None:
    with pytest.raises(UsageError, match=r"toml:1: nmae is unknown: .*; gradmark.toml:3: assignment.hw.dew is unknown"):
        course("nmae = 'x'\n[assignment.hw]\ndew = 3")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("ada,hw,x,,", "e.csv:2: days is no number (it is 'x')"),
        ("ada,hw,,tomorrow,", "e.csv:2: until is no date: write 2026-11-22"),
        ("ada,hw,,,ill", "e.csv:2: an extension has either days or until when"),
        ("ada,hw,1,,\nzoe,hw,1,,", "e.csv:3: an extension for zoe, who is not in the roster"),
        ("ada,hw1,1,,", "e.csv:2: an extension for hw1, which is no assignment: did you mean hw?"),
        (",hw,1,,", "e.csv:2: an extension names no student"),
        ("ada,hw,,2026-01-01,", "e.csv:2: until 2026-01-01T23:59:59+01:00 is not after hw is due"),
    ],
)
def test_a_list_of_extensions_is_refused_with_its_line(folder: Path, rows: str, says: str) -> None:
    (folder / "e.csv").write_text(f"student,assignment,days,until,reason\n{rows}\n", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        course(f"zone = 'Europe/Berlin'\nextensions = 'e.csv'\n{ROSTER}{HW}due = 2026-02-01T12:00:00\n")
    assert says in str(refused.value)


def test_extensions_come_from_the_list_and_from_the_file(folder: Path) -> None:
    (folder / "e.csv").write_text(
        'Student;Assignment;Days;New due date;Reason\nada;hw;1,5;;ill\nbob;;;2026-02-03;"ill; twice"\n',
        encoding="utf-8-sig",
    )
    found = course(
        f"zone = 'Europe/Berlin'\nextensions = 'e.csv'\n{ROSTER}{HW}due = 2026-02-01T12:00:00\n"
        "[[extension]]\nstudent = 'ada'\nassignment = ['hw']\nuntil = 2026-02-04\n"
    )
    told_ = [(e.student, e.assignment, e.days, e.until and e.until.isoformat()) for e in found.extensions]
    assert told_ == [
        ("ada", "hw", None, "2026-02-04T23:59:59+01:00"),
        ("ada", "hw", 1.5, None),
        ("bob", "*", None, "2026-02-03T23:59:59+01:00"),
    ]


# -------------------------------------------------------------------------------------- lines, shown
def test_every_value_has_its_line() -> None:
    text = 'a."b.c".d = 1\nm = """\n[x]\ny = 3"""\nl = [ # one\n {k = "]"},\n [1,\n  2],\n]\n'
    text += "[[t]]\nu = '#'\n[[t]]\n[t.v]\nw = 1\n"
    assert lines_of(text) == {
        ("a", "b.c", "d"): 1,
        ("m",): 2,
        ("l",): 5,
        ("l", 0): 6,
        ("l", 0, "k"): 6,
        ("l", 1): 7,
        ("l", 1, 0): 7,
        ("l", 1, 1): 8,
        ("t", 0): 10,
        ("t", 0, "u"): 11,
        ("t", 1): 12,
        ("t", 1, "v"): 13,
        ("t", 1, "v", "w"): 14,
    }


def flat(part: object, key: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """All names in a TOML file, as tomllib has them."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, value in inside:
        yield (*key, name)
        yield from flat(value, (*key, name))


@pytest.mark.parametrize("name", ["pyproject.toml", "examples/class/EXPECTED.toml", "examples/course/gradmark.toml"])
def test_the_lines_of_real_files_are_found(name: str) -> None:
    text = (EXAMPLE.parents[2] / name).read_text(encoding="utf-8")
    found, lines = lines_of(text), text.split("\n")
    known = set(flat(tomllib.loads(text)))
    assert set(found) <= known
    # What has no line of its own is a table that only names of others mention.
    assert all(any(key == full[: len(key)] for full in found) for key in known)
    assert [key for key, line in found.items() if isinstance(key[-1], str) and key[-1] not in lines[line - 1]] == []


def test_an_assignment_releases_the_results_of_its_units() -> None:
    rules = course(WHOLE + "[shown.optimizers]\nreleased = false\nlaw = 'after_release'\n").shown
    late = datetime(2026, 12, 12, 9, tzinfo=UTC)
    assert rules.released("layers", late)
    assert not rules.released("layers", datetime(2026, 12, 12, 7, 59, tzinfo=UTC))
    assert not rules.released("optimizers", late)  # what [shown.UNIT] says comes first
    assert course("name = 'x'").shown == Rules()
    assert course("zone = 'Europe/Berlin'\n[shown]\nreleased = 2026-01-01T12:00:00").shown.released("x", late)


# --------------------------------------------------------------------------------- check and schema
def test_a_course_is_told_in_sentences() -> None:
    found = course(
        WHOLE
        + "[[extension]]\nstudent = 'ada'\nassignment = 'layers'\ndays = 2\nreason = 'ill'\n"
        + "[[exception]]\nstudent = 'bob'\nexcused = true\n[shown]\nlaw = 'score'\n"
    )
    lines = [line.strip() for line in told(found, read_plans(found, Bank()))]
    for line in [
        "2 students in the roster, in 2 sections: A 1, B 1.",
        "Dates and days are those of Europe/Berlin.",
        "For each day begun 10 % of the maximum is taken off.",
        "2 exercises of unit layers, 20 points.",
        "Due Fri 20 November 2026, 23:59 CET.",
        "The best attempt counts, after the late policy.",
        "3 days late: 17 − 3 × 2 (10 % of 20 a day) = 11",
        "What is late counts as what is in time.",
        "Extended for Ada Lovelace (ada) to Sun 22 November 2026, 23:59 CET: ill.",
        "Excused: Bob Martin (bob).",
        "Students see of checks of layers: full of contract, example, value, gradient and source; score of law.",
    ]:
        assert line in lines


def test_what_is_worth_a_look_is_named() -> None:
    found = course(
        "[late]\nsteps = [{per_day = '1 %'}]\n[assignment.a]\nunit = 'layers'\ndue = 2026-01-01T12:00:00Z\n"
        "[assignment.b]\nexercises = ['layers.relu_forward']\n"
        "[[extension]]\nstudent = 'x'\nassignment = 'a'\ndays = 2\n[[extension]]\nstudent = 'x'\ndays = 1\n"
    )
    assert list(warnings(found, read_plans(found, Bank()))) == [
        "gradmark.toml:6: layers.relu_forward is in a too: it counts in both",
        "gradmark.toml:6: b has no due date, so the late policy does nothing",
        "gradmark.toml:12: the extension for x moves no due date",
    ]


def test_the_sample_course_has_the_sample_class_and_one_more() -> None:
    found = read_course(EXAMPLE)
    handed_in = {path.stem for path in (EXAMPLE.parents[1] / "class").iterdir() if path.suffix != ".toml"}
    assert {person.id for person in found.roster.people} - handed_in == {"nils"}
    assert handed_in <= {person.id for person in found.roster.people}
    assert found.roster.get("ada") is not None
    assert found.roster.people[0].name == "Ada Lovelace"


def test_the_commands_tell_a_course_and_its_schema(run: Callable[..., tuple[int, str, str]]) -> None:
    code, said, wrong = run("course", "check", str(EXAMPLE))
    assert (code, wrong) == (0, "")
    assert "39 students in the roster" in said
    assert "3 days late: 2 slip days used of 4 left, 17 − 2 (10 % of 20 a day) = 15 (11 with no slip days left)" in said
    code, said, _ = run("course", "schema")
    assert (code, said[:1]) == (0, "{")
    code, _, wrong = run("course", "check")
    assert (code, wrong.startswith("gradmark: there is no gradmark.toml here; name the course file")) == (2, True)
    Path("bad.toml").write_text("[assignment.layers]\nunit = 'layer'\n", encoding="utf-8")
    assert run("course", "check", "bad.toml")[::2] == (
        2,
        "gradmark: bad.toml:1: there is no unit layer: did you mean layers?\n",
    )


WRONG = [
    "nmae = 'x'",
    "[assignment.a]\ndeu = 1",
    "[late]\nsteps = [{perday = 1}]",
    "[limits]\ncell_seconds = -1",
    "[shown]\nlaw = 'ful'",
]


def test_the_schema_accepts_what_is_read_and_refuses_slips() -> None:
    jsonschema.Draft202012Validator.check_schema(course_schema())
    validator = jsonschema.Draft202012Validator(course_schema())

    def plain(part: object) -> object:
        """Return dates as the text that JSON has for them."""
        if isinstance(part, dict):
            return {name: plain(inner) for name, inner in part.items()}
        return (
            [plain(inner) for inner in part] if isinstance(part, list) else getattr(part, "isoformat", lambda: part)()
        )

    def faults(text: str) -> list[str]:
        return [error.message for error in validator.iter_errors(plain(tomllib.loads(text)))]

    assert faults(EXAMPLE.read_text(encoding="utf-8")) == []
    assert faults(WHOLE.replace("layers.relu_backward", '"layers.relu_backward"')) == []
    for wrong in WRONG:
        assert faults(wrong), wrong
