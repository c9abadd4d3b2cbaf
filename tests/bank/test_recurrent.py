"""Unit `recurrent`: the curriculum, witnesses of its gradients, its sentences. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import Bench, Exercise, Recipe, points, run_locally
from reference import recurrent

UNIT = "recurrent"
COVERS = {
    "RNN step, forward": "rnn_step_forward",
    "RNN step, backward": "rnn_step_backward",
    "RNN sequence, forward": "rnn_forward",
    "RNN sequence, back through time": "rnn_backward",
    "negative log-likelihood over a sequence, with mask": "temporal_softmax_loss",
    "LSTM step (input, forget, output gates, candidate), forward": "lstm_step_forward",
    "LSTM step, backward": "lstm_step_backward",
    "LSTM sequence, forward": "lstm_forward",
    "LSTM sequence, backward": "lstm_backward",
    "gates that also see the previous cell state: forward": "peephole_step_forward",
    "gates that also see the previous cell state: backward": "peephole_step_backward",
    "peepholes through time, forward": "peephole_forward",
    "peepholes through time, backward": "peephole_backward",
    "GRU, forward": "gru_step_forward",
    "GRU, backward": "gru_step_backward",
    "gradient clipping by norm": "clip_by_norm",
    "the gradient's norm over 100 steps: RNN": "rnn_gradient_norms",
    "the gradient's norm over 100 steps: against LSTM": "lstm_gradient_norms",
    "truncated backprop through time": "truncated_gradients",
    "greedy decoding": "greedy_decode",
    "a training run to a stated loss": "learn_text",
    "a planted fault": "leaky_gradients",
    "a test to write": "is_recurrent_backward",
    "a prediction: what comes back through four steps": "predict_carried_gradient",
    "a prediction: the loss at the start": "predict_first_loss",
    "a prediction: what a forget gate keeps": "predict_gate_memory",
    "a formula": "cell_gradient",
    "a choice": "question_dropped_carry",
    "several": "question_exact_parts",
    "a number": "question_lstm_parameters",
    "a matching": "question_gates",
}
"""The lines of the curriculum, of its table and of the issue, and the exercise that asks each."""
DECLARED = {
    "the carried gradient dropped": ("rnn_backward", "drops_the_carried_gradient"),
    "'=' over t": ("rnn_backward", "overwrites_over_time"),
    "dWh with h_t for h_{t−1}": ("rnn_backward", "takes_h_t_in_dWh"),
    "averaged over T": ("rnn_backward", "averages_over_time"),
    "a loss that is averaged over T": ("temporal_softmax_loss", "averages_over_time"),
    "a sequence whose cell is right": ("lstm_backward", "mixes_the_carried_gradients"),
    "one gate's slope forgotten": ("lstm_step_backward", "forgets_the_forget_slope"),
    "dc_prev without dnext_h": ("lstm_step_backward", "leaves_dnext_h_out_of_dprev_c"),
}
"""The mistakes that the table asks for, each with an exercise and its declared mistake."""
EXERCISES = catalogue().unit(UNIT).exercises
BACKWARD = [e for e in EXERCISES if e.pair is not None]
SEQUENCES = ("rnn_backward", "lstm_backward", "peephole_backward")


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_curriculum_has_its_exercise(line: str) -> None:
    assert catalogue().exercise(f"{UNIT}.{COVERS[line]}").points > 0


def test_what_covers_no_line_is_a_question() -> None:
    assert {e.short for e in EXERCISES if "question_" not in e.short} <= set(COVERS.values())
    assert len([e for e in EXERCISES if e.form == "question"]) >= 6


@pytest.mark.parametrize("mistake", DECLARED)
def test_each_mistake_of_the_table_is_declared(mistake: str) -> None:
    exercise, name = DECLARED[mistake]
    assert name in [m.name for m in catalogue().exercise(f"{UNIT}.{exercise}").mistakes]


# ---------------------------------------------------------------------------------- witnesses
def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def lstm(x: Any, h: Any, c: Any, Wx: Any, Wh: Any, b: Any, p: Any = None) -> Any:
    """A step in the words of the docstring, for complex numbers too."""
    H = h.shape[1]
    a = x @ Wx + h @ Wh + b
    seen = [0.0, 0.0, 0.0] if p is None else [row * c for row in p]
    i, f, o = (sigma(a[:, k * H : (k + 1) * H] + seen[k]) for k in range(3))
    c = f * c + i * np.tanh(a[:, 3 * H :])
    return o * np.tanh(c), c


def gru(x: Any, h: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    H = h.shape[1]
    r, z = (sigma((x @ Wx + h @ Wh + b)[:, k * H : (k + 1) * H]) for k in range(2))
    g = np.tanh(x @ Wx[:, 2 * H :] + (r * h) @ Wh[:, 2 * H :] + b[2 * H :])
    return (z * h + (1 - z) * g,)


def over_time(step: Callable[..., Any], cells: int) -> Callable[..., Any]:
    def run(x: Any, h0: Any, *weights: Any) -> Any:
        state, rows = (h0, *(0 * h0 for _ in range(cells))), []
        for t in range(x.shape[1]):
            state = step(x[:, t], *state, *weights)
            rows.append(state[0])
        return (np.stack(rows, axis=1),)

    return run


def rnn(x: Any, h: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    return (np.tanh(x @ Wx + h @ Wh + b),)


def seeing(x: Any, h: Any, c: Any, Wx: Any, Wh: Any, p: Any, b: Any) -> Any:
    return lstm(x, h, c, Wx, Wh, b, p)


INDEPENDENT: dict[str, Callable[..., Any]] = {
    "rnn_step_backward": rnn,
    "rnn_backward": over_time(rnn, 0),
    "lstm_step_backward": lstm,
    "lstm_backward": over_time(lstm, 1),
    "peephole_step_backward": seeing,
    "peephole_backward": over_time(seeing, 1),
    "gru_step_backward": gru,
}


def ordinary(exercise: Exercise) -> dict[str, Any]:
    """The inputs of a case of ordinary size with at least two examples, and three steps if there are any."""
    for case in Bench(EXERCISES, drawn=0).cases(exercise):
        x = case.inputs["x"]
        if case.regime == "randn" and len(x) > 1 and (x.ndim < 3 or x.shape[1] >= 3):
            return dict(case.inputs)
    raise AssertionError(exercise.name)


@pytest.mark.parametrize("exercise", BACKWARD, ids=lambda e: e.short)
def test_each_backward_pass_agrees_with_complex_steps_of_a_formula_written_apart(exercise: Exercise) -> None:
    """The engine is asked in ``test_engine.py``, and differences of the forward pass by ``gradmark validate``."""
    inputs = ordinary(exercise)
    given = exercise.given_below(inputs)
    forward = INDEPENDENT[exercise.short]

    def scalar(at: Any) -> Any:
        return sum(np.sum(inputs[w] * out) for w, out in zip(exercise.upstream, forward(*at.values()), strict=True))

    for found, name in zip(run_locally(exercise, inputs), given, strict=True):
        slope = np.zeros(given[name].shape)
        for index in np.ndindex(slope.shape):
            moved = given[name].astype(complex)
            moved[index] += 1e-30j
            slope[index] = scalar({**given, name: moved}).imag / 1e-30
        np.testing.assert_allclose(found, slope, rtol=1e-9, atol=1e-12 * np.abs(slope).max(), err_msg=name)


def test_truncated_gradients_are_those_of_windows_one_by_one() -> None:
    rng = np.random.default_rng(0)
    x, h0, dh = rng.standard_normal((3, 7, 2)), rng.standard_normal((3, 4)), rng.standard_normal((3, 7, 4))
    Wx, Wh, b = rng.standard_normal((2, 4)), rng.standard_normal((4, 4)), rng.standard_normal(4)
    dx, dh0, *of_weights = recurrent.truncated_gradients(x, h0, Wx, Wh, b, dh, 3)
    start, parts = h0, []
    for t in (0, 3, 6):
        h, cache = recurrent.rnn_forward(x[:, t : t + 3], start, Wx, Wh, b)
        parts.append(recurrent.rnn_backward(dh[:, t : t + 3], cache))
        start = h[:, -1]
    np.testing.assert_allclose(dx, np.concatenate([part[0] for part in parts], axis=1), rtol=1e-12)
    np.testing.assert_allclose(dh0, parts[0][1], rtol=1e-12)
    for k, found in enumerate(of_weights, start=2):
        np.testing.assert_allclose(found, sum(part[k] for part in parts), rtol=1e-12)
    whole = recurrent.rnn_backward(dh, recurrent.rnn_forward(x, h0, Wx, Wh, b)[1])
    np.testing.assert_allclose(recurrent.truncated_gradients(x, h0, Wx, Wh, b, dh, 9)[0], whole[0], rtol=1e-12)


def test_the_norms_are_those_of_slopes_from_each_step_on() -> None:
    rng = np.random.default_rng(1)
    N, T, D, H = 2, 4, 3, 5
    x, h0 = rng.standard_normal((N, T, D)), rng.standard_normal((N, H))
    Wx, Wh, b = rng.standard_normal((D, 4 * H)), rng.standard_normal((H, 4 * H)), rng.standard_normal(4 * H)
    norms = recurrent.lstm_gradient_norms(x, h0, Wx, Wh, b)
    states = [(h0, 0 * h0)]
    for t in range(T):
        states.append(lstm(x[:, t], *states[t], Wx, Wh, b))
    for t in range(T):
        h, c = states[t + 1]
        slope = np.zeros((N, H))
        for index in np.ndindex(N, H):
            cell = c.astype(complex)
            cell[index] += 1e-30j
            # h[:, t] is made of c[:, t]: o = h / tanh c
            last = (h / np.tanh(c) * np.tanh(cell), cell)
            for s in range(t + 1, T):
                last = lstm(x[:, s], *last, Wx, Wh, b)
            slope[index] = last[0].sum().imag / 1e-30
        np.testing.assert_allclose(norms[t], np.linalg.norm(slope), rtol=1e-9)
    plain = recurrent.rnn_gradient_norms(x, h0, Wx[:, :H], Wh[:, :H], b[:H])
    h, cache = recurrent.rnn_forward(x, h0, Wx[:, :H], Wh[:, :H], b[:H])
    dh = np.zeros_like(h)
    dh[:, -1] = 1
    before = recurrent.rnn_backward(dh[:, 1:], (cache[0][:, 1:], h[:, 0], *cache[2:4], h[:, 1:]))[1]
    np.testing.assert_allclose(plain[[0, -1]], [np.linalg.norm(before), np.sqrt(N * H)], rtol=1e-12)


@pytest.mark.slow
def test_a_hundred_steps_are_judged_to_digits() -> None:
    """What rounding makes of a long sequence is no licence: a relative error of 1e-6 is seen at every step."""
    for name in ("rnn_gradient_norms", "lstm_gradient_norms"):
        exercise = catalogue().exercise(f"{UNIT}.{name}")
        long = [c for c in exam.bench(UNIT).cases(exercise) if c.inputs["x"].shape[1] == 100]
        assert len(long) >= 3
        for case in long:
            assert case.expected is not None
            (norms,) = case.expected
            assert np.all(norms.allowed < 1e-6 * norms.value)


# -------------------------------------------------------------------------------- blindness, and caches
@pytest.mark.slow
@pytest.mark.parametrize("name", SEQUENCES)
def test_one_step_hides_what_three_show(name: str) -> None:
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    wrong = {m.name: m.answer for m in exercise.mistakes}
    lost = next(n for n in wrong if n.startswith("drops"))
    for steps in (1, 3):
        case = Bench([exercise]).make(exercise, Recipe("randn", (3, steps, 2, 4, 5), 0))
        assert case is not None
        assert case.expected is not None
        for mistake in (lost, "overwrites_over_time"):
            found = run_locally(exercise, case.inputs, wrong[mistake])
            pairs = zip(found, case.expected, strict=True)
            right = all(np.all(np.abs(got - e.value) <= e.allowed) for got, e in pairs)
            assert right is (steps == 1), mistake
    steps_of = [case.inputs["x"].shape[1] for case in exam.bench(UNIT).cases(exercise)]
    assert sum(steps >= 3 for steps in steps_of) > 30


@pytest.mark.parametrize("exercise", BACKWARD, ids=lambda e: e.short)
def test_no_two_sizes_agree_where_it_counts_and_every_cache_is_of_a_forward_pass(exercise: Exercise) -> None:
    cases = Bench(EXERCISES, drawn=0).cases(exercise)
    sizes = [(*case.inputs["x"].shape, len(case.inputs["Wh"])) for case in cases]
    assert sum(len(set(row)) == len(row) for row in sizes) >= 5
    for case in cases:
        *_, cache = getattr(recurrent, exercise.pair or "")(*exercise.given_below(case.inputs).values())
        for ours, theirs in zip(cache, case.documented, strict=True):
            assert np.array_equal(ours, theirs)


# ------------------------------------------------------------------------------- what sentences say is so
COLUMNS = {"input": 0, "forget": 1, "output": 2, "candidate": 3}
SAYS = r"Only|In dWx, dWh and db only|d\w+( and \w+)? (is|are) exact"
SAID = [(e, m) for e in BACKWARD for m in e.mistakes if re.match(SAYS, m.text)]


@pytest.mark.parametrize(("exercise", "mistake"), SAID, ids=lambda x: getattr(x, "name", ""))
def test_what_a_sentence_says_of_the_numbers_is_so(exercise: Exercise, mistake: Any) -> None:
    inputs = ordinary(exercise)
    right = dict(zip(exercise.outputs, run_locally(exercise, inputs), strict=True))
    wrong = dict(zip(exercise.outputs, run_locally(exercise, inputs, mistake.answer), strict=True))
    same = {name for name in right if np.allclose(right[name], wrong[name], rtol=1e-9, atol=1e-12)}
    if found := re.match(r"Only (\w+) is wrong", mistake.text):
        assert same == set(right) - {found[1]}
    elif found := re.match(r"Only the candidate's columns of dWh", mistake.text):
        assert same == set(right) - {"dWh"}
        assert by_block(right["dWh"], wrong["dWh"], 3) == [2]
    elif found := re.match(r"In dWx, dWh and db only the (\w+)", mistake.text):
        count = 3 if exercise.short.startswith("gru") else 4
        block = {"reset": 0, "update": 1}.get(found[1], COLUMNS.get(found[1], -1))
        assert {tuple(by_block(right[n], wrong[n], count)) for n in ("dWx", "dWh", "db")} == {(block,)}
    elif mistake.text.startswith("dx is exact at the last step only"):
        steps = range(right["dx"].shape[1])
        assert [t for t in steps if np.allclose(right["dx"][:, t], wrong["dx"][:, t], rtol=1e-9)] == [steps[-1]]
    else:
        assert mistake.text.startswith("dx and dh0 are exact")
        assert same == {"dx", "dh0"}


def by_block(right: Any, wrong: Any, count: int) -> list[int]:
    """The blocks of columns in which two arrays differ."""
    pairs = zip(np.split(right, count, axis=-1), np.split(wrong, count, axis=-1), strict=True)
    return [k for k, (a, b) in enumerate(pairs) if not np.allclose(a, b, rtol=1e-9, atol=1e-12)]


# ----------------------------------------------------------------------- right in any reasonable style
def half_tanh(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * z))


def by_tanh(x: Any, prev_h: Any, prev_c: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    """An LSTM step whose σ is a tanh, over weights side by side."""
    a = np.hstack([x, prev_h]) @ np.vstack([Wx, Wh]) + b
    i, f, o, g = np.split(a, 4, axis=1)
    next_c = half_tanh(f) * prev_c + half_tanh(i) * np.tanh(g)
    return half_tanh(o) * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, a, next_c)


def by_cosh(dnext_h: Any, dnext_c: Any, cache: Any) -> Any:
    """An LSTM's backward pass from the pre-activations, with 1/cosh² for every slope."""
    x, prev_h, prev_c, Wx, Wh, a, next_c = cache

    def bell(z: Any) -> Any:
        return 1 / np.cosh(np.clip(z, -300, 300)) ** 2

    i, f, o, g = np.split(a, 4, axis=1)
    dc = dnext_c + dnext_h * half_tanh(o) * bell(next_c)
    da = np.zeros_like(a)
    for k, d in enumerate(
        (
            dc * np.tanh(g) * bell(i / 2) / 4,
            dc * prev_c * bell(f / 2) / 4,
            dnext_h * np.tanh(next_c) * bell(o / 2) / 4,
            dc * half_tanh(i) * bell(g),
        )
    ):
        da[:, k * d.shape[1] : (k + 1) * d.shape[1]] = d
    return [da @ Wx.T, da @ Wh.T, dc * half_tanh(f), x.T @ da, prev_h.T @ da, da.sum(axis=0)]


