"""Where along named axes an answer is wrong, and which invariants it breaks: told where it holds, not of the neighbour."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from placed import (
    BLUR,
    GATED,
    HIDDEN,
    KERNEL,
    MERGE,
    NORM,
    RNN,
    SCORES,
    SPLIT,
    _sigmoid,
    attention_gradient,
    blur,
    correlation_gradient,
    gate_gradients,
    hidden,
    merge_heads,
    normalised_gradient,
    rnn_gradients,
    split_heads,
    told,
)

from grader.bank.placing import misplaced_names
from grader.diagnosis import explain
from grader.errors import BankError
from grader.judging import Bench, Blocks, Exercise, Invariant, Judge, Unit, packed_unit, restored_unit
from grader.student import LocalAnswers

Answer = Callable[..., Any]


def rnn(carried: Callable[..., Any] = lambda da, Wh, t: da @ Wh.T, kept: float = 1.0, over: bool = False) -> Answer:
    """The backward pass through time, with one thing done otherwise."""

    def rnn_gradients(x: Any, Wx: Any, Wh: Any, dh: Any) -> Any:
        h = [np.zeros((x.shape[0], Wh.shape[0]))]
        for t in range(x.shape[1]):
            h.append(np.tanh(x[:, t] @ Wx + h[t] @ Wh))
        dx, dWx, dWh, c = np.zeros(x.shape), 0.0 * Wx, 0.0 * Wh, 0.0 * h[0]
        for t in range(x.shape[1] - 1, -1, -1):
            da = (dh[:, t] + c) * (1 - h[t + 1] ** 2)
            dx[:, t] = da @ Wx.T
            dWx, dWh = kept * dWx + x[:, t].T @ da, kept * dWh + h[t].T @ da
            c = carried(da, Wh, t)
        return (dx, dWx / x.shape[1], dWh) if over else (dx, dWx, dWh)

    return rnn_gradients


def states(change: Callable[[Any], Any]) -> Answer:
    return lambda x, Wx, Wh: change(hidden(x, Wx, Wh))


def late(h: Any) -> Any:
    return np.concatenate([0.0 * h[:, :1], h[:, :-1]], axis=1)


def nearly_late(h: Any) -> Any:
    return np.concatenate([0.0 * h[:, :1], h[:, :-1] + 1e-3 * h[:, 1:]], axis=1)


def gates(change: Callable[..., Any]) -> Answer:
    """The gates' columns, changed by their slopes: ``change`` gets the parts i, f, o, g and the gates, dc and c."""

    def answer(x: Any, c: Any, Wx: Any, dc: Any) -> Any:
        i, f, o, g = np.split(x @ Wx, 4, axis=1)
        i, f, o, g = _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g)
        parts = [
            dc * g * o * i * (1 - i),
            dc * c * o * f * (1 - f),
            dc * (i * g + f * c) * o * (1 - o),
            dc * i * o * (1 - g**2),
        ]
        return x.T @ np.concatenate(change(parts, (i, f, o, g)), axis=1)

    return answer


def columns(*order: int) -> Answer:
    def answer(x: Any, c: Any, Wx: Any, dc: Any) -> Any:
        parts = np.split(gate_gradients(x, c, Wx, dc), 4, axis=1)
        return np.concatenate([parts[i] for i in order], axis=1)

    return answer


def with_paths(mean: float, variance: float) -> Answer:
    """The backward pass of a batch norm, with a share of the paths through the mean and through the variance."""

    def normalised_gradient(x: Any, gamma: Any, dout: Any) -> Any:
        hat, d = (x - x.mean(axis=0)) / x.std(axis=0), gamma * dout
        return (d - mean * d.mean(axis=0) - variance * hat * np.mean(d * hat, axis=0)) / x.std(axis=0)

    return normalised_gradient


def of_other_gamma(x: Any, gamma: Any, dout: Any) -> Any:
    return normalised_gradient(x, np.sin(3 * gamma), dout)


def edge(x: Any) -> Any:
    return blur(np.pad(x, ((0, 0), (1, 1), (1, 1)), mode="edge"))[:, 1:-1, 1:-1]


def corner(x: Any) -> Any:
    out = blur(x)
    out[:, 1, 1] += x[:, 0, 0]
    return out + edge(x)


