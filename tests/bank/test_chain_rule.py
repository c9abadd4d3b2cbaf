"""Unit `chain_rule`: witnesses agree, cheap answers earn nothing. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import Case, Exercise, points, read_formula, read_graph
from reference import chain_rule as model
from reference.autodiff import grad

UNIT = "chain_rule"
COVERS = {
    "local derivatives: add, subtract, multiply": "arithmetic_local",
    "local derivatives: divide": "divide_local",
    "local derivatives: power": "power_local",
    "local derivatives: max": "max_local",
    "local derivatives: exp, log, sin, cos, tanh, sqrt": "elementary_local",
    "derivative of f∘g∘h at a point, from lists of functions and derivatives": "compose_derivative",
    "derivatives of f(g(x)) as formulas": "slope_of_sine_of_square",
    "the quotient rule": "slope_of_quotient",
    "total derivative of u(v(x,y), w(x,y))": "total_derivative",
    "a function as formula": "worked_formula",
    "a function as graph": "worked_graph",
    "a function as straight-line program, s1 to s10": "worked_program",
    "the gradient of the worked example": "worked_gradient",
    "the lecture's sine of degrees": "prediction_sine_of_degrees",
    "central differences": "central_difference",
    "the error falls as h²": "prediction_falling_error",
    "the error rises again as u/h": "best_step",
    "complex step": "complex_step",
    "symbolic differentiation": "second_derivative_formula",
    "expression swell for f(f(f(w)))": "expanded_operations",
    "the derivative without the swell": "iterated_slope",
    "a function that is defined piecewise": "slope_of_huber",
    "what a branch hides": "prediction_branch",
    "gradient_checker (test to write)": "gradient_checker",
    "choose h for a given error": "step_for_error",
    "the planted fault in a checker": "mended_error",
    "one-sided 4e-5, central 9e-10, h = 1e-12 off by 1e-5": "question_errors",
}
"""Each line of the curriculum, and of the unit's row in its table of judgement, with the exercise that asks for it."""
DECLARED = {
    "one-sided difference": ("central_difference", "is_one_sided"),
    "h = 1e-12": ("central_difference", "steps_too_small"),
    "the sine of degrees, in the program": ("worked_program", "takes_the_sine_of_degrees"),
    "the sine of degrees, in the gradient": ("worked_gradient", "differentiates_in_degrees"),
    "the inner derivative forgotten, in a formula": ("slope_of_sine_of_square", "forgets_the_inner_derivative"),
    "the inner derivative forgotten, of a composition": ("compose_derivative", "forgets_inner_derivatives"),
    "quotient rule's sign, locally": ("divide_local", "loses_the_sign_of_the_quotient_rule"),
    "quotient rule's sign, in a formula": ("slope_of_quotient", "adds_in_the_quotient_rule"),
}
"""The mistakes that the table asks for, each with an exercise and its declared mistake."""


def exercise_of(function: str) -> Exercise:
    return catalogue().exercise(f"{UNIT}.{function}")


def cases_of(function: str) -> tuple[Case, ...]:
    return exam.bench(UNIT).cases(exercise_of(function))


# --------------------------------------------------------------------------------------- the exam of a unit


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_curriculum_has_its_exercise(line: str) -> None:
    assert exercise_of(COVERS[line]).points > 0


@pytest.mark.parametrize("line", DECLARED)
def test_each_mistake_of_the_table_is_declared(line: str) -> None:
    function, name = DECLARED[line]
    assert name in [mistake.name for mistake in exercise_of(function).mistakes]


@pytest.mark.parametrize(
    "form", ["higher order", "formula", "graph", "test to write", "planted fault", "prediction", "question"]
)
def test_each_form_is_asked_for(form: str) -> None:
    found = [e.name for e in catalogue().unit(UNIT).exercises if e.form == form]
    assert len(found) >= {"formula": 3, "prediction": 2, "question": 3}.get(form, 1)


# ------------------------------------------------------------------------------------------- cheap answers
LIARS: Mapping[str, Callable[..., Any]] = {
    "nothing": lambda *given: None,
    "zero": lambda *given: 0.0,
    "two zeros": lambda *given: (0.0, 0.0),
    "two ones": lambda *given: (1.0, 1.0),
    "six zeros": lambda *given: (0.0,) * 6,
    "pairs of ones": lambda *given: [(1.0, 1.0)] * 3,
    "its first input": lambda *given: given[0] if given else "x",
    "its inputs": lambda *given: given,
    "ten zeros": lambda *given: [0.0] * 10,
    "yes": lambda *given: True,
    "no": lambda *given: False,
}


@pytest.mark.parametrize("liar", LIARS)
def test_a_cheap_answer_earns_nothing(liar: str) -> None:
    for exercise, judged in exam.with_a_liar(UNIT, LIARS[liar]):
        if liar == "zero" and exercise.function == "prediction_branch":
            assert points(judged) == exercise.points  # there 0 is the answer
        else:
            assert points(judged) == 0, exercise.name


