"""Unit `attention`: the curriculum, other right styles, the cases. Witnesses of its gradients: ``test_attention_witnesses.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import Case, Exercise, Invariant, points
from reference import attention

UNIT = "attention"
COVERS = {
    "embedding lookup": "word_embedding_forward",
    "embedding lookup: repeated indices accumulate": "word_embedding_backward",
    "scaled dot-product attention": "attention_forward",
    "scaled dot-product attention with a causal mask: backward": "attention_backward",
    "multi-head attention": "multi_head_forward",
    "multi-head attention: backward": "multi_head_backward",
    "heads by a transpose, not by a reshape": "split_heads",
    "a transformer block": "transformer_block_forward",
    "a transformer block's backward": "transformer_block_backward",
    "word2vec with negative sampling: loss and gradients": "negative_sampling_loss",
    "positional encoding": "positional_encoding",
    "padding and causal mask together": "attention_mask",
    "a key–value cache gives what the full pass gives": "attend_with_cache",
    "online softmax": "online_softmax_update",
    "training to a stated loss": "train_previous_token",
    "a planted fault": "rotary_embedding",
    "a test to write": "is_attention_backward",
    "a prediction": "prediction_one_key",
    "a question: choice": "question_scale",
    "a question: several": "question_order",
    "a question: number": "question_cache_size",
    "a question: matching": "question_symptoms",
    "a question: formula": "question_sampling_slope",
}
"""The lines of the curriculum, of the issue and of the table, in short, and the exercise that asks each."""
MISTAKES = {
    "√d lost in the backward": ("attention_backward", "loses_the_scale"),
    "a softmax Jacobian with its diagonal only": ("attention_backward", "keeps_the_diagonal"),
    "mask 0 for −∞": ("attention_forward", "masks_with_zero"),
    "mask after the softmax": ("attention_forward", "masks_after_the_softmax"),
    "softmax along the wrong axis": ("attention_forward", "normalises_over_queries"),
    "reshape for transpose": ("split_heads", "reshapes_for_a_transpose"),
    "reshape for transpose, in the layer": ("multi_head_forward", "splits_by_a_reshape"),
    "embedding gradients that overwrite": ("word_embedding_backward", "overwrites_repeated_tokens"),
    "repeated negatives that overwrite": ("negative_sampling_loss", "overwrites_repeated_negatives"),
}
"""The mistakes that the curriculum names for this unit, and where each is declared."""


def exercise_of(name: str) -> Exercise:
    return catalogue().exercise(f"{UNIT}.{name}")


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_curriculum_has_its_exercise(line: str) -> None:
    assert exercise_of(COVERS[line]).points > 0


@pytest.mark.parametrize(("name", "mistake"), MISTAKES.values(), ids=MISTAKES)
def test_every_mistake_of_the_curriculum_is_declared(name: str, mistake: str) -> None:
    assert mistake in [m.name for m in exercise_of(name).mistakes]


def outcome(name: str, mistake: str, **inputs: Any) -> tuple[Any, ...]:
    """The outputs of a declared mistake, beside those of the model answer, for the cache of a real forward pass."""
    exercise = exercise_of(name)
    wrong = next(m.answer for m in exercise.mistakes if m.name == mistake)
    return wrong(**inputs), getattr(attention, name)(**inputs)


# ------------------------------------------------------------------- how the table says that they look
def drawn(*shapes: tuple[int, ...], seed: int = 0) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


Q, K, V, DOUT = drawn((2, 3, 6), (2, 4, 6), (2, 4, 5), (2, 3, 5))
MASK = np.random.default_rng(1).random((2, 3, 4)) < 0.6
MASK[0, 1], MASK[1, 0] = False, True
CACHE = attention.attention_forward(Q, K, V, MASK)[1]


def test_a_lost_scale_makes_two_gradients_too_large_by_the_root_and_leaves_the_third() -> None:
    (dQ, dK, dV), (right_Q, right_K, right_V) = outcome("attention_backward", "loses_the_scale", dout=DOUT, cache=CACHE)
    np.testing.assert_allclose(dQ, np.sqrt(6) * right_Q, rtol=1e-12)
    np.testing.assert_allclose(dK, np.sqrt(6) * right_K, rtol=1e-12)
    np.testing.assert_array_equal(dV, right_V)


def test_with_the_diagonal_alone_the_keys_gradients_do_not_add_up_to_zero() -> None:
    (_, dK, dV), (_, right_K, right_V) = outcome("attention_backward", "keeps_the_diagonal", dout=DOUT, cache=CACHE)
    assert np.abs(right_K.sum(axis=1)).max() < 1e-14
    assert np.abs(dK.sum(axis=1)).max() > 0.1
    np.testing.assert_array_equal(dV, right_V)


@pytest.mark.parametrize(("mistake", "axis"), [("masks_after_the_softmax", None), ("normalises_over_queries", 1)])
def test_weights_of_a_wrong_forward_pass_do_not_add_up_along_the_keys(mistake: str, axis: int | None) -> None:
    wrong, right = outcome("attention_forward", mistake, Q=Q, K=K, V=V, mask=MASK)
    on = MASK.any(axis=2)
    np.testing.assert_allclose(right[1][3].sum(axis=2), on, atol=1e-12)
    assert not np.allclose(wrong[1][3].sum(axis=2), on)
    if axis:
        np.testing.assert_allclose(wrong[1][3].sum(axis=axis), MASK.any(axis=axis), atol=1e-12)


def test_a_reshape_gives_head_0_the_first_tokens() -> None:
    x = np.arange(2 * 6 * 6.0).reshape(2, 6, 6)
    wrong, right = outcome("split_heads", "reshapes_for_a_transpose", x=x, heads=3)
    assert np.array_equal(np.sort(wrong, axis=None), np.sort(right, axis=None))
    assert np.array_equal(wrong[:, 0].reshape(2, 2, 6), x[:, :2])
    assert np.array_equal(right[:, 0], x[:, :, :2])


# ------------------------------------------------------------------------------------- cheap answers
LIARS: dict[str, Callable[..., Any]] = {
    "None": lambda *args: None,
    "zeros": lambda *args: np.zeros_like(args[0]) if args and hasattr(args[0], "shape") else 0.5,
    "its input": lambda *args: args[0] if args else "e",
    "its input and a cache": lambda *args: (args[0], args) if args else 1.5,
}


@pytest.mark.parametrize("liar", LIARS)
def test_a_cheap_answer_earns_nothing(liar: str) -> None:
    for exercise, judged in exam.with_a_liar(UNIT, LIARS[liar]):
        assert points(judged) == 0, exercise.name


# ----------------------------------------------------------------------- right in any reasonable style
def attention_by_queries(Q: Any, K: Any, V: Any, mask: Any = None) -> Any:
    """Attention in loops, a query at a time, over the keys that it sees; the cache is a dict."""
    out, kept = np.zeros((*Q.shape[:2], V.shape[2])), {}
    for n in range(len(Q)):
        for i in range(Q.shape[1]):
            on = np.arange(K.shape[1]) if mask is None else np.flatnonzero(mask[n, i])
            if on.size:
                s = np.array([np.dot(Q[n, i], K[n, j]) for j in on]) / K.shape[2] ** 0.5
                a = np.exp(s - np.logaddexp.reduce(s))
                out[n, i] = a @ V[n, on]
                kept[n, i] = on, a
    return out, {"kept": kept, "QKV": (Q, K, V)}


def backward_by_jacobians(dout: Any, cache: Any) -> Any:
    """Its backward pass, with the whole Jacobian of each softmax."""
    Q, K, V = cache["QKV"]
    dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
    for (n, i), (on, a) in cache["kept"].items():
        ds = (np.diag(a) - np.outer(a, a)) @ (V[n, on] @ dout[n, i]) / K.shape[2] ** 0.5
        dQ[n, i] = ds @ K[n, on]
        dK[n, on] += np.outer(ds, Q[n, i])
        dV[n, on] += np.outer(a, dout[n, i])
    return dQ, dK, dV


def backward_from_the_output(dout: Any, cache: Any) -> Any:
    """The backward pass whose coupling is taken from the output."""
    Q, K, V, A = cache
    coupling = np.einsum("nqv,nqv->nq", dout, A @ V)[..., None]
    dS = A * (np.einsum("nqv,nkv->nqk", dout, V) - coupling) * K.shape[-1] ** -0.5
    return [np.einsum("nqk,nkd->nqd", dS, K), np.einsum("nqk,nqd->nkd", dS, Q), np.einsum("nqk,nqv->nkv", A, dout)]


def heads_in_a_loop(x: Any, Wq: Any, Wk: Any, Wv: Any, Wo: Any, heads: int, mask: Any = None) -> Any:
    """Multi-head attention, a head at a time; the cache holds what its backward pass needs."""
    k, v = Wq.shape[1] // heads, Wv.shape[1] // heads
    out, kept = 0.0, []
    for h in range(heads):
        q_, k_, v_ = (x @ W[:, h * d : (h + 1) * d] for W, d in ((Wq, k), (Wk, k), (Wv, v)))
        mixed, cache = attention_by_queries(q_, k_, v_, mask)
        out = out + mixed @ Wo[h * v : (h + 1) * v]
        kept.append((mixed, cache))
    return out, (x, (Wq, Wk, Wv, Wo), kept, k, v)


def back_head_by_head(dout: Any, cache: Any) -> Any:
    x, (Wq, Wk, Wv, Wo), kept, k, v = cache
    dx, gradients = np.zeros_like(x), [np.zeros_like(W) for W in (Wq, Wk, Wv, Wo)]
    for h, (mixed, cache_of_head) in enumerate(kept):
        rows = slice(h * v, (h + 1) * v)
        gradients[3][rows] = np.tensordot(mixed, dout, ((0, 1), (0, 1)))
        three = backward_by_jacobians(dout @ Wo[rows].T, cache_of_head)
        for place, (g, W, d) in enumerate(zip(three, (Wq, Wk, Wv), (k, k, v), strict=True)):
            columns = slice(h * d, (h + 1) * d)
            dx = dx + g @ W[:, columns].T
            gradients[place][:, columns] = sum(a.T @ b for a, b in zip(x, g, strict=True))
    return (dx, *gradients)


def embedding_by_one_hots(dout: Any, cache: Any) -> Any:
    x, W = cache
    return np.einsum("ntv,ntd->vd", np.arange(len(W)) == x[..., None], dout)


def sampling_pair_by_pair(v: Any, U: Any, context: int, negatives: Any) -> Any:
    def sigma(u: Any) -> Any:
        return np.exp(-np.logaddexp(0, -u))

    loss, dv, dU = np.logaddexp(0, -U[context] @ v), -sigma(-U[context] @ v) * U[context], np.zeros_like(U)
    dU[context] -= sigma(-U[context] @ v) * v
    for k in negatives:
        loss = loss + np.logaddexp(0, U[k] @ v)
        dv = dv + sigma(U[k] @ v) * U[k]
        dU[k] += sigma(U[k] @ v) * v
    return loss, dv, dU


def encoding_by_complex_numbers(T: int, D: int) -> Any:
    turned = np.exp(1j * np.outer(np.arange(T), np.exp(-np.log(1e4) * np.arange(D // 2) * 2 / D)))
    return np.stack([turned.imag, turned.real], axis=2).reshape(T, D)


def mask_by_loops(tokens: Any, pad: int) -> Any:
    N, T = tokens.shape
    return [[[int(j <= i and tokens[n, j] != pad) for j in range(T)] for i in range(T)] for n in range(N)]


def cache_of_lists(q: Any, k: Any, v: Any, past: Any = None) -> Any:
    """Keys and values in lists that grow in place, the newest in front."""
    past = past or {"k": [], "v": []}
    past["k"].insert(0, k)
    past["v"].insert(0, v)
    s = np.stack([(q * key).sum(axis=1) for key in past["k"]]) * k.shape[1] ** -0.5
    a = np.exp(s - np.logaddexp.reduce(s, axis=0))
    return sum(w[:, None] * value for w, value in zip(a, past["v"], strict=True)), past


def online_key_by_key(m: Any, z: Any, o: Any, s: Any, v: Any) -> Any:
    """The online update, a key at a time."""
    for j in range(s.shape[1]):
        new = np.where(s[:, j] > m, s[:, j], m)
        shrink, e = np.exp(m - new), np.exp(s[:, j] - new)
        m, z, o = new, z * shrink + e, o * shrink[:, None] + np.outer(e, v[j])
    return m, z, o


def rotary_by_complex_numbers(x: Any) -> Any:
    N, T, D = x.shape
    turned = (x[..., ::2] + 1j * x[..., 1::2]) * np.exp(1j * np.outer(np.arange(T), 1e4 ** (-np.arange(0, D, 2) / D)))
    return np.stack([turned.real, turned.imag], axis=-1).reshape(N, T, D)


def norm_from_x(x: Any) -> Any:
    """The norm by a norm of numpy's; the cache is x."""
    return x / np.sqrt(np.linalg.norm(x, axis=2, keepdims=True) ** 2 / x.shape[2] + 1e-5), x


