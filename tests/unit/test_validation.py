"""Validation finds each kind of hole: small banks of one exercise that have exactly one, and one that has none."""

from __future__ import annotations

import importlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader.validation
import reference
from grader.bank import catalogue
from grader.bank.equivalent import read_equivalents
from grader.bank.forms import backward_pass, forward_pass, plain
from grader.bank.stubs import derive
from grader.cli import command
from grader.errors import BankError
from grader.judging import (
    Asked,
    Chain,
    Exercise,
    Plan,
    PublicBench,
    PublicUnit,
    array,
    drawn,
    gradient,
    gradients_of,
    law,
    optional,
    scalar,
)
from grader.validated import Hole, Validated
from grader.validation import PROMISES, Ground, examine
from grader.validation.limit import TooLongError, within
from grader.validation.processes import _side_by_side, _Task

HEAD = '"""A unit of one exercise."""\n\nimport os\n\nimport numpy as np\n\n\n'
TRIPLE = 'def f(x):\n    """Three times x and one: out = 3x + 1. x (N, D)."""\n    return 3 * x + 1\n'
X = {"x": array("N", "D")}
numbers = itertools.count()


class Tiny:
    """A unit of its own: model answers written into a file, and the ground on which its exercises are tried."""

    def __init__(self, folder: Path, source: str) -> None:
        self.name = f"tiny{next(numbers)}"
        self.source = HEAD + source
        (folder / f"{self.name}.py").write_text(self.source, encoding="utf-8")
        importlib.invalidate_caches()

    def plain(
        self, inputs: Mapping[str, Any] = X, function: str = "f", outputs: Any = ("out",), **more: Any
    ) -> Exercise:
        return plain(f"{self.name}.{function}", inputs, outputs, **more)

    def ground(self, *exercises: Exercise, **more: Any) -> Ground:
        return Ground(exercises, (0,), **{"stubs": derive(self.source, self.name), **more})

    def holes(self, exercise: Exercise, listed: Mapping[str, str] | None = None, **more: Any) -> list[Hole]:
        return list(examine(exercise, self.ground(exercise, **more), listed).holes)


Unit = Callable[[str], Tiny]


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Unit]:
    """Writes a module beside the model answers."""
    monkeypatch.setattr(reference, "__path__", [*reference.__path__, str(tmp_path)])
    before = set(sys.modules)
    yield lambda source: Tiny(tmp_path, source)
    for name in set(sys.modules) - before:
        if name.startswith("reference.tiny"):
            del sys.modules[name]


def only(holes: list[Hole]) -> Hole:
    assert len(holes) == 1, [f"{h.kind}: {h.what}" for h in holes]
    return holes[0]


def with_mistake(exercise: Exercise) -> Exercise:
    @exercise.mistake("Four times x: it is three times.")
    def quadruples(x):
        return 4 * x + 1

    return exercise


# ------------------------------------------------------------------------------------------- no hole
def test_a_sound_bank_has_no_hole(unit: Unit) -> None:
    tiny = unit(TRIPLE)
    exercise = with_mistake(tiny.plain())
    found = examine(exercise, tiny.ground(exercise))
    assert found.holes == ()
    assert (found.mistakes, found.named, found.hinted, found.hidden) == (1, 1, 1, 0)
    assert found.mutants == found.caught > 10


# -------------------------------------------------------------------------------------------- right
def test_a_model_answer_that_changes_its_argument_is_a_hole(unit: Unit) -> None:
    tiny = unit('def f(x):\n    """Three times x and one. x (N, D)."""\n    x *= 3\n    return x + 1\n')
    assert "the model answer passes with mutation" in only(tiny.holes(tiny.plain())).what


def test_a_model_answer_without_full_marks_is_a_hole(unit: Unit) -> None:
    tiny = unit(
        'SEEN = []\n\n\ndef f(x):\n    """Three times x. x (N, D)."""\n    SEEN.append(1)\n    return 3 * x + len(SEEN)\n'
    )
    assert any(h.kind == "model" and "of 2 points" in h.what for h in tiny.holes(tiny.plain()))


def test_a_stub_that_answers_is_a_hole(unit: Unit) -> None:
    tiny = unit(TRIPLE)
    hole = only(tiny.holes(tiny.plain(), stubs="def f(x):\n    return x\n"))
    assert (hole.kind, hole.what) == ("stub", "the stub reads as wrong")


PAIR = """\
def f_forward(x):
    \"\"\"The sine, cache = x. x (N, D).\"\"\"
    return np.sin(x), x


def f_backward(dout, cache):
    \"\"\"Its gradient. dout (N, D).\"\"\"
    return {slope} * dout * np.cos(cache)
"""


def pair(tiny: Tiny) -> tuple[Exercise, Exercise]:
    return forward_pass(f"{tiny.name}.f_forward", X), backward_pass(f"{tiny.name}.f_backward", X, ("N", "D"))


