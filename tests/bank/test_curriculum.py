"""The course as a whole: exercises of every form, every kind of question, and in each unit what grades judgement.

The lines of the curriculum stand in ``test_<unit>.py`` (``COVERS``, and its mistakes), each with the exercise that asks for it.
Here stand the lines that none of these tables has, those of the whole course, and the signatures that all public work shares.
"""

from __future__ import annotations

import importlib
import inspect
import re
import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from grader.bank import catalogue
from grader.judging import Exercise, Form, Unit

UNITS = tuple(catalogue().units.values())
units = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
KINDS = {dict: "matching", list: "several", str: "choice", int: "number", float: "number"}
"""The kind of a question by the type of its answer."""
OF_THE_COURSES = {"optimizers.question_non_diagonal", "layers.question_not_true"}
"""The questions that the courses asked themselves."""
JUDGEMENT = {"planted fault", "test to write", "prediction"}

COVERS = {
    # 02
    "recursion without an order: 8 for 4": "graphs.backpropagate.recurses_without_an_order",
    "post-order not reversed: the leaf gets 0": "graphs.backpropagate.goes_forward",
    "interior gradients not cleared: 12 for 4, predicted": "graphs.prediction_second_backward",
    "interior gradients not cleared: 12 for 4, in the code": "reverse_mode.value_second_backward.clears_nothing",
    "first path only": "graphs.backpropagate.takes_the_first_path",
    "= for +=": "graphs.backpropagate.overwrites",
    "a + a, a fan-out of the same node": "graphs.backpropagate.counts_a_double_edge_once",
    # 05
    "loop against vectorised, same digits: logistic, without loops": "linear_models.logistic_loss",
    "loop against vectorised, same digits: logistic, with loops": "linear_models.logistic_loss_loop",
    "loop against vectorised, same digits: softmax": "linear_models.softmax_loss_naive",
    "loop against vectorised, same digits: hinge": "linear_models.svm_loss_naive",
    # 06
    "logits of 1000": "layers.softmax_loss.loss_overflows",
    "ŷ − y for binary cross-entropy": "layers.bce_with_logits_loss",
    # 07
    "columns stay equal": "mlp.predict_equal_columns",
    # 08
    "a saddle": "optimizers.newton_step.avoids_the_saddle",
    "rotated, no diagonal preconditioner can fix it": "optimizers.rotated_bowl.forgets_the_mixed_derivative",
    "the gradient at the look-ahead point": "optimizers.nesterov",
    "single-sample, mini-batch and full batch": "optimizers.minibatch_gradient.uses_everything",
    "every example once an epoch": "optimizers.minibatches.draws_with_replacement",
    # beyond the lectures: each blindness costs points
    "a cotangent of ones is blind": "layers.is_linear_backward.tries_ones",
    "square shapes are blind": "layers.is_linear_backward.tries_squares",
    "one example is blind": "layers.is_linear_backward.tries_one_example",
    "T = 1 is blind": "recurrent.is_recurrent_backward.tries_one_step",
    "d_k = 1 is blind": "attention.is_attention_backward.tries_one_feature",
    "windows side by side are blind": "convolution.is_conv_backward.tries_no_overlap",
    "stride 1 is blind": "convolution.is_conv_backward.tries_stride_one",
    "a dout of ones is blind for batch norm": "regularization.is_standardise_backward.tries_a_dout_of_ones",
    "axes that are only stretched are blind": "optimizers.is_free_of_coordinates.stretches_the_axes",
    "trees are blind": "graphs.accumulation_checker.looks_at_trees_only",
    "unit vectors are blind": "forward_mode.jvp_checker.uses_unit_vectors",
    "w = 0 is blind": "linear_models.logistic_checker.asks_at_zero_weights",
    "inputs of ones are blind": "mlp.gradients_checker.uses_ones",
    "one entry is blind": "chain_rule.gradient_checker.looks_at_the_first_entry",
    "square arrays are blind for a broadcast": "reverse_mode.adjoint_checker.tries_squares",
    # beyond the lectures: its three predictions
    "what is x.grad after a second backward()?": "reverse_mode.prediction_second_backward",
    "what is the loss of softmax regression at W = 0?": "linear_models.prediction_softmax_at_zero",
    "which of dw, db, dx change if N doubles?": "linear_models.prediction_doubled_data",
    # questions
    "which of these uses a non-diagonal preconditioner": "optimizers.question_non_diagonal",
    "which is NOT true of neural networks": "layers.question_not_true",
    # what public solutions get wrong
    "Adam without bias correction": "optimizers.adam.corrects_nothing",
    "Adam with a t that never grows": "optimizers.adam.stops_the_clock",
    "RMSProp without the root": "optimizers.rmsprop.rmsprop_without_root",
    "max-pool backward with = for +=": "convolution.max_pool_backward_naive.overwrites_whole_windows",
    "convolution's dw wrong when stride ≠ 1": "convolution.conv_backward_naive.forgets_the_stride_in_dw",
    "batch norm's dx without the path through the variance": "regularization.batchnorm_backward.forgets_the_variance",
    "embedding gradients that overwrite": "attention.word_embedding_backward.overwrites_repeated_tokens",
    "a bias gradient averaged": "layers.affine_backward.averages_db",
    "a bias gradient not summed": "layers.affine_backward.keeps_the_batch_in_db",
    "the mask taken from dout": "layers.relu_backward.masks_by_upstream",
    "upstream gradient ignored, in a layer": "layers.relu_backward.drops_upstream",
    "upstream gradient ignored, in a primitive": "reverse_mode.sum_vjp.sum_gives_ones",
    "a second backward() that double-counts": "reverse_mode.value_second_backward.clears_nothing",
}
"""The lines that no unit's own table has, each with an exercise, or a mistake that an exercise declares."""

