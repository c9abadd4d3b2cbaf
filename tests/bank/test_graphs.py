"""Unit `graphs`: what is drawn, and three witnesses of the gradients. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.bank.graphs.candidates import RIGHT, WRONG
from grader.bank.graphs.deep import DEEP
from grader.bank.graphs.drawing import graph_of
from grader.judging import Recipe, item_status, points
from grader.judging.cases import BATTERY
from reference import graphs
from reference.autodiff import vjp

UNIT = "graphs"
COVERS = {
    "(a+b)(b+1)": "product_graph",
    "x³ − log x": "cubic_log_graph",
    "1/(1+exp(−wᵀx))": "logistic_graph",
    "max(0, 1 − y·wᵀx)": "hinge_graph",
    "the SVM objective": "svm_graph",
    "xᵀAx + bᵀx + c": "quadratic_graph",
    "log(x+y)+x(x+y)+y² evaluated step by step": "stepwise_graph",
    "graphs are not unique": "question_same_function",
    "topological order, any valid one": "topological_order",
    "forward propagation": "evaluate",
    "backpropagation": "backpropagate",
    "a node with several outgoing edges adds up its paths: y = x/z, z = x²": "quotient_by_paths",
    "y = 1/x² by chain gives −2x/z²": "reciprocal_by_chain",
    "deep chains (10,000 nodes)": "deep_bars",
    "addition copies the gradient": "add_gate",
    "multiplication switches it: x̄₂ = ā₂x₁": "multiply_gate",
    "max routes it": "max_gate",
    "a graph whose size depends on the input (a loop, a branch)": "power_graph",
    "which nodes are inputs, which are outputs": "inputs_and_outputs",
    "the two-layer net with every node named": "network_graph",
    "and all four gradients": "network_gradients_graph",
    "nodes that are not used": "backpropagate",
    "predict .grad after a second backward": "prediction_second_backward",
    "accumulate over a fan-out of the same node (a + a)": "backpropagate",
    "recursion without an order: 8 for 4": "prediction_without_order",
    "sharing: what is repeated is computed once": "shared_graph",
    "a planted fault": "mended_pair_bars",
    "a test to write": "accumulation_checker",
}


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_curriculum_is_asked(line: str) -> None:
    assert COVERS[line] in {e.short for e in catalogue().unit(UNIT).exercises}


# ------------------------------------------------------------------------------------- what is drawn
def drawn_graphs() -> list[tuple[list[tuple[Any, ...]], dict[str, float]]]:
    recipes = [r for regime in ("randn", "odd", "large") for r in BATTERY[regime]]
    more = [
        Recipe(style, (size, 2, 3), seed) for style in ("randn", "integers") for size in range(1, 7) for seed in (1, 2)
    ]
    return [graph_of(recipe) for recipe in (*recipes, *more)]


def arguments_of(steps: list[tuple[Any, ...]]) -> list[Any]:
    return [a for _, _, *arguments in steps for a in arguments]


def zeros(values: dict[str, Any]) -> list[str]:
    return [name for name, value in values.items() if value == 0]


def test_the_drawn_graphs_hold_what_the_docstrings_promise() -> None:
    small = drawn_graphs()
    assert {op for steps, _ in small for _, op, *_ in steps} == {
        "add", "subtract", "multiply", "divide", "maximum", "negative", "exp", "log", "tanh",
    }  # fmt: skip
    assert any(len(args) == 2 and args[0] == args[1] for steps, _ in small for _, _, *args in steps)
    assert any(
        not isinstance(args[k], str) for k in (0, 1) for steps, _ in small for _, _, *args in steps if len(args) > k
    )
    numbers = [(a, args) for steps, _ in small for _, _, *args in steps for a in args if not isinstance(a, str)]
    assert {type(a) for a, _ in numbers} == {int, float}
    assert min(a for a, _ in numbers) < 0
    assert any(a == 0 for a, _ in numbers)
    assert {len(args) for _, args in numbers if not any(isinstance(a, str) for a in args)} == {1, 2}
    values = [graphs.evaluate(steps, inputs) for steps, inputs in small]
    assert any(name in inputs for (_, inputs), of in zip(small, values, strict=True) for name in zeros(of))
    assert any(
        name in arguments_of(steps) and name not in inputs
        for (steps, inputs), of in zip(small, values, strict=True)
        for name in zeros(of)
    )
    assert any(len(steps) == 1 for steps, _ in small)
    assert any("idle" in inputs for _, inputs in small)
    dead_ends = [{n for n, *_ in steps[:-1]} - set(map(str, arguments_of(steps))) for steps, _ in small]
    assert any(dead_ends)
    assert any(not ends for ends in dead_ends)


def test_no_maximum_is_drawn_at_a_tie() -> None:
    for steps, inputs in drawn_graphs():
        values = graphs.evaluate(steps, inputs)
        for _, operation, *arguments in steps:
            if operation == "maximum":
                a, b = (values.get(x, x) for x in arguments)
                assert a != b


# ------------------------------------------------------------------------------------ three witnesses
def written(steps: list[tuple[Any, ...]], values: dict[str, Any]) -> Any:
    """The value of the last step, in numpy's own words, independent of reference.graphs."""
    words = {
        "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "maximum": np.maximum,
        "negative": np.negative, "exp": np.exp, "log": np.log, "tanh": np.tanh, "power": np.power, "square": np.square,
        "matmul": np.matmul, "sum": np.sum, "outer": np.outer, "transpose": np.transpose,
    }  # fmt: skip
    known = dict(values)
    for name, operation, *arguments in steps:
        known[name] = words[operation](*(known[a] if isinstance(a, str) else a for a in arguments))
    return known


