"""Arrays that carry a running bound on their rounding error through ordinary numpy code.

``rounding`` explains the bound; ``rules`` holds the rules by which numpy's functions move the bound.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

__all__ = ["FUNCTIONS", "PLAIN", "REDUCTIONS", "RULES", "STRUCTURAL", "Shadow", "each", "lift", "value_of"]

Array = NDArray[np.float64]
# The tables of numpy's functions on shadows: filled by ``rules``.
RULES: dict[Any, Callable[..., Shadow]] = {}
"""The rules of elementwise functions and products, on lifted operands."""
REDUCTIONS: dict[Any, Callable[..., Shadow]] = {}
"""The rules of ``ufunc.reduce``."""
FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""The rules of numpy's functions that are no ufuncs."""
STRUCTURAL: set[Any] = set()
"""The functions that move entries and compute nothing: applied to value and bound alike."""
PLAIN: set[Any] = set()
"""The functions without a rounding error in the result: comparisons, indices, shapes."""


class Shadow(NDArrayOperatorsMixin):
    """An array of ``value`` with an ``error`` bound E of the same shape, in units of the unit roundoff."""

    __slots__ = ("error", "value")
    __array_priority__ = 1000

    def __init__(self, value: Any, error: Any = None) -> None:
        self.value: Array = np.array(value, dtype=np.float64)
        self.error: Array = np.abs(self.value) if error is None else np.array(error, dtype=np.float64)
        if self.error.shape != self.value.shape:
            self.error = np.array(np.broadcast_to(self.error, self.value.shape))

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """Return the number of dimensions."""
        return self.value.ndim

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return self.value.size

    @property
    def dtype(self) -> np.dtype[np.float64]:
        """Return the dtype, always float64."""
        return self.value.dtype

    @property
    def T(self) -> Shadow:  # noqa: N802 - numpy's name
        """Return the transpose."""
        return Shadow(self.value.T, self.error.T)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, key: Any) -> Shadow:
        return Shadow(self.value[key], self.error[key])

    def __setitem__(self, key: Any, item: Any) -> None:
        item = lift(item)
        self.value[key], self.error[key] = item.value, item.error

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a model answer converts its input with np.array or np.asarray: use numpy's functions on it")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        with np.errstate(all="ignore"):
            if method == "at":
                target, index, *rest = inputs
                ufunc.at(target.value, index, *(lift(r).value for r in rest))
                np.add.at(target.error, index, *(lift(r).error for r in rest))
                target.error += np.abs(target.value)
                return None
            if method == "reduce" and ufunc in REDUCTIONS:
                return REDUCTIONS[ufunc](inputs[0], **options)
            if method != "__call__" or set(options) - {"dtype"}:
                raise TypeError(f"np.{ufunc.__name__}.{method} with {sorted(options)} has no rounding rule")
            if ufunc in PLAIN:
                return ufunc(*(value_of(i) for i in inputs))
            rule = RULES.get(ufunc)
            if rule is None:
                raise TypeError(
                    f"np.{ufunc.__name__} has no rounding rule: add one to grader/judging/numerics/rules.py"
                )
            result = rule(*(lift(i) for i in inputs))
        if out is not None:
            out[0].value[...], out[0].error[...] = result.value, result.error
            return out[0]
        return result

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            if func in FUNCTIONS:
                return FUNCTIONS[func](*args, **kwargs)
            if func in STRUCTURAL:
                value = func(*each(args, value_of), **each(kwargs, value_of))
                error = func(*each(args, _error_of), **each(kwargs, _error_of))
                if isinstance(value, (tuple, list)):
                    return [Shadow(v, e) for v, e in zip(value, error, strict=True)]
                return Shadow(value, np.abs(error))  # a plain number among the shadows came as it is, with its sign
            if func in PLAIN:
                return func(*each(args, value_of), **each(kwargs, value_of))
        raise TypeError(f"np.{func.__name__} has no rounding rule: add one to grader/judging/numerics/rules.py")

    # The methods of arrays that model answers use; each is numpy's function of the same name.
    def sum(self, axis: Any = None, keepdims: bool = False) -> Shadow:  # noqa: D102
        return np.sum(self, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]

    def mean(self, axis: Any = None, keepdims: bool = False) -> Shadow:  # noqa: D102
        return np.mean(self, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]

    def max(self, axis: Any = None, keepdims: bool = False) -> Shadow:  # noqa: D102
        return np.max(self, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]

    def min(self, axis: Any = None, keepdims: bool = False) -> Shadow:  # noqa: D102
        return np.min(self, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]

    def reshape(self, *shape: Any) -> Shadow:  # noqa: D102
        return Shadow(self.value.reshape(*shape), self.error.reshape(*shape))

    def ravel(self) -> Shadow:  # noqa: D102
        return self.reshape(-1)

    def copy(self) -> Shadow:  # noqa: D102
        return Shadow(self.value, self.error)

    def astype(self, *_: Any, **__: Any) -> Shadow:  # noqa: D102
        return self.copy()

    def dot(self, other: Any) -> Any:  # noqa: D102
        return np.matmul(self, other)


def _give_way(name: str) -> Callable[[Shadow, Any], Any]:
    """Make an operator that leaves an operand of a type that is not numpy's to that type, as an operator of a float does.

    A student's class of numbers is one: ``2.0 * Dual(...)`` calls ``Dual.__rmul__``, and so must ``Shadow(2.0) * Dual(...)``.
    """
    ours = getattr(NDArrayOperatorsMixin, name)

    def operator(self: Shadow, other: Any) -> Any:
        return ours(self, other) if isinstance(other, NUMBERS) else NotImplemented

    return operator


NUMBERS = (Shadow, np.ndarray, np.generic, int, float, list, tuple)
for _operator in ("add", "sub", "mul", "truediv", "pow", "matmul", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Shadow, f"__{_operator}__", _give_way(f"__{_operator}__"))


def value_of(x: Any) -> Any:
    """Return a shadow's value without its bound; anything else as it is."""
    return x.value if isinstance(x, Shadow) else x


def _error_of(x: Any) -> Any:
    if isinstance(x, Shadow):
        return x.error
    return np.zeros(x.shape) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x


def lift(x: Any) -> Shadow:
    """Return a shadow as it is, and a constant of the formula, which is exact, as a shadow with bound 0."""
    return x if isinstance(x, Shadow) else Shadow(x, 0.0)


def each(tree: Any, leaf: Callable[[Any], Any]) -> Any:
    """Return a nested value (dicts, tuples, lists) with every leaf ``x`` replaced by ``leaf(x)``."""
    if isinstance(tree, dict):
        return {k: each(v, leaf) for k, v in tree.items()}
    if isinstance(tree, (tuple, list)):
        return type(tree)(each(v, leaf) for v in tree)
    return leaf(tree)
