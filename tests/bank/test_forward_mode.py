"""Unit `forward_mode`: liars, other right answers, witnesses. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import points
from grader.student import LocalAnswers
from reference import autodiff
from reference import forward_mode as unit

UNIT = "forward_mode"
COVERS = {
    "dual numbers: sums": "forward_mode.dual_sums",
    "dual numbers: products": "forward_mode.dual_products",
    "dual numbers: quotients": "forward_mode.dual_quotients",
    "dual numbers: powers": "forward_mode.dual_powers",
    "dual numbers: exp, log, sin, cos, tanh, sqrt": "forward_mode.dual_functions",
    "dual numbers: comparisons and max": "forward_mode.dual_comparisons",
    "the tangent program of s1..s10": "forward_mode.worked_tangent",
    "a tangent as a formula": "forward_mode.tangent_of_tanh",
    "jvp(f, x, v)": "forward_mode.jvp",
    "the gradient in m sweeps": "forward_mode.gradient_by_sweeps",
    "why that is too dear for many inputs": "forward_mode.question_many_inputs",
    "what it costs": "forward_mode.question_hours",
    "Jacobian by columns": "forward_mode.jacobian_by_columns",
    "the Babylonian root by duals": "forward_mode.babylonian_root",
    "a nested derivative (perturbation confusion)": "forward_mode.derivative",
    "the second derivative by dual of dual": "forward_mode.second_derivative",
    "a planted fault": "forward_mode.mended_horner",
    "a test to write": "forward_mode.jvp_checker",
    "a prediction: sweeps": "forward_mode.prediction_sweeps",
    "a prediction: a comparison of duals": "forward_mode.prediction_maximum",
    "a prediction: one ε for two levels": "forward_mode.prediction_confusion",
}
"""The curriculum's lines, its row of the table "Beyond the lectures", and the exercise that asks for each."""
NAMED = {
    "powers for n > 0 only": "forward_mode.dual_powers.multiplies_repeatedly",
    "one ε for two levels: 2 for 1": "forward_mode.derivative.has_one_epsilon_for_all",
    "quotient's sign": "forward_mode.dual_quotients.adds_in_the_quotient_rule",
    "comparison on the dual instead of its value": "forward_mode.dual_comparisons.compares_pairs",
    "sin' = sin": "forward_mode.dual_functions.sine_is_its_own_derivative",
    "the sine of 2 degrees": "forward_mode.worked_tangent.takes_degrees",
}
"""The mistakes that the curriculum names, and where each is declared."""


def test_every_line_of_the_curriculum_is_asked_somewhere() -> None:
    known = {e.name: {m.name for m in e.mistakes} for e in catalogue().unit(UNIT).exercises}
    assert [line for line, name in COVERS.items() if name not in known] == []
    assert [m for m in NAMED.values() if m.rpartition(".")[2] not in known[m.rpartition(".")[0]]] == []


# --------------------------------------------------------------------------------------------------- liars
class Flat:
    """A class that computes nothing: whatever is done with it, it is there again."""

    def __init__(self, value: Any, tangent: Any = 0.0) -> None:
        self.value, self.tangent = value, tangent

    def same(self, *_: Any) -> Flat:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = same
    __pow__ = __rpow__ = __neg__ = __abs__ = exp = log = sin = cos = tanh = sqrt = same


LIARS: dict[str, Callable[..., Any]] = {
    "None": lambda *_: None,
    "zero": lambda *_: 0.0,
    "two zeros": lambda *_: (0.0, 0.0),
    "its input": lambda *args: args[-1] if args else "x",
    "its input twice": lambda *args: (args[-1], args[-1]) if args else "x",
    "True": lambda *_: True,
    "False": lambda *_: False,
}


@pytest.mark.parametrize("liar", LIARS)
def test_the_cheapest_answers_earn_nothing(liar: str) -> None:
    for exercise, judged in exam.with_a_liar(UNIT, LIARS[liar], instead_of_a_class=Flat):
        assert points(judged) == 0, exercise.name


