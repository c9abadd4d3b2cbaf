"""Unit `convolution`: the curriculum and its table, right answers of every style, what no case may be blind to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.bank.convolution.training import edges
from grader.judging import Case, points, run_locally
from reference import convolution

UNIT = "convolution"
COVERS = {
    "conv forward, naive loops, any stride and padding": "conv_forward_naive",
    "conv backward": "conv_backward_naive",
    "max pooling with overlapping windows, forward": "max_pool_forward_naive",
    "max pooling, backward": "max_pool_backward_naive",
    "average pooling, forward": "avg_pool_forward_naive",
    "average pooling, backward": "avg_pool_backward_naive",
    "im2col": "im2col",
    "im2col equals the loops": "conv_im2col",
    "col2im as the adjoint of im2col": "col2im",
    "1-d convolution as a banded matrix": "conv1d_matrix",
    "transposed convolution as the adjoint": "conv_transpose",
    "dilation, forward": "conv_dilated_forward",
    "dilation, backward": "conv_dilated_backward",
    "the size of the output": "conv_output_size",
    "the average over a channel": "global_avg_pool_backward",
    "receptive field": "receptive_field",
    "a run: a filter that finds edges": "learn_filter",
    "a planted fault": "depthwise_backward",
    "a test to write": "is_conv_backward",
    "a prediction": "prediction_bias_gradient",
    "a prediction of a receptive field": "prediction_receptive_field",
    "a question with a choice": "question_flip",
    "a question with several": "question_shifts",
    "a question with a number": "question_parameters",
    "a question that matches symptoms with mistakes": "question_symptoms",
    "a question with a formula": "question_same_padding",
}
"""Each line of the curriculum, of the issue and of the table, with the exercise that asks for it."""
DECLARED = {
    "flipped kernel, forward": ("conv_forward_naive", "flips_the_filter"),
    "flipped kernel, backward: dw exact": ("conv_backward_naive", "sends_back_through_a_flipped_filter"),
    "cropped at 0: dw exact": ("conv_backward_naive", "crops_at_zero"),
    "stride forgotten: exact at stride 1": ("conv_backward_naive", "goes_back_by_one_pixel"),
    "stride forgotten, forward": ("conv_forward_naive", "moves_by_one_pixel"),
    "`=` for `+=`: exact while windows do not overlap": ("conv_backward_naive", "overwrites_where_windows_overlap"),
    "height and width swapped": ("conv_forward_naive", "swaps_height_and_width"),
    "height and width swapped in dw": ("conv_backward_naive", "swaps_height_and_width_of_dw"),
    "average pool divides by what lies inside the image": ("avg_pool_forward_naive", "divides_by_what_lies_inside"),
    "max-pool backward with `=`": ("max_pool_backward_naive", "overwrites_whole_windows"),
    "dw wrong when stride ≠ 1": ("conv_backward_naive", "forgets_the_stride_in_dw"),
}
"""The mistakes that the table and the list of public solutions name, each with its exercise."""


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_curriculum_has_its_exercise(line: str) -> None:
    assert catalogue().exercise(f"{UNIT}.{COVERS[line]}").points > 0


def test_what_covers_nothing_is_the_forward_half_of_a_layer_or_a_question() -> None:
    asked = {e.short for e in catalogue().unit(UNIT).exercises}
    rest = {name for name in asked - set(COVERS.values()) if not name.endswith("_forward") and "question_" not in name}
    assert rest == set()


@pytest.mark.parametrize("mistake", DECLARED)
def test_each_mistake_of_the_table_is_declared(mistake: str) -> None:
    exercise, name = DECLARED[mistake]
    assert name in [m.name for m in catalogue().exercise(f"{UNIT}.{exercise}").mistakes]


def cases_of(name: str) -> tuple[Case, ...]:
    return exam.bench(UNIT).cases(catalogue().exercise(f"{UNIT}.{name}"))


def agree(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-9, atol=1e-9 * (1 + np.abs(b).max(initial=0))))


# ------------------------------------------------------------------------------------- what the cases show
def test_cases_have_strides_that_do_not_divide_windows_that_overlap_and_padding_beyond_the_window() -> None:
    seen = [
        (*c.inputs["x"].shape[2:], *c.inputs["w"].shape[2:], *c.inputs["conv_param"].values())
        for c in cases_of("conv_backward_naive")
    ]
    assert {pad for *_, pad in seen} == {0, 1, 2}
    assert {stride for *_, stride, _ in seen} == {1, 2, 3}
    assert any((H + 2 * P - HH) % S for H, _, HH, _, S, P in seen)
    assert any((W + 2 * P - WW) % S for _, W, _, WW, S, P in seen)
    assert any(max(HH, WW) < S for *_, HH, WW, S, _ in seen) or any(min(HH, WW) < S for *_, HH, WW, S, _ in seen)
    assert any(min(HH, WW) > S for *_, HH, WW, S, _ in seen)
    assert any(min(HH, WW) < P for *_, HH, WW, _, P in seen)
    assert all(H != W for H, W, *_ in seen)
    assert all(HH != WW for *_, HH, WW, _, _ in seen)


def test_ties_are_pairs_in_windows_that_overlap_and_whole_windows_elsewhere() -> None:
    cases = [c for c in cases_of("max_pool_backward_naive") if c.regime in ("ties", "integers")]
    assert any((c.inputs["x"][0] == 0).all() for c in cases)
    assert any(np.unique(c.inputs["x"]).size > c.inputs["x"].size // 4 for c in cases)
    for case in cases_of("max_pool_backward_naive"):
        if case.regime not in ("ties", "integers"):
            assert np.unique(case.inputs["x"]).size == case.inputs["x"].size


@pytest.mark.parametrize(
    "name", ["conv_backward_naive", "conv_dilated_backward", "max_pool_backward_naive", "avg_pool_backward_naive"]
)
def test_a_cache_comes_from_a_real_forward_pass(name: str) -> None:
    forward = getattr(convolution, name.replace("backward", "forward"))
    for case in cases_of(name):
        out, cache = forward(*(v for k, v in case.inputs.items() if k != "dout"))
        assert case.inputs["dout"].shape == out.shape
        assert case.documented is not None
        assert all(np.array_equal(a, b) for a, b in zip(case.documented, cache, strict=True))


# ----------------------------------------------------------------------------------------------- witnesses
def test_the_adjoint_identities_hold_for_every_case() -> None:
    """⟨im2col(x), y⟩ = ⟨x, col2im(y)⟩, and ⟨conv(u), x⟩ = ⟨u, conv_transpose(x)⟩."""
    for case in cases_of("im2col"):
        x, *window = case.inputs.values()
        cols = convolution.im2col(x, *window)
        y = np.random.default_rng(case.recipe.seed).standard_normal(cols.shape)
        back = convolution.col2im(y, x.shape, *window)
        assert np.isclose(np.sum(cols * y), np.sum(x * back), rtol=1e-9, atol=1e-9 * np.abs(cols * y).sum())
    for case in cases_of("conv_transpose"):
        x, w, conv_param = case.inputs.values()
        out = convolution.conv_transpose(x, w, conv_param)
        u = np.random.default_rng(case.recipe.seed).standard_normal(out.shape)
        there = convolution.conv_forward_naive(u, w, np.zeros(len(w)), conv_param)[0]
        assert np.isclose(np.sum(there * x), np.sum(u * out), rtol=1e-9, atol=1e-9 * np.abs(there * x).sum())


def test_the_transposed_convolution_is_what_the_backward_pass_does_to_dout() -> None:
    for case in cases_of("conv_transpose"):
        x, w, conv_param = case.inputs.values()
        out = convolution.conv_transpose(x, w, conv_param)
        cache = (np.zeros_like(out), w, np.zeros(len(w)), conv_param)
        assert agree(convolution.conv_backward_naive(x, cache)[0], out)


def test_a_dilation_of_one_is_the_plain_convolution_and_the_product_is_the_loops() -> None:
    for case in cases_of("conv_forward_naive"):
        x, w, b, conv_param = case.inputs.values()
        out = convolution.conv_forward_naive(x, w, b, conv_param)[0]
        assert agree(convolution.conv_dilated_forward(x, w, b, {**conv_param, "dilation": 1})[0], out)
        assert agree(convolution.conv_im2col(x, w, b, conv_param), out)


def test_the_banded_matrix_is_numpys_correlation() -> None:
    for case in cases_of("conv1d_matrix"):
        w, size, stride = case.inputs["w"], case.inputs["size"], case.inputs["stride"]
        stride = 1 if isinstance(stride, str) else stride
        x = np.random.default_rng(case.recipe.seed).standard_normal(size)
        assert agree(convolution.conv1d_matrix(w, size, stride) @ x, np.correlate(x, w, "valid")[::stride])


def test_sizes_and_receptive_fields_are_those_that_are_seen() -> None:
    for case in cases_of("conv_output_size"):
        given = {k: v for k, v in case.inputs.items() if not isinstance(v, str)}
        size, kernel, stride, pad, dilation = ({"stride": 1, "pad": 0, "dilation": 1, **given}[k] for k in case.inputs)
        starts = range(0, size + 2 * pad, stride)
        fits = sum(start + dilation * (kernel - 1) < size + 2 * pad for start in starts)
        assert convolution.conv_output_size(**given) == fits
    for case in cases_of("receptive_field"):
        kernels, strides = case.inputs.values()
        reached = np.array([0])
        for kernel, stride in zip(reversed(kernels), reversed(strides), strict=True):
            reached = np.unique(reached[:, None] * stride + np.arange(kernel))
        assert convolution.receptive_field(kernels, strides) == len(reached)


@pytest.mark.parametrize(
    "name", ["conv_backward_naive", "conv_dilated_backward", "avg_pool_backward_naive", "max_pool_backward_naive"]
)
def test_central_differences_agree_with_the_gradients(name: str) -> None:
    forward = getattr(convolution, name.replace("backward", "forward"))
    rng = np.random.default_rng(1)
    for case in [c for c in cases_of(name) if c.regime == "randn" and not c.recipe.edits][:4]:
        inputs = {k: v for k, v in case.inputs.items() if k != "dout"}
        assert case.expected is not None
        for argument, expected in zip(inputs, case.expected, strict=False):
            v = rng.standard_normal(inputs[argument].shape)
            ahead, behind = (forward(**{**inputs, argument: inputs[argument] + h * v})[0] for h in (1e-6, -1e-6))
            slope = np.sum(case.inputs["dout"] * (ahead - behind)) / 2e-6
            assert np.isclose(
                slope, np.sum(expected.value * v), rtol=1e-5, atol=1e-5 * np.abs(case.inputs["dout"]).sum()
            )


# ------------------------------------------------------------------------------- right in any reasonable style
def six_loops(x: Any, w: Any, b: Any, conv_param: Any) -> Any:
    """The convolution, one entry at a time, as the formula stands."""
    S, P = conv_param["stride"], conv_param["pad"]
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    OH, OW = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
    out = np.zeros((N, F, OH, OW))
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        out[n, f, i, j] = b[f]
        for c, p, q in np.ndindex(C, HH, WW):
            row, column = i * S + p - P, j * S + q - P
            if 0 <= row < H and 0 <= column < W:
                out[n, f, i, j] += w[f, c, p, q] * x[n, c, row, column]
    return out, (x, w, b, conv_param)


def gathering(dout: Any, cache: Any) -> Any:
    """The gradients, each entry gathering what it is due; a list comes back."""
    x, w, b, conv_param = cache
    S, P = conv_param["stride"], conv_param["pad"]
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for f, i, j in np.ndindex(*dout.shape[1:]):
        for p, q in np.ndindex(*w.shape[2:]):
            row, column = i * S + p - P, j * S + q - P
            if 0 <= row < x.shape[2] and 0 <= column < x.shape[3]:
                dx[:, :, row, column] += np.outer(dout[:, f, i, j], w[f, :, p, q])
                dw[f, :, p, q] += dout[:, f, i, j] @ x[:, :, row, column]
        db[f] += np.sum(dout[:, f, i, j])
    return [dx, dw, db]


def pool_loops(tie: str) -> Callable[[Any, Any], Any]:
    """Max pooling's gradient by loops, with a tie going to the first, to the last, or to all in equal shares."""

    def backward(dout: Any, cache: Any) -> Any:
        x, pool_param = cache
        S = pool_param["stride"]
        dx = np.zeros_like(x)
        for n, c, i, j in np.ndindex(*dout.shape):
            at = np.s_[n, c, i * S : i * S + pool_param["pool_height"], j * S : j * S + pool_param["pool_width"]]
            largest = np.argwhere(x[at] == x[at].max())
            chosen = {"first": largest[:1], "last": largest[-1:], "shared": largest}[tie]
            for p, q in chosen:
                dx[at][p, q] += dout[n, c, i, j] / len(chosen)
        return dx

    return backward


