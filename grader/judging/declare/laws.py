"""The laws that many exercises share: relations that every right answer satisfies whatever the numbers.

A law is passed by the zero function too; its points count only once a value check passes (see ``checks.score``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

__all__ = ["linear_in_upstream", "rows_sum_to_one", "shift_invariant"]

Pair = tuple[Any, Any]
"""Two arrays that are equal for every right answer."""


class Run(Protocol):
    """Asks a function for its outputs by name, with some of its inputs changed; ``upstream`` are its upstream gradients."""

    @property
    def upstream(self) -> tuple[str, ...]:
        """Return the names of its upstream gradients."""
        ...

    def __call__(self, **changes: Any) -> dict[str, Any]:
        """Return the outputs."""
        ...


def linear_in_upstream(run: Run, inputs: dict[str, Any]) -> Iterable[Pair]:
    """Yield the pairs of the law that a backward pass is linear in the upstream gradient: B(2a + b) = 2·B(a) + B(b)."""
    a = {name: inputs[name] for name in run.upstream}
    b = {name: np.roll(value.ravel(), 1).reshape(value.shape) - 0.5 for name, value in a.items()}
    both, of_a, of_b = run(**{name: 2 * a[name] + b[name] for name in a}), run(**a), run(**b)
    for name in both:
        yield both[name], 2 * of_a[name] + of_b[name]


def shift_invariant(run: Run, inputs: dict[str, Any]) -> Iterable[Pair]:
    """Yield the pairs of the law that adding a constant to a row of logits changes nothing."""
    here, moved = run(), run(x=inputs["x"] + 3.0)
    for name in here:
        yield here[name], moved[name]


def rows_sum_to_one(run: Run, inputs: dict[str, Any]) -> Iterable[Pair]:  # noqa: ARG001 - a law's signature
    """Yield the pair of the law that each row of the output is a probability distribution."""
    (out,) = run().values()
    yield out.sum(axis=-1), np.ones(out.shape[:-1])