def slope(f: Any, x: float) -> float:
    """The central difference, extrapolated once."""
    h = 1e-3 * max(1.0, abs(x))
    once, twice = ((f(x + k * h) - f(x - k * h)) / (2 * k * h) for k in (1, 2))
    return float((4 * once - twice) / 3)


@pytest.mark.parametrize("number", range(20))
def test_bars_of_inputs_agree_with_the_engine_and_with_differences(number: int) -> None:
    steps, inputs = [g for g in drawn_graphs() if len(g[0]) < 30][number]
    bars, names, output = graphs.backpropagate(steps, inputs), list(inputs), steps[-1][0]

    def f(*values: Any) -> Any:
        return written(steps, dict(zip(names, values, strict=True)))[output] + 0.0 * sum(values)

    pulled = vjp(f, *inputs.values())[1](1.0)
    for name, by_engine in zip(names, pulled, strict=True):
        assert float(bars[name]) == pytest.approx(float(by_engine), rel=1e-9, abs=1e-9)
        numerical = slope(lambda x, name=name: f(*{**inputs, name: x}.values()), inputs[name])
        assert float(bars[name]) == pytest.approx(numerical, rel=1e-4, abs=1e-4)


def test_bars_of_steps_are_slopes_of_what_comes_after_them() -> None:
    """A step's bar is the slope of the rest of the graph, with that step as an input."""
    steps, inputs = graph_of(Recipe("randn", (4, 6, 3), 0))
    bars, values = graphs.backpropagate(steps, inputs), graphs.evaluate(steps, inputs)
    for name, *_ in steps[:-1]:
        rest = [step for step in steps if step[0] != name]

        def f(x: float, name: str = name, rest: Any = rest) -> float:
            return float(written(rest, {**inputs, name: x})[steps[-1][0]])

        assert float(bars[name]) == pytest.approx(slope(f, float(values[name])), rel=1e-5, abs=1e-6)


def test_the_gradients_of_the_network_agree_with_the_engine_and_with_differences() -> None:
    rng = np.random.default_rng(0)
    shapes = {"W": (2, 3), "b": (2,), "X": (3, 4), "c": (3,), "y": (4,), "z_star": (2,)}
    given = {name: rng.standard_normal(shape) for name, shape in shapes.items()}

    def loss(W: Any, b: Any, X: Any, c: Any) -> Any:
        z = W @ np.tanh(X @ given["y"] + c) + b
        return 0.5 * np.sum((z - given["z_star"]) ** 2)

    found = written(graphs.network_gradients_graph(), given)
    learned = [given[name] for name in "WbXc"]
    pulled = vjp(loss, *learned)[1](1.0)
    for k, (name, by_engine) in enumerate(zip("WbXc", pulled, strict=True)):
        bar = found[f"{name}_bar"]
        np.testing.assert_allclose(bar, by_engine, rtol=1e-12)
        for index in np.ndindex(bar.shape):

            def f(x: float, k: int = k, index: Any = index) -> float:
                moved = [a.copy() for a in learned]
                moved[k][index] = x
                return float(loss(*moved))

            assert bar[index] == pytest.approx(slope(f, given[name][index]), rel=1e-6, abs=1e-8)
    assert float(written(graphs.network_graph(), given)["L"]) == pytest.approx(float(loss(*learned)), rel=1e-12)