# ----------------------------------------------------------------------------------- other right answers
class Terse:
    """A Dual without levels, as many write it: numbers are told by what they lack, everything else by formula."""

    def __init__(self, value: Any, tangent: Any = 0.0) -> None:
        self.value, self.tangent = value, tangent

    @staticmethod
    def of(x: Any) -> Terse:
        return x if isinstance(x, Terse) else Terse(x)

    def by(self, value: Any, slope: Any) -> Terse:
        return Terse(value, slope * self.tangent)

    def __add__(self, o: Any) -> Terse:
        return Terse(self.value + Terse.of(o).value, self.tangent + Terse.of(o).tangent)

    def __neg__(self) -> Terse:
        return -1 * self

    def __sub__(self, o: Any) -> Terse:
        return self + (-1 * Terse.of(o))

    def __rsub__(self, o: Any) -> Terse:
        return (-1 * self) + o

    def __mul__(self, o: Any) -> Terse:
        o = Terse.of(o)
        return Terse(self.value * o.value, o.value * self.tangent + self.value * o.tangent)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, o: Any) -> Terse:
        o = Terse.of(o)
        return self * Terse(1 / o.value, -o.tangent / (o.value * o.value))

    def __rtruediv__(self, o: Any) -> Terse:
        return Terse.of(o) / self

    def __pow__(self, p: Any) -> Terse:
        if isinstance(p, Terse):
            return (p * self.log()).exp()
        return self.by(1.0, 0.0) if p == 0 else self.by(self.value**p, p * self.value ** (p - 1))

    def __rpow__(self, base: Any) -> Terse:
        return (self * np.log(base)).exp()

    def exp(self) -> Terse:
        return self.by(np.exp(self.value), np.exp(self.value))

    def log(self) -> Terse:
        return self.by(np.log(self.value), 1 / self.value)

    def sin(self) -> Terse:
        return self.by(np.sin(self.value), np.cos(self.value))

    def cos(self) -> Terse:
        return self.by(np.cos(self.value), -1 * np.sin(self.value))

    def tanh(self) -> Terse:
        return self.by(np.tanh(self.value), 1 - np.tanh(self.value) ** 2)

    def sqrt(self) -> Terse:
        return self**0.5

    def __lt__(self, o: Any) -> Any:
        return self.value < Terse.of(o).value

    def __le__(self, o: Any) -> Any:
        return self.value <= Terse.of(o).value

    def __gt__(self, o: Any) -> Any:
        return self.value > Terse.of(o).value

    def __ge__(self, o: Any) -> Any:
        return self.value >= Terse.of(o).value

    def __eq__(self, o: Any) -> Any:
        return self.value == Terse.of(o).value

    __hash__ = None  # type: ignore[assignment]

    def __abs__(self) -> Terse:
        return Terse(abs(self.value), self.tangent * np.sign(self.value))


def terse_jvp(f: Any, x: Any, v: Any) -> Any:
    out = f(np.array([Terse(a, b) for a, b in zip(x, v, strict=True)], dtype=object))
    if isinstance(out, list):
        return [Terse.of(o).value for o in out], [Terse.of(o).tangent for o in out]
    return Terse.of(out).value, Terse.of(out).tangent


def all_at_once(f: Any, x: Any) -> Any:
    """Every direction in one run: the tangents are rows of the identity."""
    out = f([Terse(a, row) for a, row in zip(x, np.eye(len(x)), strict=True)])
    rows = [Terse.of(o).tangent for o in (out if isinstance(out, list) else [out])]
    return [list(row) if np.ndim(row) else [0.0] * len(x) for row in rows]


def twice(f: Any, x: Any) -> Any:
    return f(Terse(Terse(x, 1.0), Terse(1.0, 0.0))).tangent.tangent