def test_a_model_gradient_that_is_not_the_slope_is_a_hole(unit: Unit) -> None:
    for slope, expected in ((1, set()), (0.9, {"slope"})):
        tiny = unit(PAIR.format(slope=slope))
        forward, backward = pair(tiny)
        ground = tiny.ground(forward, backward)
        kinds = {h.kind for h in examine(backward, ground).holes} - {"mutant"}  # 1 may be any power of it
        assert kinds == expected, slope


def test_gradients_beside_those_of_what_lies_between_are_slopes_of_nothing_here(unit: Unit) -> None:
    tiny = unit('def f(x):\n    """Gradients of Σ h², h = 3x: (dh, dx). x (N, D)."""\n    return 6 * x, 18 * x\n')
    steps = tiny.plain(outputs=("dh", "dx"))
    assert "slope" not in {hole.kind for hole in tiny.holes(steps)}
    assert gradients_of(steps) == ()
    # A loss may begin with d: where slopes are asked, the first output is what they are slopes of.
    assert gradients_of(tiny.plain(outputs=("distance", "dx"), laws=(gradient(1),))) == ("dx",)


def test_a_cache_that_comes_from_no_forward_pass_is_a_hole(unit: Unit) -> None:
    tiny = unit(PAIR.format(slope=1))
    forward, backward = pair(tiny)
    given = tiny.ground(forward, backward).public
    first, *rest = given.examples(backward.name)
    moved = replace(first, documented=first.documented + 1)
    found = examine(
        backward, tiny.ground(forward, backward, public=with_examples(given, {backward.name: (moved, *rest)}))
    )
    hole = only([h for h in found.holes if h.kind != "mutant"])
    assert "is not that of f_forward at its inputs" in hole.what


# ----------------------------------------------------------------------------------------- mistakes
def with_examples(given: PublicUnit, examples: dict[str, Any]) -> PublicUnit:
    """What students are given, with other worked examples of some exercises."""
    exercises = {n: replace(p, cases=examples.get(n, p.cases)) for n, p in given.exercises.items()}
    return PublicUnit(given.unit, exercises, PublicBench(exercises.values()))


def test_a_mistake_that_has_full_marks_is_a_hole(unit: Unit) -> None:
    tiny = unit(TRIPLE)
    exercise = tiny.plain()
    exercise.mistake("No mistake.", hidden="it is none")(lambda x: x * 3 + 1)
    assert "it has full marks" in only(tiny.holes(exercise)).what


def test_a_mistake_that_is_told_as_another_is_a_hole(unit: Unit) -> None:
    tiny = unit(TRIPLE)
    exercise = with_mistake(tiny.plain())

    @exercise.mistake("The same once more.")
    def doubles_twice(x):
        return 2 * (x + x) + 1

    assert "told as quadruples" in only(tiny.holes(exercise)).what


def test_a_mistake_that_no_public_check_shows_is_a_hole_unless_it_is_declared_hidden(unit: Unit) -> None:
    tiny = unit(TRIPLE)
    exercise = with_mistake(tiny.plain())
    hole = only(tiny.holes(exercise, public=with_examples(tiny.ground(exercise).public, {exercise.name: ()})))
    assert (hole.kind, "hidden=" in hole.todo) == ("hint", True)
    secret = tiny.plain()
    secret.mistake("Four times x.", hidden="no example is given")(lambda x: 4 * x + 1)
    assert tiny.holes(secret, public=with_examples(tiny.ground(secret).public, {secret.name: ()})) == []


def test_a_hidden_mistake_that_shows_is_a_hole(unit: Unit) -> None:
    tiny = unit(TRIPLE)
    exercise = tiny.plain()
    exercise.mistake("Four times x.", hidden="nobody knows why")(lambda x: 4 * x + 1)
    assert "declared hidden, and a public check rejects it" in only(tiny.holes(exercise)).what


# ------------------------------------------------------------------------------------------ mutants
ABS = 'def f(x):\n    """Three times |x| and one. x (N, D)."""\n    return 3 * np.abs(x) + 1\n'
POSITIVE = {"x": drawn(lambda m: np.abs(m.rng.standard_normal((m.size("N"), m.size("D")))))}
SURVIVES = "return 3 * x + 1"


def test_a_mutant_that_survives_is_a_hole_until_a_case_tells_it(unit: Unit) -> None:
    tiny = unit(ABS)
    hole = only(tiny.holes(tiny.plain(POSITIVE)))
    assert (hole.kind, hole.what) == ("mutant", f"full marks for dropped function: {SURVIVES}")
    assert tiny.holes(tiny.plain(X)) == []


