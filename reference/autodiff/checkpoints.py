"""Checkpoints, memory for time: a function's inner values are forgotten on the way forward and computed again in the reverse sweep.

Source: Griewank & Walther 2008, ch. 12; Chen et al. 2016, *Training deep nets with sublinear memory cost*.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, Traced, bind, shape_of, undifferentiated
from reference.autodiff.transforms import jvp, vjp
from reference.autodiff.trees import flatten

__all__ = ["checkpoint"]


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``f`` a single operation on the tape: its reverse sweep runs ``f`` again, and then through it.

    Arguments are trees of floats and arrays, the value is one array. A chain of n steps in √n checkpointed pieces holds about 2√n
    values in place of n, for one more evaluation.

    Raises:
        TypeError: (when called) ``f`` uses a value under differentiation that is not its argument, or returns no single array.

    """

    @wraps(f)
    def run(*args: Any) -> Any:
        given, rebuild = flatten(args)
        varied = [i for i, x in enumerate(given) if isinstance(x, Traced)]
        if not varied or any(isinstance(undifferentiated(x), Traced) for x in given):
            return f(*args)  # and a program is written down in full: it has no tape to spare

        def of(*floats: Any) -> Any:
            every = list(given)
            for i, x in zip(varied, floats, strict=True):
                every[i] = x
            out = f(*rebuild(every))
            if isinstance(out, (tuple, list, dict)):
                raise TypeError(
                    "a checkpointed function returns one array: np.concatenate its parts, or checkpoint each"
                )
            if isinstance(out, Traced) and not any(isinstance(x, Traced) for x in floats):
                raise TypeError("a checkpointed function gets all that it is differentiated by as arguments")
            return out

        return bind(_piece(of), *[given[i] for i in varied])

    return run


def _piece(of: Callable[..., Any]) -> Primitive:
    """Make the whole function a primitive; all cotangents of one sweep come from one second evaluation."""
    last: list[Any] = [None, ()]

    def back(i: int, g: Any, _: Any, *args: Any) -> Any:
        if last[0] is not g:
            last[:] = g, vjp(of, *args)[1](g, last=True)
        part, done = last[1][i], i == len(args) - 1
        if done:
            last[:] = None, ()
        return part

    def forward(i: int, t: Any, _: Any, *args: Any) -> Any:
        zeros = [np.zeros(shape_of(x)) for x in args]
        return jvp(of, args, (*zeros[:i], t, *zeros[i + 1 :]))[1]

    return Primitive("checkpoint", of, forward, back)