def test_gates_paths_and_pairs_agree_with_the_engine() -> None:
    rng = np.random.default_rng(1)
    bar, a, b = rng.standard_normal((3, 2, 5))
    for gate, f in (
        (graphs.add_gate, lambda a, b: a + b),
        (graphs.multiply_gate, lambda a, b: a * b),
        (graphs.max_gate, np.maximum),
    ):
        for found, right in zip(gate(bar, a, b), vjp(f, a, b)[1](bar), strict=True):
            np.testing.assert_allclose(found, right, rtol=1e-14)
    assert graphs.quotient_by_paths(1.7)[2] == pytest.approx(float(vjp(lambda x: x / x**2, 1.7)[1](1.0)[0]))
    assert graphs.quotient_by_paths(1.7)[2] == pytest.approx(slope(lambda x: x / x**2, 1.7), rel=1e-8)
    x, pairs = rng.standard_normal(4), np.array([[0, 1], [1, 1], [3, 0], [1, 0]])
    right = vjp(lambda x: np.sum(x[pairs[:, 0]] * x[pairs[:, 1]]), x)[1](0.7)[0]
    np.testing.assert_allclose(graphs.mended_pair_bars(0.7, x, pairs), right, rtol=1e-14)


def test_the_predictions_are_what_the_code_does() -> None:
    arguments, bar = {"b": ("a", "a"), "c": ("b", "b")}, {"a": 0, "b": 0, "c": 1}

    def visit(name: str) -> None:
        for argument in arguments.get(name, ()):
            bar[argument] += bar[name]
        for argument in arguments.get(name, ()):
            visit(argument)

    visit("c")
    assert bar["a"] == graphs.prediction_without_order()
    bar = {"a": 0, "b": 0, "c": 0}
    for _ in range(2):
        bar["c"] = 1
        for name in ("c", "b"):
            for argument in arguments[name]:
                bar[argument] += bar[name]
    assert bar["a"] == graphs.prediction_second_backward()


def test_the_model_checker_is_right_on_every_candidate() -> None:
    assert [f.__name__ for f in RIGHT if not graphs.accumulation_checker(f)] == []
    assert [f.__name__ for f in WRONG.values() if graphs.accumulation_checker(f)] == []


# ------------------------------------------------------------------------------ answers of other styles
def earned(function: str, answer: Any, **others: Any) -> tuple[float, str]:
    exercise = next(e for e in catalogue().unit(UNIT).exercises if e.short == function)
    judged = exam.verdicts({**exam.models(UNIT), exercise.function: answer, **others}, exercise)
    return points(judged) / exercise.points, item_status(judged)


def depth_first(steps: Any) -> Any:
    """A topological order by an explicit stack, as a tuple, unlike the model answer's."""
    needs = {name: [a for a in arguments if isinstance(a, str)] for name, _, *arguments in steps}
    done: dict[str, None] = {}
    for name in needs:
        stack = [name]
        while stack:
            waiting = [a for a in needs[stack[-1]] if a in needs and a not in done]
            if stack[-1] in done or not waiting:
                done[stack.pop()] = None
            else:
                stack.append(waiting[0])
    return tuple(done)


def recursive(steps: Any) -> Any:
    needs = {name: [a for a in arguments if isinstance(a, str)] for name, _, *arguments in steps}
    done: list[str] = []

    def visit(name: str) -> None:
        for argument in needs[name]:
            if argument in needs and argument not in done:
                visit(argument)
        done.append(name)

    for name in needs:
        if name not in done:
            visit(name)
    return done