def norm_backward_from_x(dout: Any, x: Any) -> Any:
    r = np.sqrt((x * x).mean(axis=2) + 1e-5)[..., None]
    return dout / r - x * (dout * x).sum(axis=2, keepdims=True) / (x.shape[2] * r**3)


STYLES: dict[str, tuple[str, dict[str, Callable[..., Any]]]] = {
    "attention in loops": ("attention_forward", {"attention_forward": attention_by_queries}),
    "backward with Jacobians": (
        "attention_backward",
        {"attention_forward": attention_by_queries, "attention_backward": backward_by_jacobians},
    ),
    "backward from the output": ("attention_backward", {"attention_backward": backward_from_the_output}),
    "heads in a loop": ("multi_head_forward", {"multi_head_forward": heads_in_a_loop}),
    "back head by head": (
        "multi_head_backward",
        {"multi_head_forward": heads_in_a_loop, "multi_head_backward": back_head_by_head},
    ),
    "embedding by one-hots": ("word_embedding_backward", {"word_embedding_backward": embedding_by_one_hots}),
    "sampling pair by pair": ("negative_sampling_loss", {"negative_sampling_loss": sampling_pair_by_pair}),
    "encoding by complex numbers": ("positional_encoding", {"positional_encoding": encoding_by_complex_numbers}),
    "a mask of lists": ("attention_mask", {"attention_mask": mask_by_loops}),
    "a cache of lists": ("attend_with_cache", {"attend_with_cache": cache_of_lists}),
    "online, key by key": ("online_softmax_update", {"online_softmax_update": online_key_by_key}),
    "rotary by complex numbers": ("rotary_embedding", {"rotary_embedding": rotary_by_complex_numbers}),
    "heads by a stack": (
        "split_heads",
        {"split_heads": lambda x, heads: np.stack(np.split(x, heads, axis=2), axis=1)},
    ),
    "merged by a concatenation": (
        "merge_heads",
        {"merge_heads": lambda x: np.concatenate(list(np.moveaxis(x, 1, 0)), 2)},
    ),
    "norm with another cache": (
        "rms_norm_backward",
        {"rms_norm_forward": norm_from_x, "rms_norm_backward": norm_backward_from_x},
    ),
    "another formula": ("question_sampling_slope", {"question_sampling_slope": lambda: "-(1 - s)"}),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_right_answer_in_another_style_passes(style: str) -> None:
    name, answers = STYLES[style]
    judged = exam.verdicts({**exam.models(UNIT), **answers}, exercise_of(name))
    assert {note for v in judged for note in v.notes} <= {"list_for_array", "integer_dtype", "mutation"}
    assert [(v.check.name, v.status, v.fact) for v in judged if v.status != "passed"] == []


def test_a_block_that_works_without_the_functions_of_the_unit_passes() -> None:
    """All in one function each: the cache holds x alone, and the backward pass goes through the forward pass again."""
    models = exam.models(UNIT)

    def forward(x: Any, *weights: Any) -> Any:
        return models["transformer_block_forward"](x, *weights)[0], (x, *weights)

    def backward(dout: Any, cache: Any) -> Any:
        return models["transformer_block_backward"](dout, models["transformer_block_forward"](*cache)[1])

    answers = {**models, "transformer_block_forward": forward, "transformer_block_backward": backward}
    judged = exam.verdicts(answers, exercise_of("transformer_block_backward"))
    assert [(v.check.name, v.fact) for v in judged if v.status != "passed"] == []


# ------------------------------------------------------------------------------------ the cases
@pytest.mark.parametrize(
    "name",
    [
        "word_embedding_backward",
        "attention_backward",
        "rms_norm_backward",
        "multi_head_backward",
        "transformer_block_backward",
    ],
)
def test_every_cache_of_a_case_comes_from_a_real_forward_pass(name: str) -> None:
    exercise = exercise_of(name)
    forward = getattr(attention, name.replace("_backward", "_forward"))

    def same(a: Any, b: Any) -> bool:
        if isinstance(a, tuple):
            return len(a) == len(b) and all(map(same, a, b))
        return np.array_equal(a, b)

    for case in exam.bench(UNIT).cases(exercise):
        arguments = [v for k, v in case.inputs.items() if k != "dout" and not isinstance(v, str)]
        with np.errstate(all="ignore"):
            assert same(case.documented, forward(*arguments)[1])


def cases_of(name: str) -> list[Case]:
    return exam.bench(UNIT).cases(exercise_of(name))


def test_no_blindness_passes_the_cases_of_attention() -> None:
    """One feature, one key, equal sizes and open masks stand beside cases in which no two sizes agree."""
    inputs = [case.inputs for case in cases_of("attention_backward")]
    sizes = [(*i["Q"].shape, i["K"].shape[1], i["V"].shape[2]) for i in inputs]
    apart = [i for i, s in zip(inputs, sizes, strict=True) if len(set(s)) == 5 and min(s) > 1]
    masks = [i["mask"] for i in apart if not isinstance(i["mask"], str)]
    assert len(apart) >= 8
    assert sum(not m.all() and m.any() for m in masks) >= 5
    assert sum(not m.any(axis=2).all() for m in masks) >= 3
    assert any(isinstance(i["mask"], str) for i in inputs)


INVARIANTS = [(e, i) for e in catalogue().unit(UNIT).exercises for i in e.invariants]


@pytest.mark.parametrize(("exercise", "invariant"), INVARIANTS, ids=[f"{e.short}-{i.name}" for e, i in INVARIANTS])
def test_an_invariant_holds_of_the_right_answer_and_not_of_some_mistake(
    exercise: Exercise, invariant: Invariant
) -> None:
    def off(outputs: Any, inputs: Any) -> Any:
        named = dict(zip(exercise.outputs, outputs, strict=True))
        return np.abs(np.asarray(invariant.residual(inputs, named))).max(initial=0.0)

    ground, broken = exam.bench(UNIT), set()
    ordinary = [case for case in ground.cases(exercise) if case.regime == "randn" and not case.recipe.edits]
    assert len(ordinary) >= 3
    for case in ordinary:
        assert case.expected is not None
        right = [expected.value for expected in case.expected]
        size = max(1.0, *(np.abs(value).max() for value in right))
        assert off(right, case.inputs) < 1e-11 * size**2
        for mistake in exercise.mistakes:
            outputs = ground.wrong_answer(exercise, mistake.name, mistake.answer, case)
            fits = outputs is not None and all(
                np.shape(o) == np.shape(r) and np.isfinite(o).all() for o, r in zip(outputs, right, strict=True)
            )
            if fits and off(outputs, case.inputs) > 1e-3:
                broken.add(mistake.name)
    assert broken


def test_tokens_and_negatives_are_repeated() -> None:
    lookups = [case.inputs["x"] for case in cases_of("word_embedding_backward")]
    assert sum(x.size > len(np.unique(x)) for x in lookups) > len(lookups) / 2
    assert sum(any(len(set(row.tolist())) < len(row) for row in x) for x in lookups) > len(lookups) / 3
    drawn_words = [case.inputs for case in cases_of("negative_sampling_loss")]
    assert sum(len(i["negatives"]) > len(np.unique(i["negatives"])) for i in drawn_words) > len(drawn_words) / 3
    assert all(i["context"] not in i["negatives"] for i in drawn_words)


# ------------------------------------------------------------------------------ what is said is true
def test_step_by_step_gives_what_the_full_pass_gives() -> None:
    q, k, v = drawn((2, 7, 3), (2, 7, 3), (2, 7, 4), seed=9)
    full = attention.attention_forward(q, k, v, attention.attention_mask(np.ones((2, 7)), 0))[0]
    past: tuple[Any, ...] = ()
    for t in range(7):
        out, *past = attention.attend_with_cache(q[:, t], k[:, t], v[:, t], *past)
        np.testing.assert_allclose(out, full[:, t], rtol=1e-13)


@pytest.mark.parametrize("block", [1, 3, 4, 10])
def test_block_by_block_gives_what_one_softmax_gives(block: int) -> None:
    s, v = 1000 * drawn((5, 10), seed=10)[0], drawn((10, 4), seed=11)[0]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    m, z, o = np.full(5, -np.inf), np.zeros(5), np.zeros((5, 4))
    for start in range(0, 10, block):
        m, z, o = attention.online_softmax_update(m, z, o, s[:, start : start + block], v[start : start + block])
    np.testing.assert_allclose(o / z[:, None], e @ v / e.sum(axis=1, keepdims=True), rtol=1e-13)


def test_a_row_that_is_off_gives_nothing_and_hands_nothing_on() -> None:
    dQ, _, dV = attention.attention_backward(DOUT, CACHE)
    assert not MASK[0, 1].any()
    assert not attention.attention_forward(Q, K, V, MASK)[0][0, 1].any()
    assert not dQ[0, 1].any()
    other = DOUT.copy()
    other[0, 1] += 5.0
    np.testing.assert_array_equal(dV, attention.attention_backward(other, CACHE)[2])


def test_heads_are_split_and_merged_without_a_trace() -> None:
    (x,) = drawn((2, 5, 12), seed=12)
    assert np.array_equal(attention.merge_heads(attention.split_heads(x, 3)), x)


def test_a_rotary_product_knows_the_distance_alone() -> None:
    q, k = (np.broadcast_to(row, (1, 9, 6)) for row in drawn((6,), (6,), seed=13))
    s = attention.rotary_embedding(q)[0] @ attention.rotary_embedding(k)[0].T
    np.testing.assert_allclose(s[3:, 3:], s[:-3, :-3], rtol=1e-12)


def test_the_predictions_come_true() -> None:
    out, _ = attention.attention_forward(Q[:1, :1], np.ones((1, 3, 6)), np.array([[[1.0], [2.0], [6.0]]]))
    np.testing.assert_allclose(out, attention.prediction_equal_keys(), rtol=1e-12)
    one = attention.attention_forward(np.ones((1, 1, 4)), np.full((1, 1, 4), 2.0), np.full((1, 1, 1), 3.0))[1]
    assert attention.attention_backward(np.full((1, 1, 1), 5.0), one)[0][0, 0, 0] == attention.prediction_one_key()
    q, k = drawn((200_000, 64), (200_000, 64), seed=14)
    assert abs((q * k).sum(axis=1).std() - attention.prediction_score_size()) < 0.05


def test_what_the_questions_say_of_order_is_so() -> None:
    (x,) = drawn((1, 4, 5), seed=15)
    x[0, 3] = x[0, 0]
    weights = drawn((5, 6), (5, 6), (5, 6), (6, 5), seed=16)
    out, _ = attention.multi_head_forward(x, *weights, 2)
    swapped, _ = attention.multi_head_forward(x[:, [0, 2, 1, 3]], *weights, 2)
    np.testing.assert_allclose(swapped[:, [0, 2, 1, 3]], out, rtol=1e-12)
    np.testing.assert_allclose(out[0, 3], out[0, 0], rtol=1e-12)
    causal, _ = attention.multi_head_forward(x, *weights, 2, attention.attention_mask(np.ones((1, 4)), 0))
    assert not np.allclose(causal[0, 3], causal[0, 0])


def test_the_line_of_the_question_loses_gradients() -> None:
    dW, x = np.zeros((9, 2)), np.array([7, 1, 7, 7])
    dW[x] += np.arange(8.0).reshape(4, 2)
    assert dW[7].tolist() == [6.0, 7.0]  # that of the last place
    assert attention.question_embedding() == "b"


def test_the_run_has_learnt_where_to_look() -> None:
    tokens = np.random.default_rng(7).integers(0, 5, (24, 8))
    Wq, Wk = attention.train_previous_token(tokens, 0)
    fresh = np.random.default_rng(99).integers(0, 5, (10, 8))
    X = np.concatenate([np.eye(5)[fresh], np.broadcast_to(np.eye(8), (10, 8, 8))], axis=-1)
    _, (*_, A) = attention.attention_forward(X @ Wq, X @ Wk, np.eye(5)[fresh], attention.attention_mask(fresh, -1))
    assert np.mean([A[:, t, t - 1].mean() for t in range(1, 8)]) > 0.8