def all_inputs_at_once(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    """A layer that multiplies all inputs first; its cache is a dict."""
    a = np.einsum("ntd,dh->nth", x, Wx) + b
    h = np.empty_like(a)
    for t in range(x.shape[1]):
        h[:, t] = np.tanh(a[:, t] + (h[:, t - 1] if t else h0) @ Wh)
    return h, {"x": x, "before": np.concatenate([h0[:, None], h[:, :-1]], axis=1), "h": h, "Wx": Wx, "Wh": Wh}


def weights_at_the_end(dh: Any, cache: Any) -> Any:
    """A sweep that keeps its gradients of the pre-activations, and multiplies once at the end."""
    x, before, h, Wx, Wh = (cache[k] for k in ("x", "before", "h", "Wx", "Wh"))
    da, carried = np.zeros_like(h), 0.0
    for t in range(x.shape[1] - 1, -1, -1):
        da[:, t] = (dh[:, t] + carried) * (1 - h[:, t]) * (1 + h[:, t])
        carried = da[:, t] @ Wh.T
    dWx, dWh = np.tensordot(x, da, ((0, 1), (0, 1))), np.tensordot(before, da, ((0, 1), (0, 1)))
    return da @ Wx.T, carried, dWx, dWh, da.sum(axis=(0, 1))


def naive_gru(x: Any, prev_h: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    """A GRU with the plain formula of σ."""
    H = prev_h.shape[1]
    with np.errstate(over="ignore"):
        r = sigma(x @ Wx[:, :H] + prev_h @ Wh[:, :H] + b[:H])
        z = sigma(x @ Wx[:, H : 2 * H] + prev_h @ Wh[:, H : 2 * H] + b[H : 2 * H])
    g = np.tanh(x @ Wx[:, 2 * H :] + (r * prev_h) @ Wh[:, 2 * H :] + b[2 * H :])
    return g + z * (prev_h - g), (x, prev_h, Wx, Wh, r, z, g)


def row_by_row(x: Any, y: Any, mask: Any) -> Any:
    """The loss with loops over sequences and steps."""
    loss, dx = 0.0, np.zeros_like(x)
    for n in range(len(x)):
        for t in range(x.shape[1]):
            if mask[n, t]:
                p = np.exp(x[n, t] - np.logaddexp.reduce(x[n, t]))
                loss += np.logaddexp.reduce(x[n, t]) - x[n, t, y[n, t]]
                dx[n, t] = p / len(x)
                dx[n, t, y[n, t]] -= 1 / len(x)
    return loss / len(x), dx


def sequence_by_sequence(
    h0: Any, E: Any, Wx: Any, Wh: Any, b: Any, Wy: Any, by: Any, start: int, end: int, length: int
) -> Any:
    """Lists of tokens, one sequence after the other."""
    rows = []
    for first in h0:
        h, token, row = first, start, []
        while len(row) < length and end not in row:
            h = np.tanh(E[token] @ Wx + h @ Wh + b)
            token = int(np.argmax(h @ Wy + by))
            row.append(token)
        rows.append(row + [end] * (length - len(row)))
    return rows


def flattened(gradients: Any, max_norm: float) -> Any:
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    return tuple(g * max_norm / norm for g in gradients) if norm > max_norm else gradients


def norms_by_jacobians(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    """Norms by the product of the Jacobians of each example."""
    h, _ = recurrent.rnn_forward(x, h0, Wx, Wh, b)
    rows = np.ones((len(x), 1, h.shape[2]))
    norms = [np.linalg.norm(rows)]
    for t in range(h.shape[1] - 1, 0, -1):
        rows = rows @ (Wh[None] * (1 - h[:, t, None, :] ** 2)).swapaxes(1, 2)
        norms.insert(0, np.linalg.norm(rows))
    return norms


STYLES: dict[str, dict[str, Callable[..., Any]]] = {
    "an LSTM by tanh and cosh": {"lstm_step_forward": by_tanh, "lstm_step_backward": by_cosh},
    "a layer with products outside the loop": {"rnn_forward": all_inputs_at_once, "rnn_backward": weights_at_the_end},
    "a GRU by the plain σ": {"gru_step_forward": naive_gru},
    "a loss by loops": {"temporal_softmax_loss": row_by_row},
    "decoding by lists": {"greedy_decode": sequence_by_sequence},
    "clipping by one vector": {"clip_by_norm": flattened},
    "norms by Jacobians": {"rnn_gradient_norms": norms_by_jacobians},
    "a factored formula": {"cell_gradient": lambda: "f*dc + f*o*dh*(1 - s)*(1 + s)"},
}


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_a_right_answer_in_another_style_passes(style: str) -> None:
    for name in STYLES[style]:
        exercise = catalogue().exercise(f"{UNIT}.{name}")
        judged = exam.verdicts({**exam.models(UNIT), **STYLES[style]}, exercise)
        assert [(v.check.name, v.status, v.fact) for v in judged if v.status != "passed"] == []
        assert {note for v in judged for note in v.notes} <= {"list_for_array", "precision"}


# ------------------------------------------------------------------------------ several upstream gradients
@pytest.mark.slow
def test_a_backward_pass_for_a_wrong_step_with_two_outputs_is_paid_where_the_step_is_known() -> None:
    """Follow-through where a forward pass has two outputs: the cell is shown without its tanh, and the slope fits that."""

    def shows_the_bare_cell(x: Any, prev_h: Any, prev_c: Any, Wx: Any, Wh: Any, b: Any) -> Any:
        _, next_c, cache = recurrent.lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
        return cache[7] * next_c, next_c, cache

    def fits_it(dnext_h: Any, dnext_c: Any, cache: Any) -> Any:
        x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
        dc = dnext_c + dnext_h * o
        da = [dc * g * i * (1 - i), dc * prev_c * f * (1 - f), dnext_h * next_c * o * (1 - o), dc * i * (1 - g**2)]
        a = np.hstack(da)
        return a @ Wx.T, a @ Wh.T, dc * f, x.T @ a, prev_h.T @ a, a.sum(axis=0)

    def half(dnext_h: Any, dnext_c: Any, cache: Any) -> Any:
        return tuple(d / 2 for d in fits_it(dnext_h, dnext_c, cache))

    exercise = catalogue().exercise(f"{UNIT}.lstm_step_backward")
    wrong = {**exam.models(UNIT), "lstm_step_forward": shows_the_bare_cell}
    assert points(exam.verdicts({**wrong, "lstm_step_backward": fits_it}, exercise)) == exercise.points
    assert points(exam.verdicts({**wrong, "lstm_step_backward": half}, exercise)) == 0


# ------------------------------------------------------------------------------------ what is said is true
def test_the_predictions_and_the_questions_come_true() -> None:
    one = np.ones((1, 1))
    h, cache = recurrent.rnn_forward(np.zeros((1, 4, 1)), 0 * one, one, 0.5 * one, np.zeros(1))
    dh = np.zeros_like(h)
    dh[:, -1] = 1
    assert recurrent.rnn_backward(dh, cache)[1] == recurrent.predict_carried_gradient()
    y, all_count = np.zeros((5, 10), dtype=int), np.ones((5, 10), dtype=bool)
    loss = recurrent.temporal_softmax_loss(np.zeros((5, 10, 8)), y, all_count)[0]
    assert loss == pytest.approx(recurrent.predict_first_loss())
    b = np.zeros(4)
    b[1] = np.log(99)  # σ(log 99) = 0.99
    norms = recurrent.lstm_gradient_norms(np.zeros((1, 101, 1)), 0 * one, np.zeros((1, 4)), np.zeros((1, 4)), b)
    assert norms[0] / norms[-1] == pytest.approx(recurrent.predict_gate_memory())
    D, H = 10, 20
    assert recurrent.question_lstm_parameters() == D * 4 * H + H * 4 * H + 4 * H
    mask = np.arange(10) < np.array([3, 5])[:, None]
    scores = np.zeros((2, 10, 2))
    scores[:, :, 0] = -np.log(np.expm1(2.0))  # log(1 + e^−s) = 2
    loss = recurrent.temporal_softmax_loss(scores, np.zeros((2, 10), dtype=int), mask)[0]
    assert loss == pytest.approx(recurrent.question_masked_loss())


def test_the_text_cannot_be_said_from_one_letter_alone() -> None:
    """Behind "chuck" comes another word each time."""
    behind = recurrent.TEXT.split("chuck ")[1:]
    assert len({words.split(" ")[0] for words in behind if words} | {"chuck"}) >= 4