SIGNATURES = {
    "chain_rule": """central_difference(f, x, h) complex_step(f, x, h) compose_derivative(functions, derivatives, x)
        worked_program(x, y) gradient_checker(f, df, x)""",
    "graphs": "topological_order(steps) evaluate(steps, inputs) backpropagate(steps, inputs)",
    "forward_mode": "worked_tangent(x, y, dx, dy) Dual(value, tangent) jvp(f, x, v) jacobian_by_columns(f, x)",
    "reverse_mode": """worked_adjoint(x, y) Value(data) unbroadcast(g, shape) add_vjp(g, a, b) matmul_vjp(g, a, b)
        sum_vjp(g, x, axis, keepdims) hvp(gradient, x, v)""",
    "linear_models": """softmax_loss_naive(W, X, y, reg) softmax_loss_vectorized(W, X, y, reg) svm_loss_naive(W, X, y, reg)
        svm_loss_vectorized(W, X, y, reg) logistic_loss_loop(w, b, X, y) logistic_loss(w, b, X, y)
        logistic_loss_signed(w, x, y, lam)""",
    "layers": """affine_forward(x, w, b) affine_backward(dout, cache) relu_forward(x) relu_backward(dout, cache)
        leaky_relu_forward(x, alpha) leaky_relu_backward(dout, cache) sigmoid_forward(x) sigmoid_backward(dout, cache)
        tanh_forward(x) tanh_backward(dout, cache) softplus_forward(x) softplus_backward(dout, cache) softmax_forward(x)
        softmax_backward(dout, cache) logsumexp_forward(x) logsumexp_backward(dout, cache) softmax_loss(x, y) svm_loss(x, y)
        mse_loss(x, y) squared_error_loss(x, y) bce_with_logits_loss(x, y)""",
    "mlp": """cost(X, Y, W, V) gradients(X, Y, W, V) mlp_forward(x, weights, activation) mlp_backward(dout, cache)
        flatten(arrays) unflatten(theta, shapes)""",
    "optimizers": """sgd(w, dw, config) sgd_momentum(w, dw, config) rmsprop(w, dw, config) adam(w, dw, config)
        adagrad(w, dw, config) adamw(w, dw, config) nesterov(w, grad, config) newton_step(w, grad, hessian)
        preconditioned_step(w, dw, A, learning_rate) constant(t, base) step_decay(t, base, drop, every) inverse_time(t, base)
        cosine(t, base, total, floor) warmup(t, base, steps) minibatches(X, y, size, rng)""",
    "recurrent": """rnn_step_forward(x, prev_h, Wx, Wh, b) rnn_step_backward(dnext_h, cache) rnn_forward(x, h0, Wx, Wh, b)
        rnn_backward(dh, cache) lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b) lstm_step_backward(dnext_h, dnext_c, cache)
        lstm_forward(x, h0, Wx, Wh, b) lstm_backward(dh, cache) temporal_softmax_loss(x, y, mask)""",
    "regularization": """batchnorm_forward(x, gamma, beta, bn_param) batchnorm_backward(dout, cache)
        layernorm_forward(x, gamma, beta, ln_param) layernorm_backward(dout, cache) dropout_forward(x, dropout_param)
        dropout_backward(dout, cache)""",
    "convolution": """conv_forward_naive(x, w, b, conv_param) conv_backward_naive(dout, cache)
        max_pool_forward_naive(x, pool_param) max_pool_backward_naive(dout, cache)""",
    "attention": "word_embedding_forward(x, W) word_embedding_backward(dout, cache)",
}
"""The signatures that most public work has, so that it can be graded with little change."""
CALLS = [
    (unit, name, arguments.split(", "))
    for unit, text in SIGNATURES.items()
    for name, arguments in re.findall(r"(\w+)\(([^)]*)\)", text)
]