def loops_of_im2col(x: Any, height: int, width: int, stride: int, pad: int) -> Any:
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = []
    for n in range(len(x)):
        for i in range(0, xp.shape[2] - height + 1, stride):
            for j in range(0, xp.shape[3] - width + 1, stride):
                rows.append(xp[n, :, i : i + height, j : j + width].ravel())
    return rows


def scattered(cols: Any, x_shape: Any, height: int, width: int, stride: int, pad: int) -> Any:
    """col2im by the numbers of the pixels, and one np.add.at."""
    numbers = np.arange(1, 1 + int(np.prod(x_shape)), dtype=float).reshape(x_shape)
    where = np.array(loops_of_im2col(numbers, height, width, stride, pad)).astype(int)
    flat = np.zeros(1 + numbers.size)
    np.add.at(flat, where.ravel(), cols.ravel())
    return flat[1:].reshape(x_shape)


def conv_im2col(x: Any, w: Any, b: Any, conv_param: Any) -> Any:
    """The convolution by index arrays, without a loop."""
    S, P = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    i = S * np.arange((xp.shape[2] - w.shape[2]) // S + 1)[:, None] + np.arange(w.shape[2])
    j = S * np.arange((xp.shape[3] - w.shape[3]) // S + 1)[:, None] + np.arange(w.shape[3])
    windows = xp[:, :, i[:, None, :, None], j[None, :, None, :]]
    return np.tensordot(w, windows, axes=([1, 2, 3], [1, 4, 5])).transpose(1, 0, 2, 3) + b.reshape(1, -1, 1, 1)


def spread(x: Any, w: Any, conv_param: Any) -> Any:
    """The transposed convolution as a convolution of entries that are spread out."""
    S, P = conv_param["stride"], conv_param["pad"]
    N, F, H, W = x.shape
    HH, WW = w.shape[2:]
    wide = np.zeros((N, F, S * (H - 1) + 1, S * (W - 1) + 1))
    wide[:, :, ::S, ::S] = x
    turned = np.ascontiguousarray(w.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1])
    wide = np.pad(wide, ((0, 0), (0, 0), (HH - 1, HH - 1), (WW - 1, WW - 1)))
    out = conv_im2col(wide, turned, np.zeros(len(turned)), {"stride": 1, "pad": 0})
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


def learnt_by_layers(x: Any, y: Any, seed: int) -> Any:
    w = np.random.default_rng(seed).standard_normal((1, 1, 3, 3))
    for _ in range(200):
        out, cache = convolution.conv_forward_naive(x, w, np.zeros(1), {"stride": 1, "pad": 1})
        w = w - 0.3 * convolution.conv_backward_naive(2 * (out - y) / y.size, cache)[1]
    return w


STYLES: dict[str, tuple[str, Callable[..., Any]]] = {
    "six loops": ("conv_forward_naive", six_loops),
    "gathering": ("conv_backward_naive", gathering),
    "ties to the first": ("max_pool_backward_naive", pool_loops("first")),
    "ties to the last": ("max_pool_backward_naive", pool_loops("last")),
    "ties shared": ("max_pool_backward_naive", pool_loops("shared")),
    "rows one by one": ("im2col", loops_of_im2col),
    "np.add.at": ("col2im", scattered),
    "index arrays": ("conv_im2col", conv_im2col),
    "spread out": ("conv_transpose", spread),
    "by the layers": ("learn_filter", learnt_by_layers),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_right_answer_of_any_style_passes(style: str) -> None:
    name, answer = STYLES[style]
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    judged = exam.verdicts({**exam.models(UNIT), name: answer}, exercise)
    assert [(v.check.name, v.fact) for v in judged if v.status != "passed"] == []


WITH_A_LOOP_BELOW = """
import numpy as np

def im2col(x, height, width, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = []
    for n in range(len(x)):
        for i in range(0, xp.shape[2] - height + 1, stride):
            for j in range(0, xp.shape[3] - width + 1, stride):
                rows.append(xp[n, :, i : i + height, j : j + width].ravel())
    return np.array(rows)

def conv_im2col(x, w, b, conv_param):
    cols = im2col(x, w.shape[2], w.shape[3], **conv_param)
    columns = 1 + (x.shape[3] + 2 * conv_param["pad"] - w.shape[3]) // conv_param["stride"]
    out = (cols @ w.reshape(len(w), -1).T + b).reshape(len(x), -1, columns, len(w))
    return np.moveaxis(out, 3, 1)
"""


def test_a_product_without_a_loop_that_calls_an_im2col_with_one_earns_its_values_alone() -> None:
    written: dict[str, Any] = {}
    exec(WITH_A_LOOP_BELOW, written)
    exercise = catalogue().exercise(f"{UNIT}.conv_im2col")
    judged = exam.ground(UNIT).verdicts({**exam.models(UNIT), **written}, exercise, source=WITH_A_LOOP_BELOW)
    assert {v.check.kind: v.status for v in judged if v.check.points} == {"value": "passed", "source": "wrong"}


# --------------------------------------------------------------------------------------- wrong in one place
def only(broken: Callable[..., Any], right: Callable[..., Any], where: Callable[..., bool]) -> Callable[..., Any]:
    """An answer that is wrong where ``where`` says, and right elsewhere."""
    return lambda *args: (broken if where(*args) else right)(*args)


def halved(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(*args: Any) -> Any:
        answer = right(*args)
        return tuple(0.5 * a for a in answer) if isinstance(answer, tuple) else 0.5 * answer

    return wrong


BLIND: dict[str, tuple[str, Callable[..., bool]]] = {
    "stride 3": ("conv_backward_naive", lambda dout, cache: cache[3]["stride"] == 3),
    "pad 2": ("conv_backward_naive", lambda dout, cache: cache[3]["pad"] == 2),
    "rows left out": (
        "conv_backward_naive",
        lambda dout, cache: (cache[0].shape[2] + 2 * cache[3]["pad"] - cache[1].shape[2]) % cache[3]["stride"] > 0,
    ),
    "a filter higher than wide": ("conv_backward_naive", lambda dout, cache: cache[1].shape[2] > cache[1].shape[3]),
    "a filter wider than high": ("conv_backward_naive", lambda dout, cache: cache[1].shape[2] < cache[1].shape[3]),
    "one image": ("conv_backward_naive", lambda dout, cache: len(dout) == 1),
    "windows apart": ("max_pool_backward_naive", lambda dout, cache: cache[1]["stride"] > cache[1]["pool_width"]),
    "windows that overlap in both ways": (
        "max_pool_backward_naive",
        lambda dout, cache: cache[1]["stride"] < min(cache[1]["pool_height"], cache[1]["pool_width"]),
    ),
    "dilation 3": ("conv_dilated_backward", lambda dout, cache: cache[3]["dilation"] == 3),
}


@pytest.mark.parametrize("place", BLIND)
def test_an_answer_that_is_wrong_in_one_place_alone_does_not_pass(place: str) -> None:
    name, where = BLIND[place]
    exercise, right = catalogue().exercise(f"{UNIT}.{name}"), exam.models(UNIT)[name]
    judged = exam.verdicts({**exam.models(UNIT), name: only(halved(right), right, where)}, exercise)
    assert points(judged) < exercise.points


# ------------------------------------------------------------------------------- what holds without an answer
BROKEN = {
    "conv_backward_naive": "overwrites_where_windows_overlap",
    "conv_dilated_backward": "sends_back_to_neighbours",
    "col2im": "overwrites_pixels",
    "conv_transpose": "averages_copies",
    "max_pool_backward_naive": "pays_the_whole_window",
    "avg_pool_backward_naive": "hands_on_everything",
    "global_avg_pool_backward": "divides_by_the_rows",
    "depthwise_backward": "takes_neighbours_for_dw",
}
"""By exercise with an invariant a declared mistake that breaks it."""


@pytest.mark.parametrize("name", BROKEN)
def test_an_invariant_holds_of_the_right_answer_and_not_of_a_wrong_one(name: str) -> None:
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    (invariant,) = exercise.invariants
    mistake = next(m for m in exercise.mistakes if m.name == BROKEN[name])
    breaches = 0
    for case in cases_of(name):
        sizes = [np.abs(v).sum() for v in case.inputs.values() if isinstance(v, np.ndarray)]
        for answer in (None, mistake.answer):
            outputs = dict(zip(exercise.outputs, run_locally(exercise, case.inputs, answer), strict=True))
            off = np.abs(invariant.residual(case.inputs, outputs)).max()
            small = off <= 1e-12 * max(np.abs(v).sum() for v in outputs.values()) * (1 + max(sizes))
            assert answer is not None or small
            breaches += not small
    assert breaches > 10


def test_every_invariant_is_tried() -> None:
    assert {e.short for e in catalogue().unit(UNIT).exercises if e.invariants} == set(BROKEN)


# -------------------------------------------------------------------------------------- pairs of two passes
def test_a_backward_pass_that_fits_a_flipped_forward_pass_is_paid_and_one_that_fits_nothing_is_not() -> None:
    def forward(x: Any, w: Any, b: Any, conv_param: Any) -> Any:
        return six_loops(x, w[:, :, ::-1, ::-1], b, conv_param)[0], (x, w, b, conv_param)

    def backward(dout: Any, cache: Any) -> Any:
        x, w, b, conv_param = cache
        dx, dw, db = gathering(dout, (x, w[:, :, ::-1, ::-1], b, conv_param))
        return dx, dw[:, :, ::-1, ::-1], db

    exercise = catalogue().exercise(f"{UNIT}.conv_backward_naive")
    models = exam.models(UNIT)
    both = exam.verdicts({**models, "conv_forward_naive": forward, "conv_backward_naive": backward}, exercise)
    assert points(both) > 0
    alone = exam.verdicts({**models, "conv_backward_naive": backward}, exercise)
    assert points(alone) < points(both)


def test_filters_are_learnt_to_the_one_that_made_the_examples() -> None:
    w = convolution.learn_filter(*edges())
    assert np.allclose(w[0, 0], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], atol=0.05)