def test_a_mutant_that_is_listed_is_no_hole_and_the_list_is_held_to_the_truth(unit: Unit) -> None:
    tiny = unit(ABS)
    assert tiny.holes(tiny.plain(POSITIVE), {SURVIVES: "x is positive"}) == []
    hole = only(tiny.holes(tiny.plain(X), {SURVIVES: "x is positive"}))
    assert hole.what.startswith("listed as equivalent, and caught")
    hole = only(tiny.holes(tiny.plain(X), {"return 5": "it was once"}))
    assert hole.what.startswith("listed as equivalent, and no longer produced")


# ------------------------------------------------------------------------------- liars, checks, promises
def test_who_returns_his_input_is_right_where_it_is_the_answer(unit: Unit) -> None:
    tiny = unit('def f(x):\n    """Its input. x (N, D)."""\n    return x.copy()\n')
    assert [h for h in tiny.holes(tiny.plain()) if h.kind == "liar"] == []

    def one_call(asked: Asked, given: Mapping[str, Any]) -> Plan:
        return Plan(
            Chain((asked.call(given["x"], adapter="def through(f, x):\n    return f(x)\n"),)), lambda out: (out,)
        )

    assert [h for h in tiny.holes(tiny.plain(drive=one_call)) if h.kind == "liar"] == []
    both = unit('def f(x):\n    """Its input, and twice that. x (N, D)."""\n    return x.copy(), 2 * x\n')
    holes = [h for h in both.holes(both.plain(outputs=("a", "b"))) if h.kind == "liar"]
    assert "its input earns 1 of 2 points" in [h.what for h in holes]


def test_an_output_that_zeros_answer_is_a_hole(unit: Unit) -> None:
    tiny = unit(
        'def f(x):\n    """Three times x and one; and 0. x (N, D)."""\n    return 3 * x + 1, np.zeros(x.shape)\n'
    )
    holes = tiny.holes(tiny.plain(outputs=("out", "nothing")))
    assert only(holes).what == "zeros earns 1 of 2 points"


def test_a_check_that_cannot_fail_is_a_hole(unit: Unit) -> None:
    tiny = unit(TRIPLE)

    def one_is_one(run: Any, inputs: Any) -> Any:
        return [(1.0, 1.0)]

    idle = law("nothing", "one is one", one_is_one)
    hole = only(tiny.holes(tiny.plain(laws=(idle,))))
    assert hole.what == "check law:nothing rejects none of the wrong answers that were tried"


def test_a_check_that_adds_nothing_is_told_and_is_no_hole(unit: Unit) -> None:
    tiny = unit(PAIR.format(slope=1))
    forward, backward = pair(tiny)
    found = examine(backward, tiny.ground(forward, backward))
    assert set(found.redundant) == {"value", "gradient"}
    assert "check" not in {hole.kind for hole in found.holes}


def says(text: str) -> str:
    return f'def f(x):\n    """Three times x and one. {text}"""\n    return 3 * x + 1\n'


PLACES = drawn(lambda m: m.rng.integers(0, 9, m.size("N")))


@pytest.mark.parametrize(
    ("promised", "inputs", "kept", "lacks"),
    [
        ("x of any one shape.", X, {"x": array("...")}, "no case has 1, 3, 4 dimensions"),
        ("x (N, D).", {"x": array("N", "N")}, X, "no case has N ≠ D"),
        ("x (N,).", X, {"x": array("N")}, "x is drawn in shape"),
        ("With no overflow at 500.", {"x": drawn(lambda m: m.rng.standard_normal(3))}, X, "the entries of all cases are between"),
        ("x a number in (0, 1).", {"x": scalar(0, 0.2)}, {"x": scalar(0, 1)}, "x is between"),
        ("With x counted from 0.", {"x": scalar(1, 3, True)}, {"x": scalar(0, 3, True)}, "x begins at 1"),
        ("It is 1 at x = 0.", {"x": scalar(1, 3, True)}, {"x": scalar(0, 3, True)}, "x is 0 in no case"),
    ],
)  # fmt: skip
def test_what_is_promised_and_not_drawn_is_a_hole(
    unit: Unit, promised: str, inputs: Mapping[str, Any], kept: Mapping[str, Any] | None, lacks: str | None
) -> None:
    if lacks is None:
        return
    tiny = unit(says(promised))
    hole = next(h for h in tiny.holes(tiny.plain(inputs)) if h.kind == "promise")
    assert lacks in hole.what
    assert promised.strip(".").split()[-1] in hole.what
    assert [h for h in tiny.holes(tiny.plain(kept or {})) if h.kind == "promise"] == []


def test_a_default_that_no_case_asks_for_is_a_hole(unit: Unit) -> None:
    tiny = unit('def f(x, a=0.5):\n    """A times x and one. x (N, D)."""\n    return a * x + 1\n')
    kinds = {h.what for h in tiny.holes(tiny.plain({**X, "a": scalar(1, 2)})) if h.kind == "promise"}
    assert kinds == {"“a=0.5” stands in the signature, and no case leaves it out"}
    assert tiny.holes(tiny.plain({**X, "a": optional(scalar(1, 2))})) == []