RIGHT_ANSWERS = {
    "product_graph": lambda: [["q", "square", "b"], ["p", "multiply", "a", "b"], ["r", "add", "p", "q"],
                              ["s", "add", "a", "b"], ["f", "add", "r", "s"]],
    "cubic_log_graph": lambda: (("n", "negative", "l"), ("l", "log", "x"), ("p", "multiply", "x", "x"),
                                ("q", "multiply", "p", "x"), ("f", "add", "q", "n")),
    "hinge_graph": lambda: [("p", "multiply", "w", "x"), ("u", "sum", "p"), ("m", "multiply", "u", "y"),
                            ("v", "subtract", 1.0, "m"), ("f", "relu", "v")],
    "logistic_graph": lambda: [("p", "multiply", "w", "x"), ("u", "sum", "p"), ("e", "exp", "u"),
                               ("q", "add", "e", 1), ("f", "divide", "e", "q")],
    "power_graph": lambda n: [("a", "divide", 1, 1), *((f"v{k}", "multiply" if n > 0 else "divide", f"v{k - 1}" if k else "a", "x")
                                                       for k in range(abs(n)))],
    "topological_order": depth_first,
    "quotient_by_paths": lambda x: [1 / (x * x), -2 / (x * x), -1 / (x * x)],
    "reciprocal_by_chain": lambda: "-(1/z**2)*(2*x)",
    "add_gate": lambda bar, a, b: [bar, bar],
    "max_gate": lambda bar, a, b: ((a >= b) * bar, (a < b) * bar),
    "mended_pair_bars": lambda bar, x, pairs: np.bincount(
        pairs.ravel(), bar * x[pairs[:, ::-1].ravel()], minlength=len(x)),
}  # fmt: skip


@pytest.mark.parametrize("function", RIGHT_ANSWERS)
def test_an_answer_of_another_style_passes(function: str) -> None:
    assert earned(function, RIGHT_ANSWERS[function]) == (1.0, "passed")


def test_halves_at_a_tie_pass() -> None:
    def halves(bar: Any, a: Any, b: Any) -> Any:
        share = np.where(a > b, 1.0, np.where(a < b, 0.0, 0.5))
        return bar * share, bar * (1 - share)

    assert earned("max_gate", halves) == (1.0, "passed")
    assert earned("max_gate", lambda bar, a, b: ((a >= b) * bar, (b >= a) * bar))[0] < 1


LIARS = {
    "None": lambda *_: None,
    "0": lambda *_: 0.0,
    "its first argument": lambda *given: given[0] if given else "a",
    "an empty list": lambda *_: [],
    "an empty dict": lambda *_: {},
    "True": lambda *_: True,
}


@pytest.mark.parametrize("liar", LIARS)
def test_the_cheapest_answers_earn_nothing(liar: str) -> None:
    for exercise, judged in exam.with_a_liar(UNIT, LIARS[liar]):
        assert points(judged) == 0, exercise.name


@pytest.mark.parametrize("function", ["evaluate", "backpropagate"])
def test_zeros_for_every_node_earn_nothing(function: str) -> None:
    zeros = lambda steps, inputs: {**dict.fromkeys(inputs, 0.0), **{name: 0.0 for name, *_ in steps}}  # noqa: E731
    assert earned(function, zeros)[0] == 0


def test_a_recursion_loses_the_deep_chain_and_no_more() -> None:
    assert earned("topological_order", recursive) == (1.0, "passed")
    assert earned("deep_order", recursive) == (0.0, "raised")


@pytest.mark.parametrize("name", ["deep_order", "deep_values", "deep_bars"])
def test_the_deep_chain_is_put_and_is_among_the_worked_examples(name: str) -> None:
    exercise = next(e for e in catalogue().unit(UNIT).exercises if e.short == name)
    bench = exam.bench(UNIT)
    assert [case.inputs["length"] for case in bench.cases(exercise)].count(DEEP) == 1
    assert DEEP in [case.inputs["length"] for case in bench.examples(exercise)]


@pytest.mark.parametrize(
    ("function", "steps"),
    [
        ("shared_graph", 9),
        ("power_graph", 1),
    ],
)
def test_the_rules_on_structure_are_asked(function: str, steps: int) -> None:
    if function == "shared_graph":
        answer: Any = lambda: [  # noqa: E731
            ("a", "add", "x", "y"), ("b", "add", "x", "y"), ("c", "add", "x", "y"), ("d", "exp", "b"), ("e", "exp", "c"),
            ("p", "multiply", "a", "d"), ("q", "add", 1, "e"), ("r", "log", "q"), ("f", "add", "p", "r"),
        ]  # fmt: skip
        assert len(answer()) == steps
    else:
        answer = lambda n: [("f", "power", "x", n)]  # noqa: E731
    assert earned(function, answer)[0] == 0


def test_sigmoid_itself_is_not_a_graph_of_the_sigmoid() -> None:
    assert earned("logistic_graph", lambda: [("u", "matmul", "w", "x"), ("f", "sigmoid", "u")])[0] == 0