def loop_by_hand(a: float, steps: int) -> list[float]:
    x, dx = 1.0, 0.0
    for _ in range(steps):
        x, dx = 0.5 * (x + a / x), 0.5 * (dx + (x - a * dx) / (x * x))
    return [x, dx]


OTHER_ANSWERS: dict[str, Any] = {
    **{e.short: Terse for e in catalogue().unit(UNIT).exercises if e.form == "object"},
    "jvp": terse_jvp,
    "gradient_by_sweeps": lambda f, x: all_at_once(f, x)[0],
    "jacobian_by_columns": all_at_once,
    "second_derivative": twice,
    "babylonian_root": loop_by_hand,
    "tangent_of_tanh": lambda: "dx*y + x*dy - tanh(x*y)**2*(y*dx) - tanh(y*x)*tanh(y*x)*x*dy",
    "mended_horner": lambda c, x, dx: (np.polyval(c, x), np.polyval(np.polyder(c), x) * dx),
    "worked_tangent": lambda x, y, dx, dy: [
        (x * y + np.sin(x) + 4) * (3 * y * y + 6),
        (y + np.cos(x)) * (3 * y * y + 6) * dx + (x * (3 * y * y + 6) + 6 * y * (x * y + np.sin(x) + 4)) * dy,
    ],
}


@pytest.mark.parametrize("short", OTHER_ANSWERS)
def test_other_right_answers_pass(short: str) -> None:
    exercise = catalogue().exercise(f"{UNIT}.{short}")
    judged = exam.verdicts({**exam.models(UNIT), exercise.function: OTHER_ANSWERS[short]}, exercise)
    assert [(v.check.name, v.fact) for v in judged if v.status != "passed"] == []


def test_cases_hold_what_the_docstrings_promise() -> None:
    def drawn(short: str, name: str) -> list[Any]:
        return [case.inputs[name] for case in exam.bench(UNIT).cases(catalogue().exercise(f"{UNIT}.{short}"))]

    assert set(drawn("babylonian_root", "steps")) >= {0, 1, 7, 50}
    for short in ("jvp", "gradient_by_sweeps", "jacobian_by_columns"):
        assert {len(x) for x in drawn(short, "x")} >= {1, 2, 3}


def test_the_shares_of_seven_checks_add_up_to_whole_points() -> None:
    exercise = catalogue().exercise("forward_mode.dual_powers")
    assert points(exam.verdicts(exam.models(UNIT), exercise)) == exercise.points == 3


def test_edges_are_drawn() -> None:
    def drawn(short: str, *names: str) -> set[Any]:
        cases = exam.bench(UNIT).cases(catalogue().exercise(f"{UNIT}.{short}"))
        return {float(case.inputs[name]) for case in cases for name in names}

    assert drawn("dual_sums", "dx", "dy") >= {0.0, 1.0}
    assert drawn("dual_quotients", "x", "above") >= {0.0}
    assert 0.0 not in drawn("dual_quotients", "y", "c")
    assert drawn("dual_powers", "p") >= {0.0, 2.0}
    assert drawn("dual_functions", "x") >= {0.0, 400.0, -400.0}
    assert drawn("babylonian_root", "a") >= {1.0, 1e8, 1e-8, 4.0}
    directions = [case.inputs["v"] for case in exam.bench(UNIT).cases(catalogue().exercise("forward_mode.jvp"))]
    assert any(not v.any() for v in directions)
    assert any(v[0] and not v[1:].any() for v in directions if len(v) > 1)


# ----------------------------------------------------------------------------------- three witnesses
def slope(f: Callable[[float], Any], h: float = 1e-5) -> Any:
    """The derivative of f at 0 by central differences."""
    return (np.asarray(f(h)) - np.asarray(f(-h))) / (2 * h)


POINTS = [(2.0, 8.0, 1.0, 0.0), (2.0, 8.0, 0.0, 1.0), (-0.7, 1.9, 2.3, -1.1)]


