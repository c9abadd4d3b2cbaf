"""The reach of a fault: which outputs are right, which methods the wrong ones use, and the simplest numbers that show it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.bank import catalogue, forms
from grader.diagnosis import Explanation, explain
from grader.items import item_of
from grader.judging import Bench, Exercise, Judge, Raised, Verdict, array, scalar
from grader.judging.asking import Failure
from grader.result import GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo
from grader.shown import Rule, Rules, may_see
from grader.student import LocalAnswers

UNIT = "of_reach"


class Pair:
    """The model answer of an exercise about a class: a number and a count of operations."""

    def __init__(self, value: Any, count: int = 0) -> None:
        self.value, self.count = value, count

    def __add__(self, other: Pair) -> Pair:
        return type(self)(self.value + other.value, self.count + 1)

    def __sub__(self, other: Pair) -> Pair:
        return self + -other

    def __neg__(self) -> Pair:
        return type(self)(-self.value, self.count + 1)

    def __mul__(self, other: Pair) -> Pair:
        return type(self)(self.value * other.value, self.count + 1)

    def doubled(self) -> Pair:
        return self + self


def three(x: Any, y: Any) -> Any:
    return x + y, x - y, x * y


def bent() -> str:
    return "x + max(x - 3, 0)"


ANSWERS: dict[str, Any] = {"Pair": Pair, "three": three, "bent": bent, "logarithm": lambda: "log(x + y)"}


@pytest.fixture(autouse=True)
def model_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType(f"reference.{UNIT}")
    vars(module).update(ANSWERS)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    yield
    monkeypatch.undo()


def told(exercise: Exercise, answer: Any) -> list[tuple[Verdict, Explanation]]:
    """The verdicts on a wrong answer that failed, with their explanations."""
    answers, bench = LocalAnswers({exercise.function: answer}), Bench([exercise])
    verdicts = Judge(answers, bench).verdicts(exercise)
    explained = explain(exercise, verdicts, answers, bench)
    return [(v, e) for v, e in zip(verdicts, explained, strict=True) if v.status != "passed"]


def of_values(exercise: Exercise, answer: Any) -> list[Explanation]:
    return [words for verdict, words in told(exercise, answer) if verdict.check.kind == "value"]


# ------------------------------------------------------------------------------------------- outputs
def plain() -> Exercise:
    return forms.plain(f"{UNIT}.three", {"x": array("N"), "y": array("N")}, ("total", "difference", "product"))


def test_the_outputs_that_are_right_are_told_once_beside_the_first_that_is_wrong() -> None:
    first, second = of_values(plain(), lambda x, y: (x + 2 * y, x - y, x * y * y))
    assert "; difference is right in every case tried, only total and product are wrong (" in first.message
    assert "right in every case" not in second.message
    assert first.reach is not None
    assert first.reach.data() == {"right": ["difference"], "wrong": ["total", "product"]}


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, y: (x + 2 * y, x - 2 * y, 2 * x * y),
        lambda x, y: (x + 2 * y, np.where(x > 2, 0.0, x - y), 2 * x * y),  # right in most cases
        lambda x, y: (x + 2 * y, (x - y).astype(np.float32), 2 * x * y),  # right, and of another form
        lambda x, y: (x + 2 * y, x - y, x * y) if len(x) < 3 else None,  # no answer in some
    ],
)
def test_no_output_is_said_to_be_right_that_is_not_in_every_case(answer: Callable[..., Any]) -> None:
    for words in of_values(plain(), answer):
        assert "right in every case" not in words.message
        assert not (words.reach.data() if words.reach else {})


def test_the_reach_is_in_the_result_for_whoever_draws_it() -> None:
    exercise = plain()
    answers, bench = LocalAnswers({"three": lambda x, y: (x + 2 * y, x - y, x * y)}), Bench([exercise])
    verdicts = Judge(answers, bench).verdicts(exercise)
    item = item_of(exercise, verdicts, explain(exercise, verdicts, answers, bench))
    reaches = [c.counterexample.reach for c in item.checks if c.status != "passed" and c.counterexample]
    assert reaches == [{"right": ["difference", "product"], "wrong": ["total"]}] * len(reaches)
    assert reaches


# ------------------------------------------------------------------------------------------- methods
def ask_pair(Pair: Any, x: Any, y: Any) -> Any:
    a, b = Pair(x), Pair(y)
    return (a + b).value, (a - b).value, (a * b).value, (a * b + a).value, (a.doubled() + b).value


def pairs() -> Exercise:
    outputs = ("sum", "difference", "product", "both", "twice")
    return forms.of_class(f"{UNIT}.pairs", "Pair", {"x": scalar(-3, 3), "y": scalar(-3, 3)}, outputs, ask_pair)


def spoilt(**methods: Callable[..., Any]) -> type:
    """A class of a student's own making, with some methods wrong; its difference goes its own way."""
    own = {"__sub__": lambda self, other: type(self)(self.value - other.value)}
    mine = {"__add__": lambda self, other: type(self)(self.value + other.value)}
    twice = {"doubled": lambda self: type(self)(2 * self.value)}
    product = {"__mul__": lambda self, other: type(self)(self.value * other.value)}
    return type("Pair", (), {"__init__": Pair.__init__, **own, **mine, **twice, **product, **methods})


