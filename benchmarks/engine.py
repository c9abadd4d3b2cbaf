"""Value and gradient of a softmax network: by hand, by the engine traced and compiled, by HIPS autograd, by PyTorch.

One BLAS thread each. Prints a table of CPU times over that of the hand-written numpy, and as its last line
``{"benchmark": "engine", "figures": {...}}`` with a list of three ratios for each, medians over rounds that take turns. A peer that
is not installed is null.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before numpy is imported, or it has no effect

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff import compiled, logsumexp, value_and_grad

SIZES = ((4, 3, 16, 3), (64, 20, 64, 10), (256, 784, 512, 10))
CALLS = (400, 150, 6)
Params = list[np.ndarray]


def by_hand(p: Params, X: np.ndarray, Y: np.ndarray) -> tuple[Any, Params]:
    """Compute both as one writes them who knows the answer."""
    before = X @ p[0] + p[1]
    hidden = np.maximum(before, 0)
    logits = hidden @ p[2] + p[3]
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    z = e.sum(axis=1, keepdims=True)
    value = -(np.log(e / z) * Y).sum() / len(X)
    up = (e / z - Y) / len(X)
    down = up @ p[2].T * (before > 0)
    return value, [X.T @ down, down.sum(axis=0), hidden.T @ up, up.sum(axis=0)]


def network(p: Params, X: np.ndarray, Y: np.ndarray) -> Any:
    """The value alone, for whoever differentiates it."""
    logits = np.maximum(X @ p[0] + p[1], 0.0) @ p[2] + p[3]
    return np.mean(logsumexp(logits) - np.sum(logits * Y, axis=1))


def with_autograd() -> Callable[..., Any] | None:
    """The same with HIPS autograd."""
    try:
        import autograd
        import autograd.numpy as anp
        from autograd.scipy.special import logsumexp as alogsumexp
    except ImportError:
        return None

    def loss(p: Params, X: np.ndarray, Y: np.ndarray) -> Any:
        logits = anp.dot(anp.maximum(anp.dot(X, p[0]) + p[1], 0.0), p[2]) + p[3]
        return anp.mean(alogsumexp(logits, axis=1) - anp.sum(logits * Y, axis=1))

    return autograd.value_and_grad(loss)  # type: ignore[no-any-return]


def with_torch() -> Callable[..., Any] | None:
    """The same with PyTorch on the CPU, in float64."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)

    def run(p: Params, X: np.ndarray, Y: np.ndarray) -> Any:
        leaves = [torch.from_numpy(a).requires_grad_() for a in p]
        logits = torch.relu(torch.from_numpy(X) @ leaves[0] + leaves[1]) @ leaves[2] + leaves[3]
        value = (torch.logsumexp(logits, 1) - (logits * torch.from_numpy(Y)).sum(1)).mean()
        value.backward()
        return value.item(), [a.grad.numpy() for a in leaves]

    return run


def example(size: tuple[int, int, int, int]) -> tuple[Params, np.ndarray, np.ndarray]:
    """Parameters, inputs and one-hot labels of one size (N, D, H, C)."""
    n, d, h, c = size
    rng = np.random.default_rng(0)
    p = [rng.standard_normal((d, h)) / np.sqrt(d), np.zeros(h), rng.standard_normal((h, c)) / np.sqrt(h), np.zeros(c)]
    return p, rng.standard_normal((n, d)), np.eye(c)[rng.integers(0, c, n)]


def cpu(f: Callable[..., Any], args: tuple[Any, ...], calls: int) -> float:
    """CPU seconds of one call."""
    started = time.process_time()
    for _ in range(calls):
        f(*args)
    return (time.process_time() - started) / calls


def main() -> None:
    """Check that all agree, then measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    traced = value_and_grad(network)
    ways: dict[str, Callable[..., Any] | None] = {
        "hand": by_hand, "traced": traced, "compiled": compiled(traced), "autograd": with_autograd(), "torch": with_torch(),
    }  # fmt: skip
    figures: dict[str, list[float] | None] = {f"{name}_over_hand": [] for name in ways if name != "hand"}
    for size, calls in zip(SIZES, CALLS, strict=True):
        args = example(size)
        value, gradient = by_hand(*args)
        for f in ways.values():
            if f is not None:
                other, slope = f(*args)
                assert np.allclose(value, other)
                assert all(np.allclose(a, b) for a, b in zip(gradient, slope, strict=True))
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, f in ways.items():
                if f is not None:
                    taken[name].append(cpu(f, args, calls))
        print(f"{size!s:22s} by hand {1e6 * statistics.median(taken['hand']):9.1f} µs CPU", end="")
        for name, times in taken.items():
            key = f"{name}_over_hand"
            if name == "hand":
                continue
            if not times:
                figures[key] = None
                continue
            ratio = statistics.median(t / h for t, h in zip(times, taken["hand"], strict=True))
            found = figures[key]
            assert found is not None
            found.append(round(ratio, 2))
            print(f"   {name} {ratio:.2f}", end="")
        print()
    print(json.dumps({"benchmark": "engine", "figures": figures}))


if __name__ == "__main__":
    main()