def test_every_promise_says_what_it_means() -> None:
    assert all(promise.means and promise.phrase for promise in PROMISES)


# ----------------------------------------------------------------------------- processes that do not end
def side_by_side(tiny: Tiny, exercise: Exercise) -> Validated:
    (found,) = _side_by_side([_Task(exercise, tiny.ground(exercise), {})], jobs=1, silence=30.0)
    return found


@pytest.mark.slow
def test_a_mutant_that_never_ends_is_caught(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["grader.validation.examine"], "LEAST", 0.05)
    lines = "    n = 1\n    while n < 27:\n        n = n * 3\n    return n * x + 1\n"
    tiny = unit(f'def f(x):\n    """Some times x and one. x (N, D)."""\n{lines}')
    found = side_by_side(tiny, tiny.plain(regimes=("randn",)))
    assert {hole.kind for hole in found.holes} <= {"mutant"}  # 26 for 27
    assert found.mutants > found.caught > 10


@pytest.mark.slow
def test_a_mutant_that_ends_its_process_is_caught(unit: Unit) -> None:
    lines = "    if len(x) == 0:\n        os.kill(os.getpid(), 9)\n    return 3 * x + 1\n"
    tiny = unit(f'def f(x):\n    """Three times x and one. x (N, D)."""\n{lines}')
    found = side_by_side(tiny, tiny.plain(regimes=("randn",)))
    assert {hole.kind for hole in found.holes} <= {"mutant"}  # without the question, or asked otherwise
    assert 0 < found.caught < found.mutants


def test_time_is_up_for_what_catches_everything_too() -> None:
    def deaf() -> None:
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue

    with pytest.raises(TooLongError), within(0.05):
        deaf()


# ------------------------------------------------------------------------------- the list, the command
def test_the_list_of_equivalents_is_read_and_refused() -> None:
    assert read_equivalents('[f]\n"no sign" = ["return -x", "return x"]\n', "a.toml") == {
        "f": {"return -x": "no sign", "return x": "no sign"}
    }
    for text in ("[f", 'f = "x"', '[f]\nwhy = "x"', "[f]\nwhy = [1]"):
        with pytest.raises(BankError, match=r"a\.toml"):
            read_equivalents(text, "a.toml")


HOLE = Hole("liar", "layers.relu_forward", "zeros earns 1 of 2 points", "ask for more")
SOUND = Validated("layers.relu_forward", "forward pass", 2.0, 3, 5, 5, 5, 0, 10, 10)


def ran(monkeypatch: pytest.MonkeyPatch, found: Validated, *arguments: str) -> int:
    monkeypatch.setattr(grader.validation, "validate", lambda units, seeds, jobs, done, banks: [found])
    monkeypatch.setattr(sys, "argv", ["gradmark", "validate", *arguments])
    with pytest.raises(SystemExit) as stopped:
        command()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_the_command_exits_with_1_on_a_hole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, SOUND, "relu") == 0
    said = capsys.readouterr().out
    assert "no holes" in said
    assert "mutation score 100.0%" in said
    assert ran(monkeypatch, replace(SOUND, holes=(HOLE,)), "layers") == 1
    assert "zeros earns 1 of 2 points: ask for more" in capsys.readouterr().out


@pytest.mark.slow
def test_the_table_fits_in_80_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    wide = replace(
        SOUND, exercise="optimizers.question_oscillating_loss", form="test to write", mutants=234, caught=230
    )
    ran(monkeypatch, wide, "relu")
    said = capsys.readouterr().out
    assert "230/234" in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.slow
def test_the_command_prints_one_json_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, replace(SOUND, holes=(HOLE,)), "relu", "--json", "--seeds", "3,4") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["seeds"]) == ("gradmark/validation/1", [3, 4])
    assert told["exercises"][0]["holes"][0]["kind"] == "liar"


@pytest.mark.parametrize("arguments", [["layers.relu_forwrad"], ["--seeds", "a"], ["--seeds", "-1"], ["--jobs", "0"]])
def test_what_is_not_there_exits_with_2(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    assert ran(monkeypatch, SOUND, *arguments) == 2


def test_names_mean_units_exercises_and_pairs() -> None:
    def meant(*names: str) -> list[str]:
        return [e.name for _, exercises in catalogue().within(names) for e in exercises]

    assert meant("relu", "optimizers.sgd") == [
        "layers.relu_forward",
        "layers.relu_backward",
        "layers.relu_jacobian",
        "optimizers.sgd",
    ]
    assert len(meant("layers")) == len(catalogue().unit("layers").exercises)
    assert len(meant()) == sum(len(u.exercises) for u in catalogue().units.values())
