"""The engine beside PyTorch, in float64: values, cotangents, second derivatives of what both have, and where conventions part."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest
from torch_rows import ROWS, F, Function, torch

from reference.autodiff import PRIMITIVES, grad, max_pool2d, vjp

WITHOUT_A_PEER: dict[str, str] = {}
"""Primitives that PyTorch has no counterpart of, each with the reason: none at present (its cube root is a power)."""
NAN_THERE = ("logaddexp.far",)
"""Where a second derivative of PyTorch's is not a number, though the function has one."""


def agree(a: Any, b: Any) -> bool:
    """To 1e-12 of the largest entry (of what is not tiny throughout)."""
    a, b = np.asarray(a), np.asarray(b)
    scale = max(1e-2, np.abs(b).max(initial=0.0))
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= 1e-12 * scale))


@pytest.mark.parametrize(("name", "ours", "theirs", "shapes", "where"), ROWS, ids=[row[0] for row in ROWS])
def test_values_cotangents_and_second_derivatives_agree(name, ours, theirs, shapes, where) -> None:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    points = [np.asarray((where or (lambda x: x))(rng.standard_normal(shape))) for shape in shapes]
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in points]
    value, pull = vjp(ours, *points)
    expected = theirs(*tensors)
    assert agree(value, expected.detach())
    u = rng.standard_normal(np.shape(value))
    back = torch.autograd.grad(expected, tensors, torch.tensor(u, dtype=torch.float64), create_graph=True)
    first = pull(u)
    for one, other in zip(first, back, strict=True):
        assert agree(one, other.detach())

    directions = [rng.standard_normal(shape) for shape in shapes]
    along = sum((torch.tensor(v) * g).sum() for v, g in zip(directions, back, strict=True))
    twice = vjp(lambda *xs: sum(np.sum(v * g) for v, g in zip(directions, vjp(ours, *xs)[1](u), strict=True)), *points)
    theirs_twice = (
        torch.autograd.grad(along, tensors, allow_unused=True) if along.requires_grad else [None] * len(tensors)
    )
    for x, one, other in zip(points, twice[1](1.0), theirs_twice, strict=True):
        expected = np.zeros(x.shape) if other is None else other.numpy(force=True)
        known = np.isfinite(expected)
        assert np.all(known) or name.startswith(NAN_THERE)
        assert agree(np.where(known, one, 0.0), np.where(known, expected, 0.0))
        assert np.all(np.isfinite(one))


def test_every_primitive_has_a_peer_or_a_reason() -> None:
    compared = {name.partition(".")[0] for name, *_ in ROWS}
    with_rules = {name for name, primitive in PRIMITIVES.items() if primitive.vjp}
    assert with_rules - compared - set(WITHOUT_A_PEER) == set(), "compare it in a table above, or say why not"
    assert compared & set(WITHOUT_A_PEER) == set()
    assert set(WITHOUT_A_PEER) <= set(PRIMITIVES)


ONES, FIRST = np.ones((1, 1, 2, 2)), [[[[1.0, 0.0], [0.0, 0.0]]]]
CONVENTIONS: list[tuple[str, Function, Function, Any, Any, Any]] = [
    # What, ours, theirs, at, our gradient, PyTorch's. Any point of the convex hull of the slopes nearby is right (Clarke 1975).
    ("a maximum of tied entries", np.max, torch.amax, [1.0, 1.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.5, 0.0]),
    ("the entry that max(dim) finds", np.max, lambda x: x.max(0).values, [1.0, 1.0, 0.0], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]),
    ("maximum", lambda x: np.maximum(x, 2.0), lambda x: torch.maximum(x, torch.tensor(2.0)), 2.0, 0.5, 0.5),
    ("relu at 0", lambda x: np.maximum(x, 0.0), torch.relu, 0.0, 0.5, 0.0),
    ("a modulus at 0", np.abs, torch.abs, 0.0, 0.0, 0.0),
    ("clip at its bound", lambda x: np.clip(x, -1.0, 1.0), lambda x: x.clamp(-1.0, 1.0), 1.0, 0.5, 1.0),
    ("a tied window", lambda x: np.sum(max_pool2d(x, 2)), lambda x: F.max_pool2d(x, 2).sum(), ONES, ONES / 4, FIRST),
    ("x to the 0 at 0", lambda x: x**0.0, lambda x: x**0.0, 0.0, 0.0, 0.0),
    ("0 to the x", lambda x: 0.0**x, lambda x: torch.tensor(0.0, dtype=torch.float64) ** x, 2.0, 0.0, 0.0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "theirs", "at", "our", "their"), [c[1:] for c in CONVENTIONS], ids=[c[0] for c in CONVENTIONS]
)
def test_conventions_at_kinks(ours: Function, theirs: Function, at: Any, our: Any, their: Any) -> None:
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    theirs(x).backward()
    assert np.array_equal(grad(ours)(np.asarray(at) if np.ndim(at) else at), our)
    assert np.array_equal(x.grad, their)


def test_the_norm_has_no_derivative_at_0_and_says_so() -> None:
    """PyTorch answers 0 there, without a word."""
    with pytest.warns(RuntimeWarning, match="divide by zero|invalid value"):
        assert np.all(np.isnan(grad(np.linalg.norm)(np.zeros(2))))
