"""The forms of exercises: of each a right answer, the wrong ones that it must refuse, and what is said of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.bank import forms
from grader.diagnosis import explain
from grader.errors import BankError
from grader.judging import Bench, Exercise, Judge, array, item_status, picture_of, points, scalar
from grader.judging.asking import replay
from grader.student import LocalAnswers

UNIT = "of_forms"
NUMBERS = {"x": scalar(-3, 3), "y": scalar(-3, 3)}


class Pair:
    """The model answer of an exercise about a class."""

    def __init__(self, value: Any, slope: Any = 0.0) -> None:
        self.value, self.slope = value, slope

    def __mul__(self, other: Pair) -> Pair:
        return Pair(self.value * other.value, self.value * other.slope + self.slope * other.value)


def slope_at(f: Callable[[Any], Any], x: Any) -> Any:
    return f(Pair(x, 1.0)).slope


def half_of_sum(w: Any, x: Any) -> Any:
    return half(w * x).sum()


def half(x: Any) -> Any:
    return x / 2


def fit(X: Any, y: Any) -> tuple[Any, list[float]]:
    w = np.zeros(X.shape[1])
    for _ in range(200):
        w -= 0.2 * X.T @ (X @ w - y) / len(y)
    return w, []


def checks_slope(f: Callable[[float], float], df: Callable[[float], float]) -> bool:
    return all(abs((f(x + 1e-5) - f(x - 1e-5)) / 2e-5 - df(x)) < 1e-6 for x in (-2.0, -0.5, 1.5))


ANSWERS: dict[str, Any] = {
    "Pair": Pair,
    "slope_at": slope_at,
    "product": lambda: [("s", "add", "x", "y"), ("t", "add", "y", 1), ("out", "multiply", "s", "t")],
    "power": lambda n: [("p0", "multiply", "x", 1), *((f"p{i}", "multiply", f"p{i - 1}", "x") for i in range(1, n))],
    "expanded": lambda: "(x + y)*(y + 1)",
    "half_of_sum": half_of_sum,
    "fit": fit,
    "checks_slope": checks_slope,
    "pairs": lambda: {"a": "1", "b": "2"},
    "mended": lambda x: 2 * x,
}


@pytest.fixture(autouse=True)
def model_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType(f"reference.{UNIT}")
    vars(module).update(ANSWERS)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    yield
    monkeypatch.undo()


def multiplied(Pair: Any, x: Any, y: Any) -> Any:
    found = Pair(x, 1.0) * Pair(y, 2.0)
    return found.value, found.slope


def of_a_square(slope_at: Any, x: Any) -> Any:
    return slope_at(lambda z: z * z, x)


def data() -> tuple[Any, Any]:
    X = np.random.default_rng(0).standard_normal((20, 3))
    return X, X @ np.array([1.0, 2.0, 3.0])


def loss(returned: Any, X: Any, y: Any) -> dict[str, float]:
    return {"loss": np.mean((X @ returned[0] - y) ** 2)}


def right_square() -> Any:
    """A slope at points of both signs."""
    return lambda x: x**2, lambda x: 2 * x


def tripled() -> Any:
    return lambda x: x**2, lambda x: 3 * x


def only_right_of_zero() -> Any:
    return lambda x: x**2, lambda x: 2 * abs(x)


def put(checker: Any, candidate: Any) -> Any:
    return checker(*candidate())


def made(name: str) -> Exercise:
    """Declare the exercise of this name, each in a form of its own."""
    full = f"{UNIT}.{name}"
    match name:
        case "products":
            return forms.of_class(full, "Pair", NUMBERS, ("value", "slope"), multiplied)
        case "slope_at":
            return forms.higher_order(full, {"x": scalar(-3, 3)}, ("slope",), of_a_square)
        case "product":
            return forms.graph(full, NUMBERS, at_most=3)
        case "power":
            inputs = {"n": scalar(1, 5, integer=True), "x": scalar(-2, 2)}
            return forms.graph(full, inputs, arguments=("n",), operations=("multiply",))
        case "expanded":
            return forms.formula(full, NUMBERS, form=(forms.no_function("exp"),))
        case "half_of_sum":
            return forms.vectorise(full, {"w": array("D"), "x": array("D")}, ("total",))
        case "fit":
            return forms.training(full, data, loss, at_most={"loss": 1e-3})
        case "checks_slope":
            wrong = {
                "a slope that is off by a factor": tripled,
                "a slope that is right on one side": only_right_of_zero,
            }
            return forms.checker(full, put, [right_square], wrong)
        case "pairs":
            return forms.question(full, {"a2 b1": "The two are swapped."})
        case _:
            raise AssertionError(name)


def judged(exercise: Exercise, answer: Any, source: str | None = None) -> tuple[str, float, list[str]]:
    """The status, the points, and what is said of each check that failed."""
    answers, bench = LocalAnswers({exercise.function: answer}, source=source), Bench([exercise])
    verdicts = Judge(answers, bench).verdicts(exercise)
    told = explain(exercise, verdicts, answers, bench)
    said = [e.message for v, e in zip(verdicts, told, strict=True) if v.status != "passed"]
    return item_status(verdicts), points(verdicts), said


@pytest.mark.parametrize(
    "name",
    ["products", "slope_at", "product", "power", "expanded", "half_of_sum", "fit", "checks_slope", "pairs"],
)
def test_the_model_answer_has_full_marks_and_none_of_the_cheapest_answers_any(name: str) -> None:
    exercise = made(name)
    assert judged(exercise, ANSWERS[exercise.function]) == ("passed", pytest.approx(exercise.points), [])
    for cheap in (None, 0.0, np.zeros(3), "", [], {}, (0.0, 0.0)):
        status, earned, _ = judged(exercise, lambda *_, cheap=cheap: cheap, source="def f(): pass")
        assert (status == "passed", earned) == (False, 0.0)


def test_a_class_is_judged_by_what_its_objects_do() -> None:
    class Sums(Pair):
        def __mul__(self, other: Pair) -> Pair:
            return Pair(self.value * other.value, self.slope + other.slope)

    class Bare:
        def __init__(self, value: Any, slope: Any) -> None:
            raise NotImplementedError("not written yet")

    status, earned, said = judged(made("products"), Sums)
    assert (status, earned) == ("partial", 1.0)
    assert said[-1].startswith("slope is 3, it must be")
    assert judged(made("products"), Bare)[:2] == ("not_attempted", 0.0)


def test_a_mistake_may_be_made_from_the_model_answer() -> None:
    exercise = made("products")

    @exercise.mistake("The slopes are multiplied.", from_model=True)
    def multiplies_slopes(Pair: Any) -> Any:
        class Wrong(Pair):  # type: ignore[misc]
            def __mul__(self, other: Any) -> Any:
                return Wrong(self.value * other.value, self.slope * other.slope)

        return Wrong

    (mistake,) = exercise.mistakes
    answers, bench = LocalAnswers({"Pair": mistake.answer}), Bench([exercise])
    verdicts = Judge(answers, bench).verdicts(exercise)
    named = {e.diagnosis.mistake for e in explain(exercise, verdicts, answers, bench) if e.diagnosis}
    assert named == {"multiplies_slopes"}


def test_any_equivalent_graph_passes_and_its_structure_may_be_limited() -> None:
    exercise = made("product")
    other = [("v", "multiply", "t", "s"), ("t", "add", 1.0, "y"), ("s", "add", "y", "x")][::-1]
    assert judged(exercise, lambda: other)[:2] == ("passed", 2.0)
    status, earned, said = judged(exercise, lambda: [("z", "add", "x", 0), *ANSWERS["product"]()])
    assert (status, earned) == ("wrong", 0.0)
    assert "has 4 steps, at most 3" in said[0]
    assert "sum may not be used here" in judged(made("power"), lambda n: [("s", "sum", "x")])[2][0]
    assert judged(made("power"), lambda n: ANSWERS["power"](2))[1] == 0.0


STEPWISE = [("a", "add", "x", "y"), ("b", "add", "y", 1.0), ("c", "multiply", "a", "b")]


def pictures(exercise: Exercise, answer: Any, bench: Bench | None = None) -> list[Any]:
    """The pictures of a wrong answer's checks, and what is said with each."""
    answers, bench = LocalAnswers({exercise.function: answer}), bench or Bench([exercise])
    told = explain(exercise, Judge(answers, bench).verdicts(exercise), answers, bench)
    return [(e.shown.graph if e.shown else None, e.message) for e in told if e.message]