def test_a_course_has_at_least_a_hundred_and_eighty_exercises_and_three_of_every_form() -> None:
    forms = Counter(e.form for unit in UNITS for e in unit.exercises)
    assert forms.total() >= 180
    assert {form: forms[form] for form in get_args(Form) if forms[form] < 3} == {}


@units
def test_every_unit_grades_judgement_too(unit: Unit) -> None:
    """Code is cheap to come by: a fault to find, a test to write and a prediction stand in each."""
    assert {e.form for e in unit.exercises} >= JUDGEMENT


@units
def test_a_planted_fault_is_one_of_a_function_that_nothing_else_asks(unit: Unit) -> None:
    """A student who has written it already would copy it, and find nothing; the fault told by name would be given away."""
    for exercise in unit.exercises:
        if exercise.form == "planted fault":
            others = [e for u in UNITS for e in u.exercises if exercise.short in (e.short, e.asks)]
            assert others == [exercise]
            assert exercise.planted in [m.name for m in exercise.mistakes]


@units
def test_a_test_to_write_has_several_faults_to_find_and_several_blindnesses(unit: Unit) -> None:
    for exercise in unit.exercises:
        if exercise.form == "test to write":
            assert len(exercise.outputs) >= 5, "wrong candidates"
            assert len(exercise.mistakes) >= 5, "ways in which a test is blind"


def kind(exercise: Exercise) -> str | None:
    """The kind of a question; None for what is none."""
    if exercise.form == "formula":
        return "formula"
    return None if exercise.form != "question" or exercise.inputs else KINDS[type(exercise.answer()())]


@units
def test_every_unit_asks_five_questions_of_our_own_and_each_kind(unit: Unit) -> None:
    questions = [e.name for e in unit.exercises if e.form == "question"]
    assert len({*questions} - OF_THE_COURSES) >= 5
    assert {kind(e) for e in unit.exercises} >= {"choice", "several", "number", "matching", "formula"}


def letters(exercise: Exercise) -> list[str]:
    """The letters to choose from: the docstring lists them in parentheses."""
    return sorted(set(re.findall(r"\(([a-h])\)", exercise.answer().__doc__ or "")))


def asked(*kinds: str) -> list[Any]:
    return [pytest.param(e, id=e.name) for unit in UNITS for e in unit.exercises if _kind_of_any(e) in kinds]


def _kind_of_any(exercise: Exercise) -> str | None:
    return (
        KINDS[type(exercise.answer()())]
        if exercise.form in ("question", "prediction") and not exercise.inputs
        else None
    )