# ----------------------------------------------------------------------------------------- other right styles
def composed_by_values(functions: Any, derivatives: Any, x: Any) -> Any:
    values = [x]
    for f in functions[:-1]:
        values.append(f(values[-1]))
    return np.prod([df(v) for df, v in zip(derivatives, values, strict=True)])


def checked_by_norms(f: Any, df: Any, x: Any) -> bool:
    n, g = np.empty(x.shape), df(x)
    for i, old in enumerate(x):
        h = 1e-6 * max(1, abs(old))
        x[i] = old + h
        n[i] = f(x)
        x[i] = old - h
        n[i] = (n[i] - f(x)) / (2 * h)
        x[i] = old
    return bool(np.linalg.norm(n - g) <= 1e-6 * (np.linalg.norm(n) + np.linalg.norm(g)))


def checked_with_a_larger_step(f: Any, df: Any, x: Any) -> bool:
    steps = [1e-4 * max(1.0, abs(x[i])) * e for i, e in enumerate(np.eye(len(x)))]
    n = np.array([(f(x + s) - f(x - s)) / np.sum(2 * s) for s in steps])
    return bool(np.max(np.abs(n - df(x))) <= 1e-7 * np.max(np.abs(n)) + 1e-300)


STYLES: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "an array of pairs": ("arithmetic_local", lambda a, b: np.array([[1, 1], [1, -1], [b, a]])),
    "a list for a pair": ("divide_local", lambda a, b: [b**-1, -a * b**-2]),
    "an array for a pair": ("power_local", lambda a, b: np.array([a**b * b / a, np.exp(b * np.log(a)) * np.log(a)])),
    "whole numbers": ("max_local", lambda a, b: (int(a >= b), int(a < b))),
    "an array of six": (
        "elementary_local",
        lambda x: np.array([np.e**x, x**-1, np.cos(x), -np.sin(x), np.cosh(x) ** -2.0, x**-0.5 / 2]),
    ),
    "all values first": ("compose_derivative", composed_by_values),
    "a loop over paths": ("total_derivative", lambda o, n: [sum(o[k] * n[k, d] for k in range(len(o))) for d in range(n.shape[1])]),
    "an array of ten": ("worked_program", lambda x, y: np.array(model.worked_program(x, y))),
    "another order and a power": (
        "worked_graph",
        lambda: [
            ("q", "power", "y", 2), ("r", "multiply", "q", 3), ("second", "add", 6, "r"), ("i", "sin", "x"),
            ("p", "multiply", "y", "x"), ("j", "add", 4, "i"), ("first", "add", "p", "j"), ("f", "multiply", "second", "first"),
        ],
    ),
    "a formula multiplied out": ("worked_formula", lambda: "3*y**3 + 6*y + 3*y^2*cos(x) + 6*cos(x)"),
    "a formula with a product for a power": ("slope_of_quotient", lambda: "1/(1 + x*x) - 2*x*x/((1 + x*x)*(1 + x*x))"),
    "the chain rule as it stands": ("slope_of_sine_of_square", lambda: "cos(x*x) * (x + x)"),
    "the product rule as it stands": ("second_derivative_formula", lambda: "-2*exp(-(x^2)) + (-2*x)*(-2*x)*exp(-(x^2))"),
    "absolute values for a clip": ("slope_of_huber", lambda: "(abs(x + d) - abs(x - d)) / 2"),
    "a complex number of Python's": ("complex_step", lambda f, x, h=1e-20: f(complex(x, h)).imag / h),
    "two slopes averaged": ("central_difference", lambda f, x, h=1e-5: (f(x + h) - f(x)) / (2 * h) + (f(x) - f(x - h)) / (2 * h)),
    "a root for a power": ("best_step", lambda m, t, u: [np.cbrt(3 * u * m / t), 1.5 * u * m / np.cbrt(3 * u * m / t)]),
    "a geometric sum": ("expanded_operations", lambda k, m, n: [k * sum(m**i for i in range(n)), n * k]),
    "in place, by norms": ("gradient_checker", checked_by_norms),
    "with a larger step": ("gradient_checker", checked_with_a_larger_step),
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_a_right_answer_in_another_style_passes(style: str) -> None:
    function, answer = STYLES[style]
    exercise = exercise_of(function)
    judged = exam.verdicts({**exam.models(UNIT), function: answer}, exercise)
    assert [(v.check.name, v.fact) for v in judged if v.status != "passed"] == []


