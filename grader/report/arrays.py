"""Small arrays as aligned tables: a counterexample's values, brought to two dimensions, cut to a window and formatted.

A value of a counterexample is plain data (see ``grader.result``): nested lists of numbers, a number, a string, a mapping.
Arrays among the values become a :class:`Grid`, which ``terminal`` and ``html`` each draw in their own way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from grader.report.text import inline

__all__ = [
    "MARK_LEFT",
    "MARK_RIGHT",
    "Dense",
    "Grid",
    "as_matrix",
    "as_python",
    "dense",
    "formatter",
    "grid",
    "lines",
    "plain",
]

ROWS, COLUMNS = 8, 8
MARK_LEFT, MARK_RIGHT = "▸", "◂"
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""The strings of a result's JSON for the floats that JSON cannot write."""


@dataclass(frozen=True)
class Dense:
    """An array: its shape and its entries in row-major order; ``logical`` if all of them are booleans."""

    shape: tuple[int, ...]
    values: tuple[float, ...]
    logical: bool = False

    @property
    def matrix(self) -> tuple[int, int]:
        """Return (rows, columns) with all leading axes flattened into the rows."""
        columns = self.shape[-1] if self.shape else 1
        return math.prod(self.shape[:-1]), columns

    def row_of(self, index: Sequence[int]) -> tuple[int, int] | None:
        """Return the (row, column) in :attr:`matrix` of an index into the array; None if the array has no such entry."""
        if len(index) != len(self.shape) or any(not 0 <= i < n for i, n in zip(index, self.shape, strict=True)):
            return None
        row = 0
        for i, n in zip(index[:-1], self.shape[:-1], strict=True):
            row = row * n + i
        return row, index[-1] if index else 0


@dataclass(frozen=True)
class Grid:
    """A window of an array as text: ``rows`` all of one length, ``labels`` of the rows where the array has more than two axes.

    ``shape`` is that of the whole array, ``marked`` a (row, column) of ``rows``, ``origin`` the row and column of the array's
    matrix that are shown first. ``note`` names the rows and columns that are shown, empty if all are.
    """

    shape: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...] = ()
    marked: tuple[int, int] | None = None
    note: str = ""
    origin: tuple[int, int] = (0, 0)


def dense(value: Any) -> Dense | None:
    """Read nested lists of numbers, all rows of one length, as an array; None for anything else."""
    shape = tuple(_shape(value))
    flat = list(islice(_leaves(value), 1_000_001))
    if len(flat) != math.prod(shape) or len(flat) > 1_000_000:
        return None
    numbers = [_number(leaf) for leaf in flat]
    if any(n is None for n in numbers) or not _regular(value, shape):
        return None
    logical = bool(flat) and all(isinstance(leaf, bool) for leaf in flat)
    return Dense(shape, tuple(n for n in numbers if n is not None), logical)


def _shape(value: Any) -> Iterator[int]:
    while isinstance(value, (list, tuple)):
        yield len(value)
        if not value:
            return
        value = value[0]


def _regular(value: Any, shape: tuple[int, ...]) -> bool:
    if not shape:
        return not isinstance(value, (list, tuple))
    return isinstance(value, (list, tuple)) and len(value) == shape[0] and all(_regular(v, shape[1:]) for v in value)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for v in value:
            yield from _leaves(v)
    else:
        yield value


def _number(leaf: Any) -> float | None:
    if isinstance(leaf, str):
        return WORDS.get(leaf)
    return float(leaf) if isinstance(leaf, (bool, int, float)) else None


def formatter(*arrays: Dense) -> Mapping[float, str]:
    """Choose one format for the entries of arrays that are read side by side; return the text of each finite value.

    Integers below 1e6 stay integers; else four significant digits, or as many as tell different values apart (at most six,
    the digits that a result holds).
    """
    values = {v for a in arrays for v in a.values if math.isfinite(v)}
    if all(v == int(v) and abs(v) < 1e6 for v in values):
        return {v: f"{int(v)}" for v in values}
    for digits in (4, 5, 6):
        shown = _formatted(values, digits)
        if len(set(shown.values())) == len(values):
            break
    return shown


def _formatted(values: set[float], digits: int) -> dict[float, str]:
    sizes = [abs(v) for v in values if v]
    if max(sizes) < 1e5 and min(sizes) >= 1e-3:
        decimals = max(len(f"{v:.{digits}g}".partition(".")[2]) for v in values)
        return {v: f"{v + 0.0:.{min(decimals, digits)}f}" for v in values}  # and never -0
    return {v: f"{v + 0.0:.{digits}g}" for v in values}


def _text(value: float, shown: Mapping[float, str], logical: bool) -> str:
    if logical:
        return "True" if value else "False"
    if math.isnan(value):
        return "NaN"
    return ("inf" if value > 0 else "-inf") if math.isinf(value) else shown[value]


