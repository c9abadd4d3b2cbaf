"""Claims on a wrong answer: each holds where it should, and is silent about its nearest neighbour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from grader.bank import catalogue
from grader.diagnosis import explain
from grader.diagnosis.sentences import sentence
from grader.judging import (
    Bench,
    Exercise,
    Judge,
    Recipe,
    Recognised,
    array,
    backward,
    claimed,
    depends_wrongly,
    drawn,
    upstream,
    value,
)
from grader.judging.cases import Case
from grader.judging.numerics import Expected
from grader.judging.recognise import Seen
from grader.judging.recognise.evidence import floats
from grader.judging.recognise.other_inputs import ARRAYS
from grader.student import LocalAnswers

EXERCISE = Exercise(
    "u.f_backward", {"x": array("N", "D"), "dout": upstream("N", "D")}, ("dx",), (value(1),), backward, pair="f_forward"
)
REGIMES = ("randn", "randn", "randn", "odd", "large", "large", "large", "small", "offset", "ties")
Answer = Callable[..., Any]


def seen_by(answer: Answer, right: Answer = lambda x, dout, m: x * dout) -> list[Seen]:
    """An answer beside the right one, on a case of every regime; both get x, dout and the sizes."""
    found = []
    for number, regime in enumerate(REGIMES):
        rng = np.random.default_rng(number)
        shape = (1, 4) if regime == "odd" else (2 + number % 3, 5)
        x, dout = rng.standard_normal(shape), rng.standard_normal(shape)
        if regime == "large":
            x = 500.0 * x
        expected = Expected(np.asarray(right(x, dout, shape)), np.abs(np.asarray(right(x, dout, shape))))
        case = Case(EXERCISE, Recipe(regime, shape, number), {"x": x, "dout": dout}, (expected,))
        with np.errstate(all="ignore"):
            got = np.asarray(answer(x, dout, shape), dtype=np.float64)
        same = got.shape == expected.value.shape and bool(np.all(np.abs(got - expected.value) <= expected.allowed))
        found.append(Seen(case, got, expected.value, expected.allowed, same))
    return found


def code(answer: Answer, **more: Any) -> str | None:
    found = claimed(seen_by(answer, **more))
    return None if found is None else found.code


@pytest.mark.parametrize(
    ("answer", "claim"),
    [
        (lambda x, dout, m: -x * dout, "sign"),
        (lambda x, dout, m: x * dout / m[0], "over_N"),
        (lambda x, dout, m: x * dout * m[1], "times_D"),
        (lambda x, dout, m: 2 * x * dout / m[0], "times_2_over_N"),
        (lambda x, dout, m: 0.7 * x * dout, "constant_factor"),
        (lambda x, dout, m: 0 * x, "zero"),
        (lambda x, dout, m: x, "missing_upstream"),
        (lambda x, dout, m: dout, "missing_factor_x"),
        (lambda x, dout, m: x * x * dout, "extra_factor_x"),
        (lambda x, dout, m: x * dout * (x > 0), "extra_factor_step_x"),
        (lambda x, dout, m: x * np.abs(dout), "extra_factor_sign_dout"),
        (lambda x, dout, m: (x * dout).T, "transposed"),
        (lambda x, dout, m: (x * dout).sum(axis=0), "over_reduced"),
        (lambda x, dout, m: (x * dout).ravel(), "reshaped"),
        (lambda x, dout, m: (x * dout)[..., None], "extra_axis"),
        (lambda x, dout, m: (x * dout).astype(np.float32), "dtype"),
        (lambda x, dout, m: x * dout * (1 + 1e-7 * np.sin(x)), "numeric"),
        (lambda x, dout, m: x * dout * np.exp(x) / np.exp(x), "overflow"),
    ],
)
def test_a_claim_is_recognised(answer: Answer, claim: str) -> None:
    assert code(answer) == claim


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, dout, m: x * dout / (m[0] + 1),  # no size that has a name, and no constant
        lambda x, dout, m: x * dout + 1.0,
        lambda x, dout, m: np.sin(x * dout),
        lambda x, dout, m: 0.7 * x * dout if m[0] != 3 else x * dout,  # a constant on most cases only
    ],
)
def test_of_an_answer_that_no_claim_reproduces_nothing_is_claimed(answer: Answer) -> None:
    assert code(answer) is None


def test_a_shape_that_is_accepted_explains_nothing() -> None:
    """Rejects "lacks an axis" of an answer whose one case with another shape is right, and whose others have the right shape."""
    seen = seen_by(lambda x, dout, m: np.sin(x * dout))
    odd = replace(seen[0], got=np.ones(()), right=np.ones(1), slack=np.ones(1), ok=True)
    assert claimed([odd, *seen[1:]]) is None
    assert claimed([replace(odd, ok=False), *seen[1:]]) is not None


@pytest.mark.parametrize(("answer", "shape"), [([1], (1,)), ((1.0, 2.0), (2,)), ([[1, 2]], (1, 2)), (3, ()), (2.5, ())])
def test_a_list_is_looked_at_in_its_own_shape(answer: Any, shape: tuple[int, ...]) -> None:
    found = floats(answer)
    assert found is not None
    assert found.shape == shape
    assert floats([[1], [1, 2]]) is None


def test_of_a_right_answer_nothing_is_claimed() -> None:
    assert code(lambda x, dout, m: x * dout) is None


def test_after_a_declared_mistake_no_claim_beyond_the_factors_is_looked_for() -> None:
    seen = seen_by(lambda x, dout, m: x)
    assert claimed(seen) is not None
    assert claimed(seen, up_to="factor") is None


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (
            Recognised("over_N", "factor", values={"of": "x"}),
            "dx is exactly the right answer divided by N, the length of the first axis of x, on every case",
        ),
        (Recognised("sign", "factor"), "dx is exactly the right answer with the opposite sign, on every case"),
        (
            Recognised("constant_factor", "factor", values={"constant": 0.7}),
            "dx is 0.7 times the right answer, on every case",
        ),
        (
            Recognised("extra_factor_step_x", "term", values={"how": "extra", "factor": "step_x"}),
            "dx is the right answer once more times the mask x > 0, entry by entry",
        ),
        (
            Recognised("missing_upstream", "term", values={"how": "missing", "factor": "dout"}),
            "dx lacks a factor: times the upstream gradient dout, entry by entry, it would be right on every case",
        ),
        (
            Recognised("wrong_axis", "mutant"),
            "dx is what the right formula gives when one sum, mean or maximum runs along the wrong axis",
        ),
        (
            Recognised("ignores_input", "dependence", values={"input": "x"}),
            "dx stays the same, to the last digit, in every case tried in which x alone was changed",
        ),
        (
            Recognised("ignores_upstream", "upstream"),
            "dx stays the same in every case tried in which dout alone was changed: where does the chain rule come in?",
        ),
        (
            Recognised("reshaped", "form", values={"got": (6,), "right": (2, 3)}),
            "dx has the right numbers in another shape, (6,) for (2, 3)",
        ),
    ],
)
def test_a_fact_is_worded(fact: Recognised, said: str) -> None:
    assert sentence(fact, "dx") == said


LABELLED = Exercise("u.f", {"x": array("N"), "y": array("N")}, ("J",), (value(1),))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        # Of 0.75, 1.5 and 13 in any order as many are above a half: only other labels tell.
        (lambda x, y: np.mean(x - np.mean(y > 0.5)), False),
        (lambda x, y: np.mean(x), True),
    ],
)
def test_an_answer_that_hears_labels_is_not_said_to_ignore_them(answer: Answer, said: bool) -> None:
    """Rejects a claim from numbers alone that are no labels: an answer may ask on which side of a half a label lies."""

    def right(x: Any, y: Any) -> Any:
        return np.mean((x - y) ** 2)

    class Elsewhere:
        def elsewhere(self, exercise: Exercise, key: Any, inputs: Any, case: Case) -> Any:
            return (right(**inputs),)

    seen = []
    for number in range(4):
        x, y = np.random.default_rng(number).standard_normal(5), np.array([0.0, 1.0, 0.0, 1.0, 1.0])
        case = Case(LABELLED, Recipe("randn", (5,), number), {"x": x, "y": y}, (Expected(right(x, y), np.zeros(())),))
        seen.append(Seen(case, np.asarray(answer(x, y)), np.asarray(right(x, y)), np.zeros(()), ok=False))
    found = depends_wrongly(LABELLED, 0, seen, LocalAnswers({"f": answer}), cast("Bench", Elsewhere()), lambda _: None)
    assert found == (Recognised("ignores_input", "dependence", values={"input": "y"}) if said else None)


def test_inputs_whose_sizes_depend_on_each_other_are_explained_too() -> None:
    """Rejects the grid of numbers that was made with one size, where an exercise reads two."""
    both = {"n": drawn(lambda m: m.recipe.sizes[0] * m.recipe.sizes[1]), "k": drawn(lambda m: m.recipe.sizes[1])}
    exercise = Exercise("optimizers.steps_per_epoch", both, ("steps",), (value(1),))
    bench = Bench([exercise])
    answers = LocalAnswers({"steps_per_epoch": lambda n, k: n // k + (n % 7 == 1)})
    (told,) = explain(exercise, Judge(answers, bench).verdicts(exercise), answers, bench)
    assert told.message.startswith("steps: it is not the right value")


ROWS = Exercise("u.f", {"x": array("N", "D")}, ("y",), (value(1),))


@pytest.mark.parametrize(("keeps", "claim"), [(True, "keeps_state"), (False, "mixes_rows")])
def test_an_answer_that_is_another_each_time_is_not_said_to_mix_rows(keeps: bool, claim: str) -> None:
    """Rejects a claim about a change of one row of an answer that changes without it: what was kept moved the other rows."""

    class Elsewhere:
        def elsewhere(self, exercise: Exercise, key: Any, inputs: Any, case: Case) -> Any:
            return (inputs["x"],)

    kept: list[float] = [0.0]

    def answer(x: Any) -> Any:
        kept.append(kept[-1] + float(x.sum()))
        return x + (kept[-2] if keeps else float(x.sum()))

    seen = []
    for number in range(4):
        x = np.random.default_rng(number).standard_normal((3, 2))
        case = Case(ROWS, Recipe("randn", (3, 2), number), {"x": x}, (Expected(x, np.zeros(())),))
        seen.append(Seen(case, answer(x), x, np.zeros(x.shape), ok=False))
    found = depends_wrongly(ROWS, 0, seen, LocalAnswers({"f": answer}), cast("Bench", Elsewhere()), lambda _: None)
    assert found is not None
    assert found.code == claim


def test_an_upstream_gradient_is_called_by_its_own_name() -> None:
    """Rejects a sentence about ``dout`` where the argument is called otherwise, or where there are two."""
    two = Recognised("ignores_upstream", "upstream", values={"above": "dnext_h and dnext_c", "was": "were"})
    assert "in which dnext_h and dnext_c alone were changed" in sentence(two, "dx")


def test_zeros_explain_before_small_numbers_that_are_cut() -> None:
    """Rejects "right for b cut to whole numbers" of an answer that forgets b, where all of b is less than 1."""
    assert next(iter(ARRAYS)) == "zeroed"


def told(name: str, answer: Answer) -> set[str]:
    """The codes of what is told of an answer to an exercise of the bank."""
    exercise = catalogue().exercise(name)
    bench, answers = Bench([exercise]), LocalAnswers({name.partition(".")[2]: answer})
    found = explain(exercise, Judge(answers, bench).verdicts(exercise), answers, bench)
    return {words.diagnosis.mistake for words in found if words.diagnosis is not None}


def pooled(x: Any, height: int, width: int, stride: int) -> Any:
    """The largest entries of windows, and nothing where no window fits."""
    if x.shape[2] < height or x.shape[3] < width:
        raise ValueError
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x, p: pooled(x, p["pool_width"], p["pool_height"], p["stride"]), {"params_exchanged"}),
        (lambda x, p: pooled(x, p["pool_height"], p["pool_height"], p["stride"]), {"param_for"}),
        (lambda x, p: pooled(x, p["pool_height"], p["pool_width"], p["stride"] + 1), {"param_one_more"}),
        (lambda x, p: 0.3 + pooled(x, p["pool_width"], p["pool_height"], p["stride"]) ** 3, set()),
    ],
)
def test_parameters_that_change_the_shape_of_an_output_are_told(answer: Answer, said: set[str]) -> None:
    """Rejects a claim that looks at answers of the right shape alone, and one that looks at shapes alone."""
    assert told("convolution.max_pool_forward_naive", lambda x, p: (answer(x, p), (x, p))) == said


def depthwise(dout: Any, x: Any, w: Any, stride: int) -> tuple[Any, Any]:
    """The right gradients of a depthwise convolution."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for k in range(w.shape[1]):
        at = np.s_[:, :, k : k + stride * (dout.shape[2] - 1) + 1 : stride]
        dx[at] += dout * w[:, k, None]
        dw[:, k] = (dout * x[at]).sum(axis=(0, 2))
    return dx, dw


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda x, stride: stride > 1, {"where_number_from"}),
        (lambda x, stride: stride == 4, set()),  # of which there are cases of one length alone
    ],
)
def test_a_border_is_told_where_nothing_else_may_part_the_cases(wrong: Callable[..., bool], said: set[str]) -> None:
    def answer(dout: Any, x: Any, w: Any, stride: int) -> tuple[Any, Any]:
        dx, dw = depthwise(dout, x, w, stride)
        return dx, dw + np.tanh(dw) ** 2 + 0.3 if wrong(x, stride) else dw

    found = told("convolution.depthwise_backward", answer)
    assert {code for code in found if code.startswith("where")} == said


@pytest.mark.slow
def test_the_numbers_of_a_dict_of_parameters_have_borders_too() -> None:
    """Rejects a search for borders among the arguments alone."""

    def answer(x: Any, w: Any, b: Any, conv_param: Any) -> tuple[Any, Any]:
        pad, stride = conv_param["pad"], conv_param["stride"]
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
        return np.einsum("ncijpq,fcpq->nfij", windows, w) + b[:, None, None], (x, w, b, conv_param)

    assert told("convolution.conv_forward_naive", answer) == {"where_number_from"}
