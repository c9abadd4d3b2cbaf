"""Changes that no case can tell from the model answer, by construction: these are not made.

Each rule is certain: what it leaves out gives the same numbers, but perhaps for the last digits of a sum. What is equal for a
reason of its own, as both sides at a kink, is listed in ``equivalent.toml``.

- One times a number, and 0 and 1 times itself; a mask for the numbers of it; the operands of what is symmetric, in a graph too;
  ``-2`` for the ``-1`` of a reshape; ``bool`` of a comparison.
- The sign of what only a square, an absolute value or a cosine is taken of: ``|b - a|`` for ``|a - b|``.
- With the arguments as they are in every case (:mod:`grader.validation.known`): ``axis=1`` for ``axis=-1`` of two dimensions,
  and the whole array for the one axis; ``keepdims`` of what is broadcast at once; the transpose of an array of one dimension,
  or inside a sum over all entries; the product of two of one dimension turned around; ``len(y)`` for ``len(x)``, and
  ``zeros_like(y)`` for ``zeros_like(x)``, of the same length, or shape.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.validation.known import REDUCED, Known, called

__all__ = ["is_same"]

COMMUTATIVE = {"add", "multiply", "maximum", "minimum"}
"""Operations of a graph of which the order of the operands makes no difference."""
ONE_OPERAND = {"abs", "absolute", "square", "sqrt", "exp", "log", "log1p", "tanh", "sign"}
"""Functions that act on each entry by itself."""
EVEN = {"abs", "absolute", "square", "cos", "cosh", "fabs"}
OF_ITS_SHAPE = {"zeros_like", "ones_like", "empty_like"}


def is_same(above: Sequence[ast.AST], node: ast.AST, kind: str, new: ast.AST, known: Known) -> bool:
    """Return True for a change that makes no difference.

    Args:
        above: the nodes around it, from the nearest on.
        node: what is changed.
        kind: the kind of change.
        new: what comes in its place.
        known: the facts on the arguments there.

    """
    return (
        _is_idle_factor(node, kind, new, known)
        or _is_a_mask(above, node, kind, new, known)
        or _is_the_same_length(above, node, new, known)
        or _is_broadcast_at_once(above, node, kind, new, known)
        or _is_symmetric_step(node, kind)
        or _is_length_of_a_reshape(above, node, new)
        or (_is_sign(node, kind, new) and _has_no_sign(above, node))
        or _is_the_same_axis(above, node, new, known)
        or _is_transposed(above, node, new, known)
        or (kind == "matrix_order" and isinstance(node, ast.BinOp) and _are_flat([node.left, node.right], known))
        or (kind == "wrong_variable" and _is_asked_for_its_shape(above, node, new, known))
        or (
            kind == "call dropped"
            and isinstance(node, ast.Call)
            and called(node)[0] == "bool"
            and isinstance(new, ast.Compare)
        )
    )


def _is_idle_factor(node: ast.AST, kind: str, new: ast.AST, known: Known) -> bool:
    """Return True for ``1 / (1 * x)``, and for what is 0 or 1 times itself; for a factor of ±1 that is divided by."""
    if not isinstance(node, ast.BinOp) or not isinstance(new, ast.BinOp):
        return False
    if kind == "inverted_factor":
        return isinstance(node.right, ast.Name) and known.all_are(node.right.id, -1, 1)
    if kind != "changed_power":
        return False
    times = isinstance(node.op, ast.Mult)
    if new.left is node:
        return times and _is_0_or_1(node.right, known)
    one = isinstance(node.left, ast.Constant) and node.left.value == 1
    return one or (times and _is_0_or_1(node.left, known))


def _is_0_or_1(node: ast.AST, known: Known) -> bool:
    match node:
        case ast.Compare():
            return True
        case ast.Name(id=name):
            return known.all_are(name, 0, 1)
        case ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=ast.Name(id=name)):
            return known.all_are(name, 0, 1)
    return False


def _is_a_mask(above: Sequence[ast.AST], node: ast.AST, kind: str, new: ast.AST, known: Known) -> bool:
    """Return True for a condition returned in the place of ``np.where(condition, 1.0, 0.0)``: truth values count as numbers.

    Within an answer it is another thing: a sum is put into an array of truth values as one of them.
    """
    match node:
        case ast.Call(args=[ast.Compare() as mask, ast.Constant(value=1), ast.Constant(value=0)], keywords=[]):
            turned = kind == "arguments swapped" and isinstance(new, ast.Call) and new.args[1] is mask
            returned = new is mask and isinstance(above[0], ast.Return) and bool(known.values)
            return called(node)[0] == "where" and (returned or turned)
    return False


def _is_the_same_length(above: Sequence[ast.AST], node: ast.AST, new: ast.AST, known: Known) -> bool:
    """Return True for ``x.shape[-1]`` in the place of ``x.shape[1]``, and for ``x.T.size``."""
    if isinstance(new, ast.Attribute) and new.attr == "T" and new.value is node:
        return bool(above) and isinstance(above[0], ast.Attribute) and above[0].attr in ("ndim", "size")
    match above[0] if above else None:
        case ast.Subscript(value=ast.Attribute(attr="shape", value=array), slice=index) if index is node:
            rank, before, after = known.rank(array), _axis(node), _axis(new)
            numbers = isinstance(before, int) and isinstance(after, int) and rank is not None
            return numbers and -rank <= after < rank and before % rank == after % rank  # type: ignore[operator]
    return False


def _is_broadcast_at_once(above: Sequence[ast.AST], node: ast.AST, kind: str, new: ast.AST, known: Known) -> bool:
    """Return True if ``keepdims`` is taken from a reduction of columns that stands in a sum or product with a matrix."""
    if kind == "keyword dropped" and isinstance(node, ast.Call) and isinstance(new, ast.Call):
        call: ast.Call = node
        kept = {k.arg for k in node.keywords} - {k.arg for k in new.keywords} == {"keepdims"}
        around = above[0] if above else None
    elif isinstance(new, ast.Constant) and new.value is False and len(above) > 2 and isinstance(above[1], ast.Call):
        call, around = above[1], above[2]
        kept = isinstance(above[0], ast.keyword) and above[0].arg == "keepdims"
    else:
        return False
    if not kept or not isinstance(around, ast.BinOp) or isinstance(around.op, ast.MatMult):
        return False
    axis = next((_axis(k.value) for k in call.keywords if k.arg == "axis"), None)
    operand = called(call)[1]
    other = around.right if around.left is call else around.left
    return axis == 0 and operand is not None and known.rank(operand) == 2 == known.rank(other)


def _is_symmetric_step(node: ast.AST, kind: str) -> bool:
    """Return True for a step of a graph, ``("s", "add", "a", "b")``, with its operands turned around."""
    match node:
        case ast.Tuple(elts=[*_, ast.Constant(value=str() as operation), _, _]) if kind == "operands swapped":
            return operation in COMMUTATIVE
    return False


def _is_length_of_a_reshape(above: Sequence[ast.AST], node: ast.AST, new: ast.AST) -> bool:
    """Return True for another negative length of a reshape: numpy finds any."""
    reshape = next((a for a in above if not isinstance(a, (ast.UnaryOp, ast.Tuple))), None)
    if not isinstance(reshape, ast.Call) or called(reshape)[0] != "reshape":
        return False
    minus = isinstance(above[0], ast.UnaryOp) and isinstance(node, ast.Constant)
    return minus and isinstance(new, ast.Constant) and type(new.value) is int and new.value > 0


# ------------------------------------------------------------------------------------------- signs
def _is_sign(node: ast.AST, kind: str, new: ast.AST) -> bool:
    """Return True if a change turns the sign of a value, and nothing else."""
    match node, new:
        case ast.BinOp(), ast.UnaryOp(op=ast.USub(), operand=same) if same is node:
            return True
        case ast.BinOp(op=ast.Sub()), _ if kind == "swapped_operands":
            return True
        case ast.UnaryOp(op=ast.USub(), operand=inner), _ if new is inner:
            return True
        case ast.Constant(value=(int() | float()) as a), ast.Constant(value=(int() | float()) as b):
            return a == -b
    return False


def _has_no_sign(above: Sequence[ast.AST], node: ast.AST) -> bool:
    """Return True if only a square or the like is taken of a value, or of its product with others."""
    for parent in above:
        match parent:
            case ast.BinOp(op=ast.Mult() | ast.Div()) | ast.UnaryOp(op=ast.USub()):
                node = parent
            case ast.BinOp(op=ast.Pow(), left=base, right=ast.Constant(value=int() as power)):
                return base is node and power % 2 == 0
            case ast.Call(args=[only], keywords=[]):
                return only is node and called(parent)[0] in EVEN
            case _:
                return False
    return False


# ---------------------------------------------------------------------------------- axes, transposes, shapes
def _is_the_same_axis(above: Sequence[ast.AST], node: ast.AST, new: ast.AST, known: Known) -> bool:
    """Return True for a reduction along the same axis, counted from the other end, or along the only one."""
    if isinstance(node, (ast.Constant, ast.UnaryOp)):
        # A constant below the keyword: axis=1 in axis=-1.
        call = next((a for a in above if isinstance(a, ast.Call)), None)
        keyword = next((a for a in above if isinstance(a, ast.keyword)), None)
        if call is None or keyword is None or keyword.arg != "axis" or keyword not in call.keywords:
            return False
        before = _axis(keyword.value)
        if keyword.value is node:
            after = _axis(new)
        elif isinstance(keyword.value, ast.UnaryOp) and isinstance(new, ast.Constant) and type(new.value) is int:
            after = -new.value
        else:
            return False
    elif isinstance(node, ast.Call) and isinstance(new, ast.Call) and called(node)[0] == called(new)[0]:
        call = node
        if len(node.args) != len(new.args):
            return False
        one, other = ({k.arg: k.value for k in c.keywords} for c in (node, new))
        if "axis" not in one or {k: ast.dump(v) for k, v in one.items() if k != "axis"} != {
            k: ast.dump(v) for k, v in other.items() if k != "axis"
        }:
            return False
        before, after = _axis(one["axis"]), _axis(other["axis"]) if "axis" in other else "all"
    else:
        return False
    name, operand = called(call)
    if name == "concatenate":
        operand = call
    rank = known.rank(operand) if operand is not None and name in REDUCED | {"concatenate"} else None
    if rank not in (1, 2) or not isinstance(before, int):
        return False
    if after == "all":
        return rank == 1
    return isinstance(after, int) and -rank <= after < rank and before % rank == after % rank


def _axis(node: ast.AST) -> int | str | None:
    match node:
        case ast.Constant(value=None):
            return "all"
        case ast.Constant(value=int() as axis):
            return axis
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as axis)):
            return -axis
    return None


def _is_transposed(above: Sequence[ast.AST], node: ast.AST, new: ast.AST, known: Known) -> bool:
    """Return True for a transpose that is put on, or taken off, where it changes nothing."""
    if isinstance(new, ast.Attribute) and new.attr == "T" and new.value is node:
        inner: ast.AST = node
    elif isinstance(node, ast.Attribute) and node.attr == "T" and node.value is new:
        inner = new
    else:
        return False
    rank = known.rank(inner)
    return rank == 1 or (rank is not None and rank > 1 and _is_summed_up(above, node))


def _is_summed_up(above: Sequence[ast.AST], node: ast.AST) -> bool:
    """Return True if an array is only asked for a sum, or the like, of all its entries."""
    for parent in above:
        match parent:
            case ast.BinOp(op=ast.Pow(), left=base, right=ast.Constant()) if base is node:
                node = parent
            case ast.UnaryOp(op=ast.USub()):
                node = parent
            case ast.Attribute() if parent.attr in (REDUCED - {"argmax", "argmin"}):
                node = parent
            case ast.Call(func=func, args=[], keywords=[]) if func is node:
                return True
            case ast.Call(args=[only], keywords=[]) if only is node and called(parent)[1] is node:
                name = called(parent)[0]
                if name in REDUCED - {"argmax", "argmin"} and isinstance(parent.func, ast.Attribute):
                    return True
                if name not in ONE_OPERAND:
                    return False
                node = parent
            case _:
                return False
    return False


def _are_flat(nodes: Sequence[ast.AST], known: Known) -> bool:
    return all(known.rank(node) == 1 for node in nodes)


def _is_asked_for_its_shape(above: Sequence[ast.AST], node: ast.AST, new: ast.AST, known: Known) -> bool:
    """Return True for another argument of the same length where only that is asked for, or of the same shape."""
    if not isinstance(node, ast.Name) or not isinstance(new, ast.Name) or not above:
        return False
    match above[0]:
        case ast.Call(func=ast.Name(id="len")):
            return known.same_length(node.id, new.id)
        case ast.Call(args=[only], keywords=[]) as call if only is node and called(call)[0] in OF_ITS_SHAPE:
            return known.same_shape(node.id, new.id)
        case ast.Attribute(attr="shape" | "ndim" | "size"):
            return known.same_shape(node.id, new.id)
    return False
