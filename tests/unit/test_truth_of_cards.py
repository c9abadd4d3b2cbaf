"""What a card or a hint says of an answer is true of that answer: what is at fault is known beforehand, and held against it."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import numpy as np
import pytest

from grader.bank import catalogue
from grader.report.findings import findings
from grader.report.pictures import path, picture_of
from grader.result import CheckResult, Counterexample, ItemResult
from grader.student import Checked, Work, checked, public_unit
from grader.student.hints import Memory, hint_of
from grader.student.shown import cards


def of(name: str, **own: Callable[..., Any]) -> Checked:
    """Return what the public checks find of an exercise; all functions that are not given are the model answers."""
    unit = public_unit(catalogue().exercise(name).unit)
    functions = {e.function: e.answer() for e in catalogue().unit(catalogue().exercise(name).unit).exercises}
    return checked(unit.exercises[name].exercise, Work({**functions, **own}))


def card_of(name: str, **own: Callable[..., Any]) -> str:
    return " ".join(cards([of(name, **own)])[0].text.split())


# ------------------------------------------------------------------ a gradient beside a function that is wrong
def no_forward(x, w, b):
    raise ValueError("no forward pass")


@pytest.mark.parametrize(
    ("name", "forward"),
    [
        ("layers.relu_backward", {"relu_forward": lambda x: (np.abs(x), x)}),
        ("layers.sigmoid_backward", {"sigmoid_forward": lambda x: (1 / (1 + np.exp(x)),) * 2}),
        ("layers.affine_backward", {"affine_forward": lambda x, w, b: (x.reshape(len(x), -1) @ w, (x, w, b))}),
        ("layers.affine_backward", {"affine_forward": no_forward}),
    ],
)
def test_a_right_backward_pass_is_right_beside_a_wrong_forward_pass(name: str, forward: Any) -> None:
    found = of(name, **forward)
    assert found.item.status == "passed"
    assert "mend it first" in found.note


def test_a_backward_pass_that_does_not_fit_the_cache_of_its_right_forward_pass_is_wrong() -> None:
    found = of("layers.sigmoid_backward", sigmoid_forward=lambda x: (1 / (1 + np.exp(-np.clip(x, -500, 500))), x))
    assert found.item.status == "wrong"


def test_a_backward_pass_that_is_wrong_stays_wrong_beside_a_wrong_forward_pass() -> None:
    wrong = {"relu_forward": lambda x: (np.abs(x), x), "relu_backward": lambda dout, x: 2 * dout * (x > 0)}
    assert of("layers.relu_backward", **wrong).item.status == "wrong"


def summed(x, y):
    n = np.arange(len(x))
    z = x - x.max(1, keepdims=True)
    sums = np.log(np.exp(z).sum(1))
    dx = np.exp(z - sums[:, None])
    dx[n, y] -= 1
    return (sums - z[n, y]).sum(), dx / len(x)


def test_a_right_gradient_is_not_blamed_for_the_slope_of_a_wrong_loss() -> None:
    found = of("layers.softmax_loss", softmax_loss=summed)
    assert [c.name for c in found.item.checks if c.status != "passed"] == ["example"]
    assert "<img" not in cards([found])[0].html, "a picture of how far off a dx is that is right"


def test_a_gradient_that_fits_no_loss_is_blamed_for_it() -> None:
    def fits_neither(x, y):
        loss, dx = summed(x, y)
        return loss, 3 * dx

    found = of("layers.softmax_loss", softmax_loss=fits_neither)
    assert {c.name for c in found.item.checks if c.status != "passed"} == {"example", "gradient"}


# --------------------------------------------------------------------------------------- where code raised
def test_an_error_is_told_with_inputs_at_which_it_is_raised() -> None:
    def unbroadcast(dout, cache):
        x, out = cache
        return dout * np.exp(x - out[:, None])  # no error for x (1, 2) and dout (1,)

    found = of("layers.logsumexp_backward", logsumexp_backward=unbroadcast)
    raised = [check for check in found.item.checks if check.status == "raised"]
    assert {"contract", "gradient"} <= {check.name for check in raised}
    for check in raised:
        rows, entries = np.shape(check.counterexample.inputs["x"])  # type: ignore[union-attr]
        assert f"({rows},) ({rows},{entries})" in check.message


# ------------------------------------------------------------------------------------ which outputs are right
def without_the_last(w, b, X, y):
    J, dw, db = 0.0, np.zeros_like(w), 0.0
    for n in range(len(y) - 1):
        error = X[n] @ w + b - y[n]
        J, dw, db = J + error**2 / len(y), dw + 2 * error * X[n] / len(y), db + 2 * error / len(y)
    return J, dw, db


def test_a_gradient_that_fits_a_wrong_loss_is_not_said_to_be_right() -> None:
    found = of("linear_models.linear_loss_loop", linear_loss_loop=without_the_last)
    assert {c.name for c in found.item.checks if c.status == "passed"} >= {"gradient:dw", "gradient:db"}
    assert "right here" not in cards([found])[0].text


# --------------------------------------------------------------------------------------------------- graphs
def graph_alt(name: str, steps: list[tuple[Any, ...]]) -> str:
    """Return what the picture of a graph says of it."""
    html = cards([of(name, **{name.partition(".")[2]: lambda: steps})])[0].html
    return html.partition('<img alt="')[2].partition('"')[0]


def test_a_second_fault_of_a_graph_is_not_called_inherited() -> None:
    steps = [("p", "matmul", "X", "y"), ("q", "add", "p", "c"), ("h", "sigmoid", "q"), ("r", "matmul", "W", "h")]
    steps += [("z", "add", "r", "b"), ("e", "subtract", "z", "z_star"), ("L", "matmul", "e", "e")]  # and no ½
    alt = graph_alt("graphs.network_graph", steps)
    assert "h = sigmoid(q), the first wrong step" in alt
    assert "z = r + b, inherited; e = z − z_star, inherited; L = e @ e, wrong too." in alt


def test_a_fault_beside_the_first_of_a_graph_is_told_too() -> None:
    steps = [("s1", "add", "x", "y"), ("s2", "log", "x"), ("s3", "multiply", "x", "s1"), ("s4", "multiply", "y", "x")]
    steps += [("s5", "add", "s2", "s3"), ("s6", "add", "s5", "s4")]
    alt = graph_alt("graphs.stepwise_graph", steps)
    assert "s4 = y × x, wrong too; s3 = x × s1; s5 = s2 + s3, inherited; s6 = s5 + s4, wrong too." in alt


def test_of_a_graph_whose_last_step_alone_is_known_no_step_is_called_the_first_wrong_one() -> None:
    steps = [("p", "multiply", "x", "y"), ("s", "sin", "y"), ("q", "add", "p", "s"), ("t", "add", "q", 4)]
    steps += [("y2", "square", "y"), ("y3", "multiply", 3, "y2"), ("z", "add", "y3", 6), ("f", "multiply", "t", "z")]
    alt = graph_alt("chain_rule.worked_graph", steps)
    assert "f = t × z, wrong: " in alt
    found = of("chain_rule.worked_graph", worked_graph=lambda: steps)
    told = cards([found])[0]
    assert "first" not in told.text + told.html + alt
    assert "f = t × z is 96.1175, it must be 99.176" in told.text


def test_the_first_wrong_step_is_shown_where_it_is_not_the_first_output() -> None:
    steps = [("p", "matmul", "X", "y"), ("q", "add", "p", "c"), ("h", "tanh", "q"), ("r", "matmul", "W", "h")]
    steps += [("z", "add", "r", "b"), ("e", "subtract", "z", "z_star"), ("b_bar", "multiply", 1, "e")]
    steps += [("W_bar", "outer", "e", "h"), ("Wt", "transpose", "W"), ("c_bar", "matmul", "Wt", "e")]
    alt = graph_alt("graphs.network_gradients_graph", [*steps, ("X_bar", "outer", "c_bar", "y")])
    assert "c_bar = Wt @ e, the first wrong step" in alt
    assert "X_bar = outer(c_bar, y), inherited." in alt


# --------------------------------------------------------------------------------------- to see it again
def again(name: str, **own: Callable[..., Any]) -> tuple[str, dict[str, Any], str]:
    """Run the lines of Python of a card; return them, the names that there are afterwards, and what was printed."""
    html = cards([of(name, **own)])[0].html
    lines = unescape(
        html.partition("Reproduce it in Python")[2].partition("<pre")[2].partition(">")[2].partition("<")[0]
    )
    functions = {e.function: e.answer() for e in catalogue().unit(catalogue().exercise(name).unit).exercises}
    scope = {**functions, **own}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(lines, scope)
    return lines, scope, out.getvalue()


def test_an_array_without_axes_is_built_as_one() -> None:
    mistake = next(m for m in catalogue().exercise("reverse_mode.add_vjp").mistakes if m.name == "add_subtracts")
    lines, _, _ = again("reverse_mode.add_vjp", add_vjp=mistake.answer)
    assert "np.array(" in lines


def test_a_tuple_is_built_as_one_and_nothing_that_is_needed_is_overwritten() -> None:
    def same_shape_only(g, shape):
        return g if g.shape == shape else g.sum(axis=0) * 2  # an array in the place of the tuple would raise

    lines, scope, _ = again("reverse_mode.unbroadcast", unbroadcast=same_shape_only)
    assert "shape = (" in lines
    assert "sum" not in scope, "the notebook still needs it"


def test_a_text_is_given_to_the_call() -> None:
    lines, _, printed = again(
        "optimizers.minibatch_gradient", minibatch_gradient=lambda g, b, r="mean": g[b].sum(0) * 9
    )
    assert "reduction = '" in lines
    assert "minibatch_gradient(grads, batch, reduction)" in lines
    assert printed


def test_a_function_that_takes_its_inputs_as_they_are_is_called() -> None:
    lines, _, printed = again("chain_rule.divide_local", divide_local=lambda a, b: (1 / abs(b), -a / b**2))
    assert "answer = divide_local(a, b)\nprint(answer)\n# expected: d/da is " in lines
    assert printed.startswith("(")


def test_a_wrong_form_is_printed_as_it_is() -> None:
    lines, scope, printed = again(
        "forward_mode.babylonian_root", babylonian_root=lambda a, steps: np.array([a, 1.0, 2.0])
    )
    assert lines.endswith("print(answer)")
    assert scope["answer"].shape == (3,)
    assert printed


# -------------------------------------------------------------------------------------------------- hints
def hints(name: str, **own: Callable[..., Any]) -> list[str]:
    """Return the three hints, as they come to somebody who changes the code and not the fault."""
    memory, found = Memory(), of(name, **own)
    return [hint_of(found, each, memory) for each in (np.sum, np.mean, np.max)]


def mistaken(name: str, mistake: str) -> dict[str, Callable[..., Any]]:
    exercise = catalogue().exercise(name)
    return {exercise.function: next(m for m in exercise.mistakes if m.name == mistake).answer}


def test_the_example_of_the_last_hint_is_one_that_comes_out_wrong() -> None:
    last = hints("mlp.gradients", **mistaken("mlp.gradients", "sums_both_gradients"))[2]
    X = re.findall(r"^ +(-?\d.*)$", last.partition("X =")[2].partition("Y =")[0], re.MULTILINE)
    assert len(X) > 1, "with a single example the sum is the mean"
    last = hints("reverse_mode.transpose_vjp", **mistaken("reverse_mode.transpose_vjp", "transpose_again"))[2]
    axes = [int(i) for i in last.partition("axes =")[2].split("and")[0].split()]
    assert [axes[i] for i in axes] != sorted(axes), "a permutation that does not undo itself"
    last = hints("graphs.max_gate", **mistaken("graphs.max_gate", "copies_at_a_tie"))[2]
    assert "Work some entries of this one out by hand" in last


def test_no_hint_asks_to_work_out_what_is_drawn_at_random() -> None:
    said = hints("mlp.xavier_weights", xavier_weights=lambda m, n, rng: rng.normal(size=(m, n)))
    assert "by hand" not in said[2]


def test_a_hint_on_a_function_of_functions_shows_which_these_are() -> None:
    last = hints("reverse_mode.hvp", **mistaken("reverse_mode.hvp", "differs_on_one_side"))[2]
    assert "return A @ z + A.T @ z + np.cos(z)" in last


def test_the_first_hint_is_the_symptom_where_the_shape_is_wrong_too() -> None:
    first, second, _ = hints("layers.affine_backward", **mistaken("layers.affine_backward", "leaves_dx_flat"))
    assert first.split("\n")[1].startswith(
        "dx stays flattened: its shape must be that of x, all dimensions of it. For example"
    )
    assert second.startswith(first.split("\n")[0].replace("1 of 3", "2 of 3"))


def test_the_second_hint_asks_where_the_text_is_evidence_alone() -> None:
    def halved(w, b, X, y):
        error = X @ w + b - y
        return np.mean(error**2), 2 * X.T @ error / len(y), np.mean(error)

    assert "?" in hints("linear_models.linear_loss", linear_loss=halved)[1].split("\n")[2]


def test_a_claim_without_a_full_stop_gets_one() -> None:
    def turned(dout, cache):
        x, w, _ = cache
        flat = x.reshape(len(x), -1)
        return -(dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)

    assert "opposite sign, on every case. For example:" in hints("layers.affine_backward", affine_backward=turned)[0]


def test_an_error_is_not_asked_about_as_a_wrong_form() -> None:
    def fails(dout, cache):
        return dout * missing  # noqa: F821 - that is the fault

    second = hints("layers.relu_backward", relu_backward=fails)[1]
    assert "type and the shape" not in second
    assert "What is each name there, at these inputs?" in second


def test_hints_on_what_nothing_explains_go_on_while_its_numbers_change() -> None:
    memory, levels = Memory(), []
    for k, code in ((2.0, np.sum), (3.0, np.mean), (5.0, np.max)):
        found = of("layers.relu_backward", relu_backward=lambda dout, x, k=k: np.sin(k * dout) + np.cos(x))
        levels.append(re.search(r"hint (\d)", hint_of(found, code, memory))[1])  # type: ignore[index]
    assert levels == ["1", "2", "3"]


# ------------------------------------------------------------------------------------- inputs and numbers in words
def test_numbers_are_told_and_not_called_whole_or_of_an_unusual_shape() -> None:
    told = card_of("optimizers.step_decay", **mistaken("optimizers.step_decay", "falls_early"))
    assert re.search(r"\(t = \d+, base = [\d.]+, drop = [\d.]+, every = \d+\)", told)
    told = card_of("chain_rule.max_local", **mistaken("chain_rule.max_local", "shares_ties"))
    assert "(a = -0.555, b = -0.555)" in told


def test_inputs_that_are_not_whole_are_not_called_integers() -> None:
    found = of("reverse_mode.hvp", **mistaken("reverse_mode.hvp", "differs_on_one_side"))
    x = next(c.counterexample for c in found.item.checks if c.counterexample).inputs["x"]
    assert any(v % 1 for v in x), "the case that is told"
    assert "integers" not in cards([found])[0].text
    assert "(small integers, x 2×3" in card_of("layers.softmax_loss", softmax_loss=summed)


def test_the_values_at_which_paths_part_are_told_apart() -> None:
    alt = path([[1.23456, 2.0], [2.0, 3.0]], [[1.23459, 2.0], [2.1, 3.0]], start=[0.0, 0.0]).alt
    assert "w[0] is 1.23459, 1.23456 is expected" in alt
    assert "w is 4, 3 is expected" in path([1.0, 3.0], [1.0, 4.0], start=0.0).alt


def test_a_function_that_keeps_something_is_told_so_once_and_nothing_else() -> None:
    calls = [0]

    def grows(dout, cache):
        calls[0] += 1
        return calls[0] * cache * (dout - (dout * cache).sum(-1, keepdims=True))

    text = card_of("layers.softmax_backward", softmax_backward=grows)
    assert text.count("the same arguments gave another answer later") == 1
    assert "it must be" not in text, "another number at each call"
    said = hints("layers.softmax_backward", softmax_backward=grows)
    assert said[0].count("the same arguments gave another answer later") == 1
    assert "Call it twice" in said[2]
    assert "by hand" not in said[2]


def linear_loss(w, b, X, y):
    error = np.array([x @ w + b - t for x, t in zip(X, y, strict=True)])
    return np.mean(error**2), 2 * X.T @ error / len(y), 2 * np.mean(error)


def test_a_loop_is_asked_about_as_a_loop() -> None:
    said = hints("linear_models.linear_loss", linear_loss=linear_loss)
    assert "whole arrays" in said[1]
    assert "by hand" not in said[2]


def test_a_formula_that_cannot_be_read_is_not_called_unwritten() -> None:
    (said, *_) = hints("chain_rule.worked_formula", worked_formula=lambda: "(y + cos(x) * 2")
    assert "not written" not in said
    assert "this parenthesis is not closed" in said


def test_a_shape_that_is_told_is_one_that_is_wrong() -> None:
    found = of("layers.relu_backward", relu_backward=lambda dout, x: (dout * (x > 0),))
    (text,) = {e.diagnosis.text for e in found.explanations if e.diagnosis}
    assert text == "dx has the right numbers and an axis of length 1 too many: its shape is (1, 3, 4), (3, 4) is asked"


def test_an_entry_of_a_dict_is_told_by_its_name() -> None:
    wrong = mistaken("graphs.evaluate", "divides_the_wrong_way")
    assert re.search(r'values\["v\d"\] is \S+, it must be', card_of("graphs.evaluate", **wrong))
    assert re.search(r'^ +values\["x1"\] = ', hints("graphs.evaluate", **wrong)[2], re.MULTILINE)


def test_a_list_of_names_is_not_told_as_numbers() -> None:
    wrong = mistaken("graphs.inputs_and_outputs", "takes_all_arguments_for_inputs")
    told = card_of("graphs.inputs_and_outputs", **wrong)
    assert re.search(r"inputs holds 'v\d' once, it must hold it 0 times", told)
    assert "outputs = ['v" in hints("graphs.inputs_and_outputs", **wrong)[2]


# ----------------------------------------------------------------------------------- errors by step size
def test_the_slope_of_a_wrong_function_is_not_drawn_as_a_right_gradient() -> None:
    def neither(x, y):
        loss, dx = summed(x, y)
        return loss, 3 * dx

    twice = {"relu_forward": lambda x: (np.abs(x), x), "relu_backward": lambda dout, x: 2 * dout * (x > 0)}
    for found in (of("layers.softmax_loss", softmax_loss=neither), of("layers.relu_backward", **twice)):
        assert found.item.status == "wrong"
        assert "a right dx" not in cards([found])[0].html
    only = of("layers.softmax_loss", softmax_loss=lambda x, y: (summed(x, y)[0] / len(x), 3 * summed(x, y)[1]))
    assert "a right dx" in cards([only])[0].html


def test_errors_that_are_all_0_or_not_finite_are_no_picture() -> None:
    rows = {"h": [0.1, 0.01], "expected": [0.0, 0.0], "got": [float("inf")] * 2}
    example = Counterexample(worst={"output": "dx"}, step_sizes=rows)
    assert picture_of(example) is None
    assert picture_of(replace(example, step_sizes={**rows, "expected": [0.1, 0.0]})) is not None


def test_a_graph_that_comes_to_no_number_has_a_wrong_step() -> None:
    assert "f = b / s, wrong: -inf" in graph_alt(
        "graphs.product_graph", [("s", "subtract", "a", "a"), ("f", "divide", "b", "s")]
    )


def test_names_that_are_alike_as_far_as_they_are_read_are_not_said_to_be_the_same() -> None:
    name = "sum_of_a_and_b_" * 6
    steps = [(name + "1", "add", "a", "b"), (name + "2", "add", "b", 1), ("f", "multiply", name + "1", name + "2")]
    assert "the first 60 characters are read" in card_of("graphs.product_graph", product_graph=lambda: steps)


def test_what_inherits_the_fault_of_a_step_is_told_with_it() -> None:
    def check(output: str, message: str, wrong: str | None = None) -> CheckResult:
        shown = Counterexample(
            inputs={"x": 1.0},
            expected={output: 1.0},
            got={output: 2.0},
            graph={} if wrong is None else {"wrong": wrong},
        )
        return CheckResult(
            name=f"value:{output}",
            kind="value",
            visibility="hidden",
            status="wrong",
            score=0.0,
            max_score=1.0,
            message=message,
            counterexample=shown,
        )

    first = "; the first step that is wrong is h"
    checks = [
        check("h", "h is 2, it must be 1; r, z inherit its fault (x = 1)", "h"),
        check("r", f"r is 2, it must be 1{first}: with it put right r is right too (x = 1)"),
        check("z", f"z is 2, it must be 1{first}: with it put right z is right too (x = 1)"),
        check("L", f"L is 2, it must be 1{first}: L is wrong even with it put right (x = 1)"),
    ]
    found = findings(ItemResult(exercise="graphs.f", status="wrong", score=0.0, max_score=4.0, checks=checks))
    assert [one.checks for one in found] == [("value:h", "value:r", "value:z"), ("value:L",)]
    assert found[0].message.startswith("h is 2")
    assert [one.lost for one in found] == [3.0, 1.0]


def test_a_path_that_parts_in_no_digit_that_is_shown_is_not_drawn() -> None:
    for mistake, drawn in (("adagrad_guards_inside", False), ("forgets_earlier_squares", True)):
        html = cards([of("optimizers.adagrad", **mistaken("optimizers.adagrad", mistake))])[0].html
        assert ("The path of w" in html) == drawn