@pytest.mark.parametrize(
    ("methods", "said", "names"),
    [
        (
            {"__sub__": lambda a, b: type(a)(b.value - a.value)},
            "every output that is wrong uses __sub__, and none that is right does",
            ["__sub__"],
        ),
        (
            {"__mul__": lambda a, b: type(a)(a.value * b.value + 1)},
            "every output that is wrong uses __mul__, and none that is right does",
            ["__mul__"],
        ),
        (
            {"__add__": lambda a, b: type(a)(a.value + 2 * b.value)},
            "every output that is wrong uses __add__, and none that is right does",
            ["__add__"],
        ),
        # doubled adds within itself, in the model class, and that is no business of whoever calls it.
        (
            {"doubled": lambda a: type(a)(3 * a.value)},
            "every output that is wrong uses doubled, and none that is right does",
            ["doubled"],
        ),
    ],
)
def test_the_method_that_every_wrong_output_uses_is_named(methods: Any, said: str, names: list[str]) -> None:
    first, *others = of_values(pairs(), spoilt(**methods))
    assert said in first.message
    assert all(said not in words.message for words in others)
    assert first.reach is not None
    assert first.reach.data()["methods"] == names


@pytest.mark.parametrize(
    "methods",
    [
        # Two faults: no method is used by all that is wrong.
        {"__mul__": lambda a, b: type(a)(a.value * b.value + 1), "__sub__": lambda a, b: type(a)(b.value - a.value)},
        # All is wrong: nothing tells where to look.
        {"__init__": lambda self, value, count=0: vars(self).update(value=value + 1, count=count)},
    ],
)
def test_no_method_is_named_that_some_wrong_output_does_not_use(methods: Any) -> None:
    for words in of_values(pairs(), spoilt(**methods)):
        assert "uses" not in words.message
        assert "methods" not in (words.reach.data() if words.reach else {})


def as_shown(exercise: Exercise, answer: Any, **kinds: Any) -> ItemResult:
    """What the author of a wrong answer may see of it."""
    answers, bench = LocalAnswers({exercise.function: answer}), Bench([exercise])
    verdicts = Judge(answers, bench).verdicts(exercise)
    item = item_of(exercise, verdicts, explain(exercise, verdicts, answers, bench))
    result = Result(
        assignment=UNIT,
        submission=SubmissionInfo(id="ada", source="ada", sha256=None),
        graded_by=GradedBy(version="0", bank="0", seed=0, isolation="none"),
        notebook=NotebookResult(status="ok"),
        score=item.score,
        max_score=item.max_score,
        graded=True,
        items=[item],
    )
    (seen,) = may_see(result, Rules({"": Rule(kinds)}), datetime.now(UTC)).items
    return seen


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (plain, lambda x, y: (x + 2 * y, x - y, x * y)),
        (plain, lambda x, y: (x + 2 * y, x - y, x * y * y)),
        (pairs, spoilt(__sub__=lambda a, b: type(a)(b.value - a.value))),
        (pairs, spoilt(__add__=lambda a, b: type(a)(a.value + 2 * b.value))),
    ],
)
def test_what_a_check_tells_of_other_outputs_is_not_shown_where_some_check_of_them_is_not(
    exercise: Callable[[], Exercise], answer: Any
) -> None:
    """It is counted over all checks: "only db is wrong" would tell how hidden ones ended."""
    whole, seen = (as_shown(exercise(), answer, **kinds) for kinds in ({"law": "hidden"}, {"contract": "hidden"}))
    assert "right in every case" in str(whole)
    assert len(seen.checks) == len(whole.checks) - 1
    said = [c.message for c in seen.checks if c.message]
    assert said == [re.sub(r"; .*(?= \()", "", c.message) for c in whole.checks if c.message]
    assert all(" (" in message and ";" not in message for message in said)
    assert [c.counterexample.reach for c in seen.checks if c.counterexample] == [{}] * len(said)