def test_the_first_wrong_step_of_named_nodes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(sys.modules[f"reference.{UNIT}"]), "steps", lambda: STEPWISE)
    exercise = forms.graph(f"{UNIT}.steps", NUMBERS, ("a", "b", "c"), named=True)
    # In another order, over a step of its own, with one fault that spoils the last node too.
    wrong = [("c", "multiply", "a", "b"), ("b", "subtract", "one", "y"), ("one", "add", 1.0, 0), ("a", "add", "y", "x")]
    found = pictures(exercise, lambda: wrong)
    shown = [picture for picture, _ in found if picture is not None]
    assert {picture.wrong for picture in shown} == {"b"}
    for picture in shown:
        values = {step.name: step.value for step in picture.steps}
        assert [step.name for step in picture.steps].index("b") < [step.name for step in picture.steps].index("c")
        assert values["b"] == pytest.approx(1 - picture.inputs["y"])
        assert picture.expected == pytest.approx(1 + picture.inputs["y"])
        assert (picture.inherited, picture.still_wrong) == (("c",), ())
    of_the_last = [said for _, said in found if said.startswith("c is")]
    assert of_the_last
    assert all(
        "; the first step that is wrong is b: with it put right c is right too (" in said for said in of_the_last
    )


def test_a_step_that_is_wrong_for_a_reason_of_its_own_inherits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects that all that comes behind a wrong step is called wrong for its sake alone."""
    monkeypatch.setitem(vars(sys.modules[f"reference.{UNIT}"]), "steps", lambda: STEPWISE)
    exercise = forms.graph(f"{UNIT}.steps", NUMBERS, ("a", "b", "c"), named=True)
    two_faults = [("a", "add", "x", "y"), ("b", "subtract", 1.0, "y"), ("c", "add", "a", "b")]
    found = pictures(exercise, lambda: two_faults)
    shown = [picture for picture, _ in found if picture is not None]
    assert {(p.wrong, p.inherited, p.still_wrong) for p in shown} == {("b", (), ("c",))}
    (said,) = {said.partition(" (")[0].partition("; ")[2] for _, said in found if said.startswith("c is")}
    assert said == "the first step that is wrong is b: c is wrong even with it put right"


def test_of_a_graph_without_names_the_way_back_is_followed_as_far_as_it_is_sure() -> None:
    exercise = made("product")  # (x + y)(y + 1)
    one_off = [("u", "add", "x", "y"), ("v", "subtract", "y", 1.0), ("w", "multiply", "u", "v")]
    ((example, _), (value, said)) = pictures(exercise, lambda: one_off)
    assert (example.wrong, value.wrong) == ("v", "v")
    assert "; the first step that is wrong is v; w inherits its fault (x = " in said
    assert value.inherited == ("w",)
    both_off = [("u", "subtract", "x", "y"), ("v", "subtract", "y", 1.0), ("w", "multiply", "u", "v")]
    assert {picture.wrong for picture, _ in pictures(exercise, lambda: both_off)} == {"w"}
    another_way = [("u", "multiply", "x", "y"), ("v", "add", "u", "x"), ("w", "add", "v", "y")]  # y² is missing
    assert {picture.wrong for picture, _ in pictures(exercise, lambda: another_way)} == {"w"}


def test_there_is_a_picture_of_graphs_alone_and_of_none_that_changes_or_whose_answers_are_not_known() -> None:
    exercise = made("product")
    wrong = [("u", "add", "x", "y")]
    assert all(picture is not None for picture, _ in pictures(exercise, lambda: wrong))
    assert {p for p, _ in pictures(made("expanded"), lambda: "x")} == {None}
    passing = made("power")
    assert pictures(passing, lambda n: ANSWERS["power"](n)) == []

    class Blind(Bench):
        knows_answers = False

    assert {p for p, _ in pictures(exercise, lambda: wrong, Blind([exercise]))} == {None}
    (trial,) = replay(LocalAnswers({"product": lambda: wrong}), Bench([exercise]).cases(exercise)[:1])
    turned = LocalAnswers({"product": lambda: [("u", "add", "x", "nobody")]})
    assert picture_of(trial.case, turned, Bench([exercise])) is None


def test_equal_formulas_pass_however_they_are_written() -> None:
    exercise = made("expanded")
    for text in ("x*y + x + y*y + y", "y*(x + y) + (y + x)", "(x^2 - y^2)*(y+1)/(x-y)", "1e8*(x+y)*(y+1)/1e8"):
        assert judged(exercise, lambda text=text: text)[:2] == ("passed", 2.0), text
    assert judged(exercise, lambda: "(x + y)*(y + 1) + 1e-9")[1] == 0.0
    assert "without exp" in judged(exercise, lambda: "(x+y)*(y+1)*exp(0)")[2][0]


def test_a_formula_that_cannot_be_read_costs_no_attempt() -> None:
    status, earned, said = judged(made("expanded"), lambda: "(x + y*(y + 1)")
    assert (status, earned) == ("not_attempted", 0.0)
    assert said[0] == "the formula cannot be read: this parenthesis is not closed\n  (x + y*(y + 1)\n  ^"


OBJECT = "class A:\n    def slow(self, w):\n        while w: pass\n"
CALLS = "def half_of_sum(w, x):\n    return go(w, x)\n"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("def half_of_sum(w, x):\n    return sum(a * b for a, b in zip(w, x)) / 2", "line 2 of half_of_sum has a generator"),
        (CALLS + "def go(w, x):\n    y = 0\n    for a in w: y += a\n", "line 3 of go has a for loop"),
        ("def half_of_sum(w, x):\n    return np.vectorize(f)(w).sum()", "has vectorize"),
        ("def half_of_sum(w, x):\n    return half_of_sum(w[1:], x[1:])", "has a call of itself"),
        (CALLS + "def go(w, x):\n    return on(w)\ndef on(w):\n    return go(w, w)", "a call of itself"),
        ("half_of_sum = lambda w, x: [a for a in w]", "has a list comprehension"),
        ("def slow(w, x):\n    for a in w: pass\nhalf_of_sum = slow", "line 2 of slow has a for loop"),
        ("def slow(k, w, x):\n    for a in w: pass\nhalf_of_sum = functools.partial(slow, 1)", "line 2 of slow has a for loop"),
        (OBJECT + "def half_of_sum(w, x):\n    return A().slow(w)", "of slow has a while"),
        ("if True:\n    half_of_sum: object = lambda w, x: [a for a in w]", "has a list comprehension"),
        ("def half_of_sum(w, x):\n    # slow, but right\n\n    for a in w: '\\d'", "line 4 of half_of_sum has a for loop"),
        ("def half_of_sum(w, x):\n    return list(map(abs, w))", "has map"),
        ("def half_of_sum(w, x):\n    exec('for a in w: pass')", "has exec"),
        ("@np.vectorize\ndef half_of_sum(w, x):\n    return w * x", "has vectorize"),
        ("import functools\ndef half_of_sum(w, x):\n    return functools.reduce(max, w)", "has reduce"),
        ("def half_of_sum(w, x):\n    return globals()['slow'](w)", "has globals"),
        ("def half_of_sum(w, x):\n    return getattr(np, 'vectorize')(abs)(w)", "has getattr"),
        ("def half_of_sum(w, x, map=map):\n    return list(map(abs, w))", "has map"),
        ("def half_of_sum(w, x):\n    global map\n    map = map\n    return list(map(abs, w))", "has map"),
        ("def half_of_sum(w, x):\n    class A:\n        map = map\n        y = list(map(abs, w))\n    return A.y", "has map"),
    ],
)  # fmt: skip
def test_a_loop_is_found_wherever_it_hides(source: str, what: str) -> None:
    status, earned, said = judged(made("half_of_sum"), half_of_sum, source)
    assert (status, earned) == ("partial", pytest.approx(1.0))
    assert what in said[0]


def test_a_text_that_is_nested_too_deeply_to_be_read_costs_the_point_and_nothing_else() -> None:
    deep = "def half_of_sum(w, x):\n    return w" + ".T" * 900 + ".map(x)"
    status, earned, said = judged(made("half_of_sum"), half_of_sum, deep)
    assert (status, earned) == ("partial", pytest.approx(1.0))
    assert "cannot be read" in said[0], said


def test_what_loops_in_numpy_alone_is_no_loop_and_the_last_definition_counts() -> None:
    free = "def other(x):\n    for i in x: pass\ndef half_of_sum(w, x):\n    return np.add.reduce(w * x) / 2\n"
    assert judged(made("half_of_sum"), half_of_sum, free)[1] == pytest.approx(3.0)
    other = (
        "def f(go):\n    def half(w):\n        for i in w: pass\n" + free
    )  # a function inside another one is that one's own
    assert judged(made("half_of_sum"), half_of_sum, other)[1] == pytest.approx(3.0)
    mean = "def mean(x):\n    for i in x: pass\nloss = mean([1])\n"
    beside = mean + "def half_of_sum(w, x):\n    loss = np.mean(w * x)\n    return loss\n"
    assert judged(made("half_of_sum"), half_of_sum, beside)[1] == pytest.approx(3.0)  # names of its own, and numpy's
    called = "def half_of_sum(w, x):\n    map = w * x\n    reduce = map.sum()\n    return reduce / 2\n"
    assert judged(made("half_of_sum"), half_of_sum, called)[1] == pytest.approx(3.0)  # what a variable is called
    twice = "def half_of_sum(w, x):\n    for i in w: pass\n" + free
    assert judged(made("half_of_sum"), half_of_sum, twice)[1] == pytest.approx(3.0)
    assert judged(made("half_of_sum"), lambda w, x: w.sum(), free)[1] == 0.0  # without loops, and wrong


def test_a_run_is_measured_by_what_it_returns() -> None:
    exercise = made("fit")
    status, earned, said = judged(exercise, lambda X, y: (np.zeros(3), [0.0]))
    assert (status, earned) == ("wrong", 0.0)
    assert "the loss of what it returned is 11.0" in said[0]
    assert "must be at most 0.001" in said[0]
    for odd in (np.zeros((2, 2)), "w", None, (), ({"a": 1},), (np.full(3, np.nan), [])):
        assert judged(exercise, lambda X, y, odd=odd: odd)[1] == 0.0


def test_a_figure_beyond_all_numbers_is_not_told_as_one() -> None:
    said = judged(made("fit"), lambda X, y: (np.full(3, 1e300), []))[2]
    assert "the loss of what it returned is too large to be told, it must be at most 0.001" in said[0]


def test_a_goal_that_the_model_answer_misses_is_refused() -> None:
    exercise = forms.training(f"{UNIT}.fit", data, loss, at_most={"loss": -1.0})
    with pytest.raises(BankError, match=r"does not meet what is asked: the loss of what it returned is .* at most -1"):
        Bench([exercise]).cases(exercise)


def test_a_run_that_takes_too_long_is_told_by_how_much() -> None:
    def slowly(X: Any, y: Any) -> Any:
        until = time.process_time() + 0.3
        while time.process_time() < until:
            pass
        return fit(X, y)

    exercise = forms.training(f"{UNIT}.fit", data, loss, at_most={"loss": 1e-3}, seconds=0.1)
    status, _, said = judged(exercise, slowly)
    assert status == "partial"
    assert "times what it may take" in said[0]


def test_each_right_one_that_a_checker_refuses_is_told() -> None:
    def also_right() -> Any:
        """A slope by a sum."""
        return lambda x: x**2, lambda x: x + x

    exercise = forms.checker(f"{UNIT}.checks_slope", put, [right_square, also_right], {"a slope of 3 x": tripled})
    assert judged(exercise, lambda f, df: False)[2] == [
        "it refuses 2 right ones: a slope at points of both signs; a slope by a sum"
    ]
    assert judged(exercise, checks_slope) == ("passed", 4.0, [])


def test_a_checker_that_breaks_is_told_by_which_error() -> None:
    """Rejects that a name which is not there reads as a judgement; an assertion is one."""
    exercise = made("checks_slope")
    refused = "it refuses a right one: a slope at points of both signs"

    def breaks(f: Any, df: Any) -> bool:
        return bool(f.derivative(1.0) == df(1.0))

    def asserts(f: Any, df: Any) -> bool:
        raise AssertionError

    def speaks(f: Any, df: Any) -> Any:
        return "AttributeError"  # an answer that reads like an error is none

    assert judged(exercise, breaks) == ("wrong", 0.0, [f"{refused}; it raised AttributeError with it"] * 2)
    assert judged(exercise, asserts) == ("wrong", 0.0, [refused] * 2)
    assert judged(exercise, speaks)[2] == ["checks_slope must return True or False"] * 2


def test_a_checker_whose_model_answer_refuses_a_right_one_is_refused() -> None:
    exercise = forms.checker(f"{UNIT}.checks_slope", put, [right_square, tripled], {"a slope of 3 x": tripled})
    with pytest.raises(BankError, match="the model answer does not meet what is asked: it refuses a right one"):
        Bench([exercise]).cases(exercise)


def test_a_checker_is_paid_by_the_faults_that_it_catches() -> None:
    exercise = made("checks_slope")

    def on_the_right(f: Any, df: Any) -> bool:
        return bool(abs(f(2.0 + 1e-5) - f(2.0 - 1e-5) - 2e-5 * df(2.0)) < 1e-9)

    assert judged(exercise, on_the_right) == ("partial", 2.0, ["it accepts a slope that is right on one side"])
    refuses = ("wrong", 0.0, ["it refuses a right one: a slope at points of both signs"] * 2)
    assert judged(exercise, lambda f, df: False) == refuses
    assert judged(exercise, lambda f, df: True)[1] == 0.0
    assert judged(exercise, lambda f, df: None)[2] == ["checks_slope must return True or False"] * 2

    def asserts(f: Any, df: Any) -> bool:
        assert checks_slope(f, df)
        return True

    assert judged(exercise, asserts)[:2] == ("passed", 4.0)


def test_neither_labels_nor_names_of_candidates_cross() -> None:
    (call,) = made("checks_slope").plan({}).chain.calls
    assert call.adapter is not None
    assert call.args == ()
    for telling in ("tripled", "right_square", "only_right_of_zero", "both signs", "factor", "right", "wrong"):
        assert telling not in call.adapter


def test_a_stub_with_a_planted_fault_has_the_body_of_the_mistake() -> None:
    from grader.bank.stubs import derive

    source = '"""A unit."""\n\n\ndef mended(x):\n    """Return 2x."""\n    # the answer\n    return 2 * x\n'
    planted = (
        '@exercise.mistake("Twice.")\ndef doubles_twice(x):\n    y = 2 * x  # as a student writes\n    return 2 * y\n'
    )
    stub = derive(source, UNIT, {"mended": planted})
    assert stub.endswith('    """Return 2x."""\n    y = 2 * x  # as a student writes\n    return 2 * y\n')
    assert "the answer" not in stub


def test_a_planted_fault_must_be_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.bank import stub_files
    from grader.bank.units import Catalogue
    from grader.judging import Unit

    exercise = forms.planted_fault(f"{UNIT}.mended", {"x": scalar(0, 1)}, ("y",), planted="doubles_twice")
    unit = Unit(UNIT, 99, "Forms", (exercise,))
    monkeypatch.setattr(stub_files, "catalogue", lambda _: Catalogue({UNIT: unit}))
    with pytest.raises(BankError, match="plants doubles_twice, which is none of its declared mistakes"):
        stub_files._planted(UNIT)