# -------------------------------------------------------------------------------- printed digits and examples
def test_the_worked_example_has_its_printed_digits() -> None:
    s = model.worked_program(2.0, 8.0)
    np.testing.assert_allclose(
        [s[3], s[5], s[8], s[9]], [0.9092974268, 20.9092974268, 198, 4140.0408905115], rtol=1e-10
    )
    np.testing.assert_allclose(model.worked_gradient(2.0, 8.0), [1501.6029263637, 1399.6462764876], rtol=1e-13)


def test_the_lectures_digits_come_of_the_sine_of_two_degrees() -> None:
    cut = 0.034
    assert np.isclose(198 * (20 + cut), 3966.732)
    assert np.isclose(2 * 198 + 6 * 8 * (20 + cut), 1357.632)
    assert np.floor(1000 * np.sin(np.deg2rad(2))) / 1000 == cut


def test_the_lectures_point_is_among_the_cases() -> None:
    assert any((case.inputs["x"], case.inputs["y"]) == (2.0, 8.0) for case in cases_of("worked_program"))


def test_errors_of_differences_have_the_sizes_that_the_question_says() -> None:
    def off(slope: Any) -> float:
        return float(abs(slope - np.cos(1.0)))

    one_sided = (np.sin(1 + 1e-4) - np.sin(1)) / 1e-4
    assert 4e-5 < off(one_sided) < 5e-5
    assert 8e-10 < off(model.central_difference(np.sin, 1.0, 1e-4)) < 1e-9
    assert 1e-6 < off(model.central_difference(np.sin, 1.0, 1e-12)) < 1e-4
    assert off(model.complex_step(np.sin, 1.0)) < 2e-16


def test_cases_hold_what_the_docstrings_promise() -> None:
    ties = [case for case in cases_of("max_local") if case.inputs["a"] == case.inputs["b"]]
    assert len(ties) >= 3
    assert {len(case.inputs["order"]) for case in cases_of("compose_derivative")} >= {1, 2, 3, 4, 50}
    for function in ("central_difference", "complex_step"):
        left_out = [case for case in cases_of(function) if "omitted" in map(str, case.inputs.values())]
        assert len(left_out) >= 2
    signs = {(np.sign(c.inputs["a"]), np.sign(c.inputs["b"])) for c in cases_of("divide_local")}
    assert len(signs) == 6  # a may be 0, b not
    assert 1 in {case.inputs["outer"].size for case in cases_of("total_derivative")}
    assert {case.inputs["m"] for case in cases_of("expanded_operations")} >= {1, 2, 3, 7}
    assert max(case.inputs["n"] for case in cases_of("expanded_operations")) == 7
    assert {case.inputs["n"] for case in cases_of("iterated_slope")} >= {1, 10}
    assert {case.inputs["w0"] for case in cases_of("iterated_slope")} >= {0.0, 0.5, 0.75, 1.0}
    assert {case.inputs["b"] for case in cases_of("power_local")} >= {-1.0, 0.0, 1.0, 2.0}
    assert 1.0 in {case.inputs["a"] for case in cases_of("power_local")}
    zeros = {(case.inputs["a"] == 0, case.inputs["b"] == 0) for case in cases_of("arithmetic_local")}
    assert len(zeros) == 4
    near = [c for c in cases_of("max_local") if 0 < c.inputs["b"] - c.inputs["a"] < 1e-8]
    assert len(near) >= 3
    assert sum(case.inputs["x"] > 2 * np.pi for case in cases_of("elementary_local")) >= 3
    assert 0.0 in {case.inputs["x"] for case in cases_of("worked_gradient")}
    assert 0.0 in {case.inputs["y"] for case in cases_of("worked_gradient")}
    for function in ("step_for_error", "best_step"):
        assert any(case.expected and max(np.ravel(case.expected[0].value)) > 1 for case in cases_of(function))
    assert any(not case.inputs["gradient"].any() for case in cases_of("mended_error"))


def test_the_swell_is_that_of_the_formula_written_out() -> None:
    def written_out(n: int) -> str:
        return "w" if n == 0 else "4*({0})*(1-({0}))".format(written_out(n - 1))

    for n in range(1, 6):
        formula, program = model.expanded_operations(3, 2, n)
        assert formula == sum(written_out(n).count(operation) for operation in "*-")
        assert program == 3 * n


def test_the_best_step_is_the_bottom_of_the_bound() -> None:
    size, third, u = 3.0, 0.5, 1e-10
    h, error = model.best_step(size, third, u)
    assert all(third * (h * k) ** 2 / 6 + u * size / (h * k) > error for k in (0.9, 0.99, 1.01, 1.1))


# ------------------------------------------------------------------------------------------ three witnesses
def huber(x: Any, d: Any) -> Any:
    inside = np.minimum(np.maximum(x, -d), d)
    return inside * inside / 2 + d * (np.abs(x) - np.abs(inside))


def iterated(w: Any, n: int) -> Any:
    return w if n == 0 else iterated(4.0 * w - 4.0 * w * w, n - 1)