def worked(x: Any, y: Any) -> Any:
    return (x * y + np.sin(x) + 4.0) * (3.0 * y**2 + 6.0)


@pytest.mark.parametrize(("x", "y", "dx", "dy"), POINTS)
def test_the_worked_tangent_has_three_witnesses(x: float, y: float, dx: float, dy: float) -> None:
    f, df = unit.worked_tangent(x, y, dx, dy)
    assert np.allclose((f, df), autodiff.jvp(worked, (x, y), (dx, dy)), rtol=1e-14)
    assert np.isclose(df, slope(lambda t: worked(x + t * dx, y + t * dy)), rtol=1e-8)


def test_the_digits_of_the_worked_example_are_those_that_are_printed() -> None:
    assert np.allclose(unit.worked_tangent(2.0, 8.0, 1.0, 0.0), (4140.0408905115, 1501.6029263637), rtol=1e-13)
    assert np.isclose(unit.worked_tangent(2.0, 8.0, 0.0, 1.0)[1], 1399.6462764876, rtol=1e-13)
    of_degrees = next(
        m for m in catalogue().exercise("forward_mode.worked_tangent").mistakes if m.name == "takes_degrees"
    )
    assert round(float(of_degrees.answer(2.0, 8.0, 0.0, 1.0)[0]), 1) == 3966.9


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sums": lambda x: x + 2.0 - (1.0 - x) - -x,
    "products": lambda x: 3.0 * x * x - x * 2.0,
    "quotients": lambda x: 1.0 / (x + 3.0) + x / 7.0 - x / (2.0 + x * x),
    "powers": lambda x: x**3 + x**-2 + 2.0**x + (x * x) ** 0.75,
    "functions": lambda x: np.exp(-x) * np.sin(2.0 * x) + np.cos(x) * np.tanh(x) + np.log(x * x) * np.sqrt(1.0 + x * x),
    "dual exponents": lambda x: (x * x + 1.0) ** x,
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("x", [-1.3, 0.4, 2.2])
def test_duals_have_three_witnesses_in_first_and_second_derivatives(name: str, x: float) -> None:
    f = FUNCTIONS[name]
    first, second = unit.derivative(f, x), unit.second_derivative(f, x)
    engine = autodiff.grad(f)
    assert np.isclose(first, engine(x), rtol=1e-12)
    assert np.isclose(first, slope(lambda t: f(x + t)), rtol=1e-7, atol=1e-7)
    assert np.isclose(second, autodiff.grad(engine)(x), rtol=1e-11, atol=1e-12)
    assert np.isclose(second, slope(lambda t: engine(x + t)), rtol=1e-7, atol=1e-7)


def field(x: Any) -> list[Any]:
    return [x[0] * x[1] * x[2], np.sin(x[0]) / (1.0 + x[2] * x[2]), np.exp(x[1] * 0.3), x[2] ** 3 - x[0]]


def test_jacobians_have_three_witnesses() -> None:
    x, v = np.array([0.7, -1.2, 0.4]), np.array([1.5, -0.3, 2.0])
    J = unit.jacobian_by_columns(field, x)
    engine = np.array(autodiff.jacobian(lambda t: np.stack(field(t)))(x))
    assert np.allclose(J, engine, rtol=1e-13)
    assert np.allclose(unit.jvp(field, x, v)[1], engine @ v, rtol=1e-13)
    assert np.allclose(unit.jvp(field, x, v)[1], slope(lambda t: field(x + t * v)), rtol=1e-8)
    assert np.allclose(unit.gradient_by_sweeps(lambda t: field(t)[0], x), engine[0], rtol=1e-13)


@pytest.mark.parametrize("steps", [0, 1, 3, 6])
def test_the_babylonian_root_has_three_witnesses(steps: int) -> None:
    def loop(a: Any) -> Any:
        x = 1.0 + 0.0 * a
        for _ in range(steps):
            x = (x + a / x) / 2.0
        return x

    root, tangent = unit.babylonian_root(7.0, steps)
    assert np.allclose((root, tangent), autodiff.jvp(loop, (7.0,), (1.0,)), rtol=1e-13)
    assert np.isclose(tangent, slope(lambda t: loop(7.0 + t)), rtol=1e-8)