EXPLAINED: list[tuple[str, Exercise, Answer, dict[str, str]]] = [
    ("nothing is carried", RNN, rnn(lambda da, Wh, t: 0.0 * da), {"dx": "right_at_last"}),
    ("half is carried", RNN, rnn(lambda da, Wh, t: 0.5 * da @ Wh.T), {"dx": "right_at_last"}),
    ("one step overwrites the next", RNN, rnn(kept=0.0), {"dWx": "made_of_one_part"}),
    ("averaged over time", RNN, rnn(over=True), {"dWx": "over_size"}),
    ("a step late", HIDDEN, states(late), {"h": "one_late"}),
    ("steps reversed", HIDDEN, states(lambda h: h[:, ::-1]), {"h": "flipped_along"}),
    ("steps summed up", HIDDEN, states(lambda h: np.cumsum(h, axis=1)), {"h": "summed_up_along"}),
    ("differences of steps", HIDDEN, states(lambda h: np.diff(h, axis=1, prepend=0)), {"h": "not_summed_up_along"}),
    ("the mean of all steps", HIDDEN, states(lambda h: 0 * h + h.mean(axis=1, keepdims=True)), {"h": "averaged_along"}),
    ("time first", HIDDEN, states(lambda h: h.swapaxes(0, 1)), {"h": "axes_in_other_order"}),
    ("the third step", HIDDEN, states(lambda h: h * (1 + (np.arange(h.shape[1]) > 1))[:, None] ** h), {"h": "right_up_to"}),
    ("the first example", HIDDEN, states(lambda h: h + (np.arange(len(h)) < 1)[:, None, None] * h**2), {"h": "only_at_first"}),
    ("one gate's slope", GATED, gates(lambda p, g: [p[0], p[1] / (1 - g[1]), p[2], p[3]]), {"dWx": "only_blocks_wrong"}),
    ("two gates", GATED, gates(lambda p, g: [p[0] / g[0], p[1], p[2] * g[2], p[3]]), {"dWx": "only_blocks_wrong"}),
    ("all gates but one", GATED, gates(lambda p, g: [q * g[0] for q in p[:3]] + p[3:]), {"dWx": "only_block_right"}),
    ("gates exchanged", GATED, columns(1, 0, 2, 3), {"dWx": "blocks_in_other_order"}),
    ("a gate twice", GATED, columns(0, 0, 2, 3), {"dWx": "block_in_anothers_place"}),
    ("split by a reshape", SPLIT, lambda x, heads: x.reshape(len(x), heads, x.shape[1], -1), {"out": "only_reshaped"}),
    (
        "features dealt out in turn",
        SPLIT,
        lambda x, heads: x.reshape(*x.shape[:2], -1, heads).transpose(0, 3, 1, 2),
        {"out": "dealt_out"},
    ),
    ("merged by a reshape", MERGE, lambda x: x.reshape(len(x), x.shape[2], -1), {"out": "only_reshaped"}),
    ("heads exchanged", MERGE, lambda x: merge_heads(x[:, ::-1]), {"out": "blocks_in_other_order"}),
    ("kernel flipped", KERNEL, lambda x, dout: correlation_gradient(x, dout)[::-1, ::-1], {"dw": "flipped_along"}),
    ("height for width", KERNEL, lambda x, dout: correlation_gradient(x, dout).T, {"dw": "axes_in_other_order"}),
    ("border repeated", BLUR, edge, {"out": "only_border_wrong"}),
    ("half a path through the variance", NORM, with_paths(1.0, 0.5), {"dx": "breaks_no_correlation"}),
    ("half a path through the mean", NORM, with_paths(0.5, 1.0), {"dx": "breaks_no_mean"}),
    ("no path through the variance", NORM, with_paths(1.0, 0.0), {"dx": "dropped_term"}),
    ("N for N - 1", NORM, lambda x, g, d: normalised_gradient(x, g, d) * len(x) / (len(x) - 1), {"dx": "one_less_for_size"}),
    ("the root lost", SCORES, lambda Q, K, dS: dS @ K, {"dQ": "times_root_D"}),
    ("the root of the keys", SCORES, lambda Q, K, dS: attention_gradient(Q, K, dS) / np.sqrt(len(K)), {"dQ": "over_root_size"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("exercise", "answer", "codes"), [row[1:] for row in EXPLAINED], ids=[row[0] for row in EXPLAINED]
)
def test_a_fault_is_told_by_its_place(exercise: Exercise, answer: Answer, codes: dict[str, str]) -> None:
    found = told(exercise, answer)
    assert {output: found[output][0] for output in codes if output in found} == codes


NEIGHBOURS: list[tuple[str, Exercise, Answer, set[str]]] = [
    ("the last step wrong too", RNN, lambda x, Wx, Wh, dh: rnn_gradients(x, Wx, Wh, np.sin(dh)), {"right_at_last"}),
    ("all steps in the sum", RNN, rnn(kept=0.5), {"made_of_one_part"}),
    ("a step late, and a little more", HIDDEN, states(nearly_late), {"one_late"}),
    ("reversed, and one off", HIDDEN, states(lambda h: np.roll(h[:, ::-1], 1, axis=1)), {"flipped_along", "one_late"}),
    ("all gates a little", GATED, gates(lambda p, g: [q / (1 + 1e-6 * g[1]) for q in p]), {"only_blocks_wrong"}),
    ("gates exchanged, one doubled", GATED, gates(lambda p, g: [p[1], 2 * p[0], p[2], p[3]]), {"blocks_in_other_order"}),
    ("border and one inside", BLUR, corner, {"only_border_wrong", "only_border_right"}),
    ("keeps both relations", NORM, of_other_gamma, {"breaks_no_mean", "breaks_no_correlation"}),
    ("zeros, as the mean of dx is", NORM, lambda x, gamma, dout: 1e-17 * x, {"averaged_along"}),
    ("a factor of no size", SCORES, lambda Q, K, dS: attention_gradient(Q, K, dS) / (1 + len(K)), {"over_size", "over_root_size"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("exercise", "answer", "never"), [row[1:] for row in NEIGHBOURS], ids=[row[0] for row in NEIGHBOURS]
)
def test_of_its_nearest_neighbour_it_is_not_told(exercise: Exercise, answer: Answer, never: set[str]) -> None:
    """Rejects a claim that looks at fewer entries than it speaks of."""
    codes = {code for code, _ in told(exercise, answer).values()}
    assert not codes & never


def test_of_right_answers_nothing_is_told() -> None:
    for exercise, answer in ((RNN, rnn()), (NORM, normalised_gradient), (SPLIT, split_heads), (RNN, rnn_gradients)):
        assert told(exercise, answer) == {}


def test_one_step_alone_bears_out_no_place() -> None:
    """Rejects "right at the last step" from sequences of one step, where there is no other."""
    short = {**RNN.inputs, "x": replace_steps("x", 1), "dh": replace_steps("dh", 1)}
    exercise = replace(RNN, inputs=short)
    assert told(exercise, rnn(lambda da, Wh, t: 0.0 * da)) == {}  # the carried gradient reaches nothing
    wrong = told(exercise, lambda *given: tuple(1.001 * g**2 for g in rnn_gradients(*given)))
    assert {code for code, _ in wrong.values()} & {
        "right_at_last",
        "right_at_first",
        "only_at_first",
        "one_late",
    } == set()


def replace_steps(name: str, count: int) -> Any:
    from grader.judging import array

    return array("N", str(count), "D" if name == "x" else "H")


def test_only_along_steps_is_something_said_to_be_carried() -> None:
    """Rejects a recurrence where the axis is that of tokens, which are answered each by itself."""
    tokens = replace(RNN, places={**RNN.places, "dx": ("example", "token", "feature")})
    assert told(tokens, rnn(lambda da, Wh, t: 0.0 * da))["dx"][1] == (
        "dx is right at the last token in every case tried: what is wrong lies before it"
    )


def test_what_is_told_speaks_in_the_names_of_the_axes() -> None:
    assert told(RNN, rnn(lambda da, Wh, t: 0.0 * da))["dx"][1] == (
        "dx is right at the last step in every case tried: what is wrong lies before it. "
        "At the last step nothing comes back from a later one: what does in those before?"
    )
    assert told(GATED, gates(lambda p, g: [p[0], p[1] / (1 - g[1]), p[2], p[3]]))["dWx"][1] == (
        "every wrong entry of dWx lies in the forget gate: every other gate of it is right"
    )
    assert told(GATED, columns(1, 0, 2, 3))["dWx"][1].endswith(
        "in another order: where the input gate belongs stands the forget gate, where the forget gate belongs stands the input gate"
    )
    relations = "Over the batch dx·x̂ sums to 0; yours does not. What does hold of yours: Over the batch dx sums to 0."
    assert told(NORM, with_paths(1.0, 0.5))["dx"][1] == relations
    assert told(NORM, with_paths(1.0, 0.0))["dx"][1] == (
        f"dx is what the right formula gives when one term of a sum is missing. {relations}"
    )


def test_students_are_told_of_places_and_invariants_without_a_model_answer() -> None:
    """Rejects public data that leave names and relations behind."""
    unit = Unit("placed", 1, "Places", (RNN, NORM, GATED))
    public = restored_unit(json.loads(json.dumps(packed_unit(unit, Bench(unit.exercises)))))
    assert public.exercises["placed.rnn_gradients"].exercise.places == RNN.places
    assert public.exercises["placed.gate_gradients"].exercise.places == GATED.places
    for exercise, answer, code in (
        (RNN, rnn(lambda da, Wh, t: 0.0 * da), "right_at_last"),
        (NORM, with_paths(1.0, 0.0), "breaks_no_correlation"),
        (GATED, columns(1, 0, 2, 3), "blocks_in_other_order"),
    ):
        shown = public.exercises[exercise.name].exercise
        answers = LocalAnswers({exercise.short: answer})
        verdicts = Judge(answers, public.bench).verdicts(shown)
        words = explain(shown, verdicts, answers, public.bench)
        assert code in {w.diagnosis.mistake for w in words if w.diagnosis is not None}


# ------------------------------------------------------------------------------------ declarations
def sum_of_rows(inputs: Any, outputs: Any) -> Any:
    return outputs["dx"].sum(axis=1)


def nothing(inputs: Any, outputs: Any) -> Any:
    return 0.0 * outputs["dx"]


def failing(inputs: Any, outputs: Any) -> Any:
    return outputs["dz"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"places": {"dz": ("example",)}}, "places names dz, which is no output; there are dx"),
        ({"places": {"dx": ("example", "example")}}, "two axes of dx have one name"),
        (
            {"places": {"dx": ("example", Blocks("gate", ("one",)))}},
            "the blocks gate of dx are ['one']; name two or more",
        ),
        ({"invariants": (NORM.invariants[0], NORM.invariants[0])}, "two invariants are named no_mean"),
        ({"invariants": (Invariant("flat", "It is flat.", nothing),)}, "the text of the invariant flat has no '; '"),
    ],
)
def test_names_that_cannot_be_right_are_refused_when_they_are_declared(more: dict[str, Any], said: str) -> None:
    with pytest.raises(BankError) as refused:
        replace(NORM, **more)
    assert str(refused.value).startswith(f"{NORM.where}: placed.normalised_gradient: {said}")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ""),
        (
            {"places": {"dx": ("example", "feature", "step")}},
            "places names 3 axes of dx, which has 2: its shape is (6, 6)",
        ),
        (
            {"places": {"dx": ("example", Blocks("half", ("left", "right")))}},
            "places divides an axis of dx into 2 blocks half",
        ),
        (
            {"invariants": (Invariant("rows", "Rows sum to 0; yours do not.", sum_of_rows),)},
            "does not hold of the model answer",
        ),
        ({"invariants": (Invariant("rows", "It is so; yours is not.", nothing),)}, "the invariant rows cannot fail"),
        (
            {"invariants": (Invariant("rows", "It is so; yours is not.", failing),)},
            "the invariant rows raises KeyError",
        ),
    ],
)
def test_names_that_the_model_answer_contradicts_are_refused(more: dict[str, Any], said: str) -> None:
    found = list(misplaced_names(exercise := replace(NORM, **more), Bench([exercise], drawn=0)))
    assert [said in text for text in found] == [True] * bool(said)
