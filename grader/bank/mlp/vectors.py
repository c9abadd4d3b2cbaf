"""All parameters of a net as one vector, and back."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.mlp.units import as_one, listed
from grader.judging import Chain, Plan, drawn, read_as, read_outputs, styled


def lists(m):
    """Draw one to four arrays of 1 to 3 dimensions; in every third case the last one has the shape of the first."""
    shapes = [(3,), (2, 4), (4, 3), (2, 3, 4), (5, 2), (2,), (3, 2, 2), (1, 3), (1,)]
    first = m.recipe.seed % 9
    chosen = [shapes[(first + i) % 9] for i in range(1 + (m.recipe.seed // 2) % 4)]
    if m.recipe.seed % 3 == 1:
        chosen[-1] = chosen[0]
    return [styled(m.recipe.style, m.rng, shape) for shape in chosen]


def by_columns_in_memory(flatten, arrays):
    """Adapt ``flatten``: the entries of each array lie in memory column after column, as those of a transpose do."""
    arrays[:] = [a.T.copy().T for a in arrays]
    return flatten(arrays)


def in_some_memory(asked, inputs):
    """Plan ``f(arrays)``; the arrays of every second case, by the number of their entries, are not row-major in memory."""
    other = sum(a.size for a in inputs["arrays"]) % 2 == 0
    call = asked.call(inputs["arrays"], adapter=by_columns_in_memory if other else None)
    return Plan(Chain((call,)), read_as(read_outputs, function=asked.own, names=asked.outputs))


flatten = plain("mlp.flatten", {"arrays": drawn(lists)}, ("theta",), 1, drive=in_some_memory)


@flatten.mistake("Within each array the first index runs fastest: row-major order has the last one do so.")
def flattens_by_columns(arrays):
    return np.concatenate([a.ravel(order="F") for a in arrays])


@flatten.mistake("The arrays come in reverse order.")
def flattens_from_the_end(arrays):
    return np.concatenate([a.ravel() for a in arrays[::-1]])


@flatten.mistake("Only the first array is there.")
def flattens_the_first(arrays):
    return arrays[0].ravel().copy()


def with_shapes(m):
    return [a.shape for a in lists(m)]


def unflattened(asked, inputs):
    """Plan ``f(theta, shapes)``; the output is all entries of the arrays that came back, in their shapes."""
    shapes = inputs["shapes"]
    call = asked.call(inputs["theta"], shapes)
    return Plan(Chain((call,)), read_as(read_list, as_one, listed, shapes=shapes, function=asked.own))


def read_list(returned, shapes, function):
    """Read a list of arrays as all of their entries."""
    return (as_one(returned, shapes, function, "the list"),)


def settled(m):
    """Draw theta for shapes that are drawn again behind it, from the recipe alone."""
    return styled(m.recipe.style, m.rng, (sum(a.size for a in lists(m)),))


unflatten = plain(
    "mlp.unflatten", {"theta": drawn(settled), "shapes": drawn(with_shapes)}, ("arrays",), 2, drive=unflattened
)


@unflatten.mistake("Each array is read from the start of theta: the next one begins where the last one ended.")
def starts_over(theta, shapes):
    return [theta[: int(np.prod(s))].reshape(s) for s in shapes]


@unflatten.mistake("Within each array the entries run down the columns: in row-major order they run along the rows.")
def fills_by_columns(theta, shapes):
    ends = np.cumsum([int(np.prod(s)) for s in shapes])
    return [part.reshape(s, order="F") for part, s in zip(np.split(theta, ends[:-1]), shapes, strict=True)]


@unflatten.mistake("The arrays are filled from the end of theta.")
def fills_from_the_end(theta, shapes):
    arrays, end = [], len(theta)
    for s in shapes:
        arrays.append(theta[end - int(np.prod(s)) : end].reshape(s))
        end -= int(np.prod(s))
    return arrays


@unflatten.mistake("The next array begins one entry too late: an entry is lost at each cut.")
def loses_an_entry_at_each_cut(theta, shapes):
    arrays, start = [], 0
    for s in shapes:
        size = int(np.prod(s))
        arrays.append(np.resize(theta[start : start + size], s))
        start += size + 1
    return arrays