def test_horners_tangent_has_three_witnesses() -> None:
    c = np.array([2.0, -1.0, 0.5, 3.0])
    p, dp = unit.mended_horner(c, 1.7, -0.6)
    assert np.allclose((p, dp), autodiff.jvp(lambda x: ((2.0 * x - 1.0) * x + 0.5) * x + 3.0, (1.7,), (-0.6,)))
    assert np.isclose(dp, slope(lambda t: np.polyval(c, 1.7 - 0.6 * t)), rtol=1e-8)


def test_the_tangent_of_tanh_has_three_witnesses() -> None:
    x, y, dx, dy = 0.7, -0.4, 1.5, 2.0
    said = eval(unit.tangent_of_tanh().replace("^", "**"), {"tanh": np.tanh}, {"x": x, "y": y, "dx": dx, "dy": dy})
    assert np.isclose(said, autodiff.jvp(lambda a, b: np.tanh(a * b), (x, y), (dx, dy))[1], rtol=1e-14)
    assert np.isclose(said, slope(lambda t: np.tanh((x + t * dx) * (y + t * dy))), rtol=1e-8)


def test_two_for_one_is_what_perturbation_confusion_makes() -> None:
    """The example of Siskind and Pearlmutter: with one level for both, and with levels."""
    confused = catalogue().exercise("forward_mode.derivative").mistakes[0].answer

    def example(derivative: Any) -> Any:
        return derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0)

    assert example(confused) == unit.prediction_confusion() == 2.0
    assert example(unit.derivative) == 1.0


def test_the_predictions_are_what_happens() -> None:
    calls: list[int] = []

    def counted(x: Any) -> Any:
        calls.append(len(x))
        return [x[0] * x[1] * x[2]] * 1000

    assert unit.jacobian_by_columns(counted, [1.0, 2.0, 3.0]).shape == (1000, 3)
    assert len(calls) == unit.prediction_sweeps()
    assert max(unit.Dual(2.0, 5.0), unit.Dual(3.0, -4.0)).tangent == unit.prediction_maximum()
    assert (unit.Dual(3.0, 2.0) * unit.Dual(4.0, -1.0)).tangent == unit.question_product_by_hand()


def test_a_checker_that_accepts_or_refuses_everything_earns_nothing() -> None:
    exercise = catalogue().exercise("forward_mode.jvp_checker")
    for answer in (lambda _: True, lambda _: False):
        judged = exam.verdicts({"jvp_checker": answer}, exercise)
        assert points(judged) == 0


def test_the_checker_accepts_the_jvp_of_this_unit_and_another() -> None:
    assert unit.jvp_checker(unit.jvp)
    assert unit.jvp_checker(terse_jvp)
    assert LocalAnswers({"jvp_checker": unit.jvp_checker}).attempt("forward_mode.jvp_checker") == "attempted"


def test_what_runs_beside_a_dual_cannot_be_used_as_its_answer() -> None:
    """The numbers within Duals of Duals had right operators, which a Dual could take over from its subclass."""
    taken: list[type] = []

    class Thief:
        def __init__(self, value: Any, tangent: Any = 0.0, level: int = 0) -> None:
            self.value, self.tangent, self.level = value, tangent, level

        def __init_subclass__(cls) -> None:
            taken.append(cls)

        def __mul__(self, other: Any) -> Any:
            return taken[-1].__mul__(self, other)

        def __rmul__(self, other: Any) -> Any:
            return taken[-1].__rmul__(self, other)

    exercise = catalogue().exercise("forward_mode.dual_products")
    assert points(exam.verdicts({"Dual": Thief}, exercise)) == 0
    assert taken
