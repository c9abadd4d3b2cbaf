"""Declarations that cannot be right are refused, each by its file and line and with what to do; each test has the wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import banks
import pytest

from grader.bank import UNITS, catalogue, refusals, unfinished
from grader.bank.loading import load_unit
from grader.errors import BankError, UsageError

Edit = tuple[str, str]
"""A text in the declarations or the model answers, and the wrong one in its place."""


def edited(text: str, *edits: Edit) -> str:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., None]:
    """Loads a bank whose declarations are edited."""

    def loaded_(*edits: Edit, **more: str) -> None:
        catalogue((banks.written(tmp_path / "bank", declarations=edited(banks.DECLARATIONS, *edits), **more),))

    return loaded_


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., list[str]]:
    """The refusals of a bank, of which the declarations or the answers are edited; without the path to it."""

    def refused_(*edits: Edit, answers: tuple[Edit, ...] = ()) -> list[str]:
        folder = banks.written(tmp_path / "bank", edited(banks.ANSWERS, *answers), edited(banks.DECLARATIONS, *edits))
        return [text.removeprefix(f"{folder}/") for text in refusals(catalogue((folder,)).unit("quiz"))]

    return refused_


def test_a_sound_bank_is_not_refused(loaded: Callable[..., None], refused: Callable[..., list[str]]) -> None:
    loaded()
    assert refused() == []


# ------------------------------------------------------------------------------------- when it is loaded
@pytest.mark.parametrize(
    ("edit", "line", "says"),
    [
        (("X)\n\n\n@cube_f", "X, point=3)\n\n\n@cube_f"), 7, "there is no option point: did you mean points?"),
        (('("N", "D"))', '("N", "D"), kink=True)'), 15, "there is no option kink: did you mean kinks?"),
        (
            ('array("N", "D")}', 'array("N", "D", positiv=True)}'),
            6,
            "there is no option positiv: did you mean positive?",
        ),
        (
            ("X)\n\n\n@cube_f", "X, zzz=3)\n\n\n@cube_f"),
            7,
            "there is no option zzz: there are name, inputs, points, laws, outputs, kinks",
        ),
        (('"quiz.cube_forward"', '"cube_forward"'), 7, "cube_forward: an exercise is named unit.function"),
        (('"quiz.cube_forward"', '"other.cube_forward"'), 7, "other.cube_forward is declared in unit quiz"),
        (
            ("(cube_forward, cube_backward))", "(cube_forward,))"),
            15,
            "quiz.cube_backward is in no unit; give it a name",
        ),
        (("UNIT =", 'plain("quiz.twice", X, ("out",))\nUNIT ='), 23, "quiz.twice is in no unit; give it a name"),
        (("\n\nUNIT", '\n\nplain("quiz.cube_forward", X, ("out",))\nUNIT'), 7, ""),
        (('Unit("quiz"', 'Unit("quizz"'), 7, "is declared in unit quizz"),
        (("UNIT =", "THAT ="), 1, "it holds no UNIT; end it with UNIT = Unit.of_modules('quiz'"),
        (("X = {", "X = {{"), 6, "this does not parse"),
        (('array("N", "D")}', "arrays(3)}"), 6, "NameError: name 'arrays' is not defined"),
        (("import numpy as np", "import numpyy as np"), 1, "No module named 'numpyy'"),
    ],
    ids=lambda value: value[1][:20].strip() if isinstance(value, tuple) else None,
)
def test_what_cannot_be_right_is_refused_when_it_is_loaded(
    edit: Edit, line: int, says: str, loaded: Callable[..., None]
) -> None:
    if not says:
        loaded(edit)  # a second one of the same name that no unit lists: the name is in the unit
        return
    with pytest.raises(UsageError) as caught:
        loaded(edit)
    assert re.match(rf"\S+/bank/quiz\.py:{line}: ", str(caught.value)), caught.value
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_unit_that_declares_an_exercise_twice_names_both_places(loaded: Callable[..., None]) -> None:
    with pytest.raises(UsageError, match=r"quiz\.py:15: quiz\.cube_forward is declared twice: first at \S+/quiz\.py:7"):
        loaded(
            ('backward_pass("quiz.cube_backward", X, ("N", "D"))', 'forward_pass("quiz.cube_forward", X)'),
            ("cube_backward.mistake", "cube_forward.mistake"),
        )


def test_a_module_of_a_package_that_nobody_imports_is_refused(tmp_path: Path) -> None:
    folder = banks.written(tmp_path / "bank")
    (folder / "bank" / "quiz").mkdir()
    (folder / "bank" / "quiz.py").rename(folder / "bank" / "quiz" / "__init__.py")
    (folder / "bank" / "quiz" / "forgotten.py").write_text("")
    with pytest.raises(
        UsageError, match=r"bank/quiz/forgotten\.py:1: nothing imports it; name the module in the UNIT of"
    ):
        catalogue((folder,))


def test_one_of_ours_is_a_fault_of_the_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.bank import layers

    monkeypatch.setattr(layers, "UNIT", None)
    with pytest.raises(BankError, match=r"^grader/bank/layers/__init__\.py:1: it holds no UNIT"):
        load_unit("grader.bank", "layers")


def test_loading_needs_no_model_answers() -> None:
    import subprocess
    import sys

    code = "import sys; from grader.bank import catalogue; catalogue(); print('reference' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


# ------------------------------------------------------------------------- when the model answers run
@pytest.mark.parametrize(
    ("edits", "answers", "says"),
    [
        (
            [("return x**2, x", "return x * x * x, x")],
            [],
            "bank/quiz.py:10: quiz.cube_forward: the mistake squares is right: it agrees with the model answer on every case",
        ),
        (
            [("def squares(x)", "def squares(x, power=2)")],
            [],
            "bank/quiz.py:10: quiz.cube_forward: the mistake squares takes (x, power=2), and the model answer (x); give it",
        ),
        (
            [("drops_upstream(dout, cache)", "drops_upstream(cache)")],
            [],
            "bank/quiz.py:18: quiz.cube_backward: the mistake drops_upstream takes (cache), and the model answer (dout, cache)",
        ),
        (
            [('X, ("N", "D"))', 'X, ("N", "M"))')],
            [],
            "bank/quiz.py:15: quiz.cube_backward: dout is (4, 3), and cube_forward returns out (4, 6); name the dimensions",
        ),
        (
            [('{"x": array("N", "D")}', '{"x": array("N", "D"), "w": array("M")}')],
            [],
            "bank/quiz.py:7: quiz.cube_forward: its model answer fails at x (4, 6), w (3,) (TypeError: cube_forward() takes 1",
        ),
        (
            [],
            [("out = x**3", "out = x @ x")],
            "bank/quiz.py:7: quiz.cube_forward: its model answer fails at x (4, 6) (ValueError: matmul",
        ),
        (
            [],
            [("3 * cache**2 * dout", "2 * cache**2 * dout")],
            "bank/quiz.py:15: quiz.cube_backward: dx is not the derivative that the engine finds of cube_forward; mend",
        ),
        (
            [],
            [("3 * cache**2 * dout", "2 * cache**2 * dout"), ("out = x**3", "out = np.empty_like(x)\n    out[:] = x**3")],
            "bank/quiz.py:15: quiz.cube_backward: dx is not the numerical slope of cube_forward; mend the model answer",
        ),
        (
            [],
            [("return 3 * cache**2 * dout", "return 3 * cache**2 * dout, dout")],
            "bank/quiz.py:15: quiz.cube_backward: ",
        ),
        (
            [('X)\n\n\n@cube_f', 'X, regimes=("randn", "huge"))\n\n\n@cube_f')],
            [],
            "bank/quiz.py:7: quiz.cube_forward: there is no regime 'huge'; there are randn, odd, large",
        ),
        (
            [],
            [("out = x**3", "out = np.where(np.abs(x) > 200, np.inf, x**3)")],
            "bank/quiz.py:7: quiz.cube_forward: no case of the regime large is left",
        ),
    ],
)  # fmt: skip
def test_what_only_the_model_answers_bring_out_is_refused(
    edits: list[Edit], answers: list[Edit], says: str, refused: Callable[..., list[str]]
) -> None:
    found = refused(*edits, answers=tuple(answers))
    assert any(text.startswith(says) for text in found), found


def test_a_name_with_no_model_answer_is_refused_at_once(loaded: Callable[..., None]) -> None:
    with pytest.raises(UsageError, match=r"quiz\.py:7: quiz\.cubed: no model answer .*; write it"):
        loaded(('"quiz.cube_forward"', '"quiz.cubed"'))


def test_one_of_ours_with_no_model_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import reference.layers

    monkeypatch.delattr(reference.layers, "relu_forward")
    found = refusals(catalogue().unit("layers"))
    assert any(
        re.match(r"grader/bank/layers/rectifiers\.py:\d+: layers\.relu_forward: no model answer", text)
        for text in found
    )
    assert any("layers.relu_backward" in text or "relu_forward" in text for text in found[1:])


def test_a_mistake_may_call_what_it_does_not_use_as_it_likes(refused: Callable[..., list[str]]) -> None:
    assert refused(("drops_upstream(dout, cache)", "drops_upstream(_, cache)")) == []


def test_what_is_marked_is_named_and_not_examined(tmp_path: Path) -> None:
    wrong = edited(banks.ANSWERS, ("out = x**3", "out = x @ x  # FILL IN"))
    unit = catalogue((banks.written(tmp_path / "bank", wrong),)).unit("quiz")
    assert [text for text in refusals(unit) if "cube_forward: " in text] == []
    assert [text.rpartition("/")[2] for text in unfinished(unit)] == [
        "quiz.py:12: still to be filled in: out = x @ x  # FILL IN"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_ours_can_be_right(unit: str) -> None:
    assert refusals(catalogue().unit(unit)) == []
    assert unfinished(catalogue().unit(unit)) == []