def grid(array: Dense, shown: Mapping[float, str], worst: Sequence[int] | None = None) -> Grid:
    """Return a window of at most 8 × 8 entries around ``worst``, as text.

    Args:
        array: the array to show.
        shown: the text of each finite value, from :func:`formatter` over all arrays that are read beside this one.
        worst: index into the array of the entry to mark; None marks none and shows the first entries.

    """
    height, width = array.matrix
    place = array.row_of(worst) if worst is not None else None
    top = _start(height, ROWS, place[0] if place else 0)
    left = _start(width, COLUMNS, place[1] if place else 0)
    rows_shown, columns_shown = range(top, min(top + ROWS, height)), range(left, min(left + COLUMNS, width))
    rows = tuple(
        tuple(_text(array.values[r * width + c], shown, array.logical) for c in columns_shown) for r in rows_shown
    )
    labels = tuple(_label(array.shape[:-1], r) for r in rows_shown) if len(array.shape) > 2 else ()
    left_out = []
    if len(rows_shown) < height:
        left_out.append(f"rows {top}–{rows_shown[-1]} of {height}")
    if len(columns_shown) < width:
        left_out.append(f"columns {left}–{columns_shown[-1]} of {width}")
    note = f"{' and '.join(left_out)} are shown" if left_out else ""
    return Grid(array.shape, rows, labels, (place[0] - top, place[1] - left) if place else None, note, (top, left))


def _start(total: int, window: int, wanted: int) -> int:
    return 0 if total <= window else max(0, min(wanted - window // 2, total - window))


def _label(leading: tuple[int, ...], row: int) -> str:
    index: list[int] = []
    for n in reversed(leading):
        row, i = divmod(row, n)
        index.insert(0, i)
    return f"[{', '.join(map(str, index))}]"


def lines(shown: Grid) -> list[str]:
    """Return a grid as aligned lines of text; ▸ and ◂ around the marked entry show it without colour."""
    if not shown.rows or not shown.rows[0]:
        return ["(empty)"]
    margin = max(map(len, shown.labels), default=0)
    cells = [
        [f"{MARK_LEFT}{t}{MARK_RIGHT}" if (r, c) == shown.marked else f" {t} " for c, t in enumerate(row)]
        for r, row in enumerate(shown.rows)
    ]
    widths = [max(len(row[c]) for row in cells) for c in range(len(cells[0]))]
    labels = shown.labels or ("",) * len(cells)
    return [
        label.ljust(margin) + "".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for label, row in zip(labels, cells, strict=True)
    ]


def plain(value: Any, limit: int = 200) -> str:
    """Return a value that is no array (a string, a configuration, None) as one line of text."""
    if isinstance(value, Mapping):
        return inline(", ".join(f"{k} = {plain(v, limit)}" for k, v in value.items()) or "(empty)", limit)
    if isinstance(value, (list, tuple)):
        return inline(f"[{', '.join(plain(v, limit) for v in value[:limit])}]", limit)
    if isinstance(value, float):
        return f"{value:.6g}"
    return inline(str(value), limit)


def as_matrix(name: str, value: Any) -> list[str]:
    """Return a value of ours (an array, a number, a configuration) by its name as indented lines of text."""
    array = dense(value.tolist() if hasattr(value, "tolist") else value)
    if array is None or not array.shape:
        return [f"    {name} = {plain(value.item() if hasattr(value, 'item') else value)}"]
    window = grid(array, formatter(array))
    return [
        f"    {name} =",
        *(f"      {line}" for line in lines(window)),
        *([f"      ({window.note})"] if window.note else []),
    ]


def as_python(values: Mapping[str, Any], limit: int = 6000) -> str:
    """Return Python assignments that rebuild inputs in a notebook, in the digits that the result holds.

    Inputs that a result only describes are left out; a text longer than ``limit`` characters is returned as an empty one.
    """
    said = []
    for name, value in values.items():
        array = dense(value)
        if not name.isidentifier() or not _literal(value):
            continue
        said.append(f"{name} = {_array_source(value) if array is not None and array.shape else _list_source(value)}")
    text = "\n".join(said)
    return text if len(text) <= limit else ""


def _list_source(value: Any) -> str:
    """Write a value that is no array; the parts of a list that hold only floats were arrays, such as the weights of layers."""
    if not isinstance(value, list):
        return _source(value)
    parts = (
        isinstance(v, list) and v and all(isinstance(leaf, float) for leaf in _leaves(v)) and dense(v) for v in value
    )
    return f"[{', '.join(_array_source(v) if found else _source(v) for v, found in zip(value, parts, strict=True))}]"


def _array_source(value: Any) -> str:
    return f"np.array({_source(value)})"


def _literal(value: Any) -> bool:
    """Return True if a value is made of numbers and None; a word ("omitted", "an array of shape ...") only describes one."""
    if isinstance(value, (list, tuple)):
        return all(map(_literal, value))
    if isinstance(value, Mapping):
        return all(str(k).isidentifier() for k in value) and all(map(_literal, value.values()))
    return value is None or _number(value) is not None


def _source(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_source, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{k}": {_source(v)}' for k, v in value.items()) + "}"
    number = _number(value)
    if number is None or isinstance(value, (bool, int)):
        return str(value)
    if math.isfinite(number):
        return repr(number)
    return "np.nan" if math.isnan(number) else ("np.inf" if number > 0 else "-np.inf")