def worked(x: Any, y: Any) -> Any:
    return (x * y + np.sin(x) + 4.0) * (3.0 * y * y + 6.0)


def the_formula(function: str, **at: float) -> float:
    return float(read_formula(getattr(model, function)(), function, list(at)).at(at))


GRADIENTS: Mapping[str, tuple[Callable[..., Any], Callable[..., Any], tuple[float, ...]]] = {
    "sum": (lambda a, b: a + b, lambda a, b: model.arithmetic_local(a, b)[0], (1.3, -0.7)),
    "difference": (lambda a, b: a - b, lambda a, b: model.arithmetic_local(a, b)[1], (1.3, -0.7)),
    "product": (lambda a, b: a * b, lambda a, b: model.arithmetic_local(a, b)[2], (1.3, -0.7)),
    "quotient": (lambda a, b: a / b, model.divide_local, (1.3, -0.7)),
    "power": (lambda a, b: a**b, model.power_local, (1.3, -0.7)),
    "maximum, left": (np.maximum, model.max_local, (1.3, -0.7)),
    "maximum, right": (np.maximum, model.max_local, (1.3, 1.7)),
    **{
        name: (getattr(np, name), lambda x, i=i: (model.elementary_local(x)[i],), (0.8,))
        for i, name in enumerate(("exp", "log", "sin", "cos", "tanh", "sqrt"))
    },
    "worked example": (worked, model.worked_gradient, (2.0, 8.0)),
    "worked formula": (lambda x: worked(x, 3.3), lambda x: (the_formula("worked_formula", x=x, y=3.3),), (-1.2,)),
    "sine of a square": (lambda x: np.sin(x * x), lambda x: (the_formula("slope_of_sine_of_square", x=x),), (1.7,)),
    "quotient of x": (lambda x: x / (1.0 + x * x), lambda x: (the_formula("slope_of_quotient", x=x),), (1.7,)),
    "second derivative": (
        lambda x: -2.0 * x * np.exp(-x * x), lambda x: (the_formula("second_derivative_formula", x=x),), (0.6,),
    ),
    **{
        f"Huber at {x}": (lambda x: huber(x, 1.5), lambda x: (the_formula("slope_of_huber", x=x, d=1.5),), (x,))
        for x in (-2.0, -0.4, 0.9, 3.1)
    },
    **{
        f"iterated {n} times": (lambda w, n=n: iterated(w, n), lambda w, n=n: (model.iterated_slope(w, n)[1],), (0.3,))
        for n in (1, 3, 5)
    },
    "composition": (
        lambda x: np.exp(np.tanh(x * x)),
        lambda x: (
            model.compose_derivative(
                [lambda v: v * v, np.tanh, np.exp], [lambda v: 2 * v, lambda v: 1 - np.tanh(v) ** 2, np.exp], x
            ),
        ),
        (0.7,),
    ),
    "two paths": (
        lambda x, y: (x + y) * (x * y),
        lambda x, y: model.total_derivative(np.array([x * y, x + y]), np.array([[1.0, 1.0], [y, x]])),
        (1.0, 2.0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", GRADIENTS)
def test_engine_numerical_slope_and_model_answer_agree(what: str) -> None:
    f, found, at = GRADIENTS[what]
    claimed = np.array(found(*at), dtype=np.float64)
    exact = np.array([grad(f, n)(*at) for n in range(len(at))])
    np.testing.assert_allclose(claimed, exact, rtol=1e-12, atol=1e-14)
    steps = 1e-5 * np.eye(len(at))
    slopes = [(f(*(np.array(at) + s)) - f(*(np.array(at) - s))) / 2e-5 for s in steps]
    np.testing.assert_allclose(claimed, slopes, rtol=1e-7, atol=1e-8)
    assert not np.allclose(1.01 * claimed + 0.01, exact, rtol=1e-3), "the comparison can fail"


def test_the_numerical_slopes_of_the_model_are_the_engines() -> None:
    def f(x: Any) -> Any:
        return np.exp(x) * np.sin(3 * x)

    for x in (-1.1, 0.2, 1.4):
        assert np.isclose(model.central_difference(f, x), grad(f)(x), rtol=1e-8)
        assert np.isclose(model.complex_step(f, x), grad(f)(x), rtol=1e-14)


def test_the_graph_computes_the_worked_example() -> None:
    steps = read_graph(model.worked_graph(), "worked_graph")
    for x, y in ((2.0, 8.0), (-1.3, 0.4)):
        assert np.isclose(float(list(steps.values({"x": x, "y": y}).values())[-1]), worked(x, y), rtol=1e-14)


def test_the_value_of_the_iteration_is_that_of_the_function() -> None:
    for n in (1, 2, 4):
        assert np.isclose(model.iterated_slope(0.3, n)[0], iterated(0.3, n), rtol=1e-13)