def test_no_method_is_named_where_what_one_does_cannot_be_seen() -> None:
    """Rejects that outputs which hardly depend on what a method returns are said not to use it."""

    def counts(Pair: Any, x: Any, y: Any) -> Any:
        a, b = Pair(x), Pair(y)
        return (a + b).value, 1.0 * (a * b).count

    exercise = forms.of_class(
        f"{UNIT}.counts", "Pair", {"x": scalar(-3, 3), "y": scalar(-3, 3)}, ("sum", "count"), counts
    )
    (words,) = of_values(
        exercise, spoilt(__mul__=lambda a, b: type(a)(a.value, 1), __add__=lambda a, b: type(a)(b.value))
    )
    assert "count is right in every case tried, only sum is wrong" in words.message
    assert "uses" not in words.message


class Named(Pair):
    """A model class that makes its sums by its own name: what is done to them is not seen in a subclass."""

    def __add__(self, other: Pair) -> Pair:
        return Named(self.value + other.value)


def test_no_method_is_named_where_objects_of_the_model_class_get_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(sys.modules[f"reference.{UNIT}"]), "Pair", Named)
    for words in of_values(pairs(), spoilt(__mul__=lambda a, b: type(a)(a.value * b.value + 1))):
        assert "uses" not in words.message


def test_the_methods_of_the_bank_that_are_found_are_those_that_its_adapters_call() -> None:
    from grader.judging.recognise.methods import _uses

    unit = catalogue().unit("reverse_mode")
    bench = Bench(unit.exercises)
    used = _uses(next(e for e in unit.exercises if e.short == "value_operators"), bench)
    assert {name: outputs for name, outputs in used.items() if outputs} == {
        "__add__": {"sum"},
        "__radd__": {"sum"},
        "__sub__": {"difference"},
        "__rsub__": {"number_minus_value"},
        "__mul__": {"product"},
        "__rmul__": {"product"},
        "__truediv__": {"quotient"},
        "__rtruediv__": {"number_over_value"},
        "__neg__": {"negative"},
        "__pow__": {"power", "root", "whole_power"},
    }
    used = _uses(next(e for e in unit.exercises if e.short == "value_gradients"), bench)
    assert used["__rmul__"] == {"product_a", "product_b"}  # 2 * a * b, seen in the gradients alone
    assert used["__pow__"] == {"power", "whole_power"}
    assert len(used["backward"]) == 10


def test_the_method_in_which_an_error_was_raised_is_named() -> None:
    def product(a: Any, b: Any) -> Any:
        return helper(a, b)

    def helper(a: Any, b: Any) -> Any:
        raise ValueError("no")

    def named(name: str) -> Any:
        code = product.__code__.replace(co_name=name)
        return type(product)(code, globals() | {"helper": helper}, name, closure=product.__closure__)

    for name, said in (("__mul__", "Pair.__mul__ raised ValueError: no"), ("product", "Pair raised ValueError: no")):
        messages = [words.message for _, words in told(pairs(), spoilt(__mul__=named(name)))]
        assert messages
        assert all(message.startswith(said) for message in messages)


def test_a_message_is_no_frame_of_a_traceback() -> None:
    """Rejects a name that an error's own text puts into a student's mouth."""
    from grader.diagnosis.wording import failure_sentence

    exercise = pairs()
    case = Bench([exercise]).cases(exercise)[0]
    failure = Failure(Raised("E", 'File "x", line 1, in __mul__', '  File "a.py", line 3, in __add__\n    __mul__\n'))
    assert failure_sentence(exercise, case, failure).startswith("Pair.__add__ raised E: ")


# ------------------------------------------------------------------------------------------ formulas
def formula(name: str, **inputs: Any) -> Exercise:
    return forms.formula(f"{UNIT}.{name}", inputs)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("x", "formula is 4, it must be 5 (x = 4)"),  # right up to 3
        ("x + 1", "formula is 1, it must be 0 (x = 0)"),
        ("2*x", "formula is 2, it must be 1 (x = 1)"),
        ("x + max(x - 3, 0) + max(-x - 2, 0)", "formula is -2, it must be -3 (x = -3)"),
        ("1/x", "formula is 0.5, it must be 2 (x = 2)"),  # at 0 it is not finite, at 1 it is right
    ],
)
def test_a_formula_is_shown_wrong_at_the_simplest_number(wrong: str, said: str) -> None:
    (words,) = of_values(formula("bent", x=scalar(-6, 6)), lambda: wrong)
    assert words.message == said


def test_no_number_is_shown_that_is_never_drawn_or_has_no_right_answer() -> None:
    (words,) = of_values(formula("bent", x=scalar(3.2, 6)), lambda: "x + 1")
    assert words.message == "formula is 6, it must be 7 (x = 5)"  # at 4 it happens to be right, below it is not drawn
    (words,) = of_values(formula("logarithm", x=scalar(-0.2, 3), y=scalar(0.5, 3)), lambda: "log(x)")
    assert words.message == "formula is 0, it must be 0.693147 (x = 1, y = 1)"