@pytest.mark.parametrize("exercise", asked("choice"))
def test_each_wrong_letter_of_a_choice_answers_with_a_sentence(exercise: Exercise) -> None:
    told = {m.answer() for m in exercise.mistakes}
    assert len(told) >= 3
    assert told == {*letters(exercise)} - {exercise.answer()()}


@pytest.mark.parametrize("exercise", asked("several"))
def test_each_slip_of_one_letter_answers_with_a_sentence(exercise: Exercise) -> None:
    """One letter too many, or one too few: whoever is so close is told which thought is missing."""
    right = {*exercise.answer()()}
    told = [{*m.answer()} for m in exercise.mistakes]
    assert [letter for letter in letters(exercise) if right ^ {letter} not in told] == []


@pytest.mark.parametrize("exercise", asked("matching"))
def test_a_matching_mixes_up_each_of_its_pairs_in_some_told_answer(exercise: Exercise) -> None:
    right = exercise.answer()()
    told = [m.answer() for m in exercise.mistakes]
    assert all(sorted(answer) == sorted(right) for answer in told)
    assert [letter for letter in right if all(answer[letter] == right[letter] for answer in told)] == []


@units
def test_no_sentence_of_a_choice_is_said_twice(unit: Unit) -> None:
    """Two wrong letters are two wrong thoughts."""
    for exercise in unit.exercises:
        if _kind_of_any(exercise) == "choice":
            assert len({m.text for m in exercise.mistakes}) == len(exercise.mistakes), exercise.name


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_course_is_covered(line: str) -> None:
    assert_exists(COVERS[line])


def assert_exists(name: str) -> None:
    unit, short, *mistake = name.split(".")
    exercise = catalogue().exercise(f"{unit}.{short}")
    assert exercise.points > 0
    assert {*mistake} <= {m.name for m in exercise.mistakes}, name


def tables(unit: str) -> Iterator[str]:
    """What a unit's own tables name, as ``unit.exercise`` or ``unit.exercise.mistake``."""
    path = Path(__file__).with_name(f"test_{unit}.py")
    module = runpy.run_path(str(path))  # by its path: another tier may have a module of this name
    for table in ("COVERS", "DECLARED", "MISTAKES", "NAMED"):
        for where in module.get(table, {}).values():
            name = where if isinstance(where, str) else ".".join(where)
            yield name if name.startswith(f"{unit}.") else f"{unit}.{name}"


@units
def test_every_unit_has_a_table_of_its_lines(unit: Unit) -> None:
    """With it every form of judgement, and, apart from units whose mistakes stand here, its mistakes."""
    names = [*tables(unit.name), *(name for name in COVERS.values() if name.startswith(f"{unit.name}."))]
    assert len(names) >= 25
    for name in names:
        assert_exists(name)
    assert {e.form for e in unit.exercises if e.name in names} >= JUDGEMENT
    assert sum(name.count(".") == 2 for name in names) >= 4, "mistakes"


@pytest.mark.parametrize(("unit", "name", "arguments"), CALLS, ids=[f"{unit}.{name}" for unit, name, _ in CALLS])
def test_a_signature_is_that_of_public_work(unit: str, name: str, arguments: list[str]) -> None:
    model = getattr(importlib.import_module(f"reference.{unit}"), name)
    assert [*inspect.signature(model).parameters][: len(arguments)] == arguments
    asked = {e.short for e in catalogue().unit(unit).exercises} | {e.asks for e in catalogue().unit(unit).exercises}
    assert name in asked


def test_the_worked_example_is_asked_forward_and_in_reverse() -> None:
    for name in ("chain_rule.worked_program", "forward_mode.worked_tangent", "reverse_mode.worked_adjoint"):
        assert any("degrees" in m.name or "degrees" in m.text for m in catalogue().exercise(name).mistakes), name


def test_two_dozen_intermediate_gradients_are_asked_by_hand() -> None:
    steps = [e for e in catalogue().unit("reverse_mode").exercises if e.short.endswith("_steps")]
    assert sum(len(e.outputs) for e in steps) >= 24
