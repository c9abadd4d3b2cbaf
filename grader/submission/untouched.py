"""The recognition of untouched stubs: functions in which nothing was written.

Texts and syntax trees go in; no file is touched and nothing is run.
"""

from __future__ import annotations

import ast
import textwrap

__all__ = ["is_unattempted", "is_untouched", "stub_nodes"]


def stub_nodes(stub_source: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module by name; of two with one name the last, which Python keeps.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: ``ast.parse`` cannot parse the text, which may be a hostile one.

    """
    return {node.name: node for node in ast.parse(stub_source).body if isinstance(node, ast.FunctionDef)}


def is_untouched(function: str | ast.FunctionDef, stub_node: ast.FunctionDef) -> bool:
    """Return True if a function is still its stub, however its docstring, comments, annotations and layout were changed.

    Args:
        function: the function's node, or its source; a source that holds anything but one function is not a stub.
        stub_node: the function of the stub, from :func:`stub_nodes`.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: a source cannot be parsed, as for :func:`stub_nodes`.

    """
    if isinstance(function, str):
        body = ast.parse(textwrap.dedent(function)).body
        if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
            return False
        function = body[0]
    return _same(function, stub_node)


def is_unattempted(node: ast.FunctionDef, stub_node: ast.FunctionDef | None = None) -> bool:
    """Return True if a function raises NotImplementedError first, is only ``pass`` or ``...``, or is still its stub.

    Args:
        node: the submitted function.
        stub_node: its stub, if it is known.

    """
    body = _without_docstring(node)
    if all(isinstance(s, ast.Pass) or _is_ellipsis(s) for s in body) or _raises_not_implemented(body[0]):
        return True
    return stub_node is not None and is_untouched(node, stub_node)


def _without_docstring(node: ast.FunctionDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def _is_ellipsis(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is ...


def _raises_not_implemented(statement: ast.stmt) -> bool:
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _same(a: object, b: object) -> bool:
    """Return True if two trees mean the same; go no deeper than the shallower one, so that no tree exhausts the stack."""
    if type(a) is not type(b):
        return False
    if isinstance(a, ast.FunctionDef) and isinstance(b, ast.FunctionDef):
        own, other = _without_docstring(a), _without_docstring(b)
        return a.name == b.name and _same([a.args, a.decorator_list, own], [b.args, b.decorator_list, other])
    if isinstance(a, ast.AST):
        fields = [f for f in a._fields if f not in ("annotation", "kind", "type_comment")]
        return all(_same(getattr(a, f, None), getattr(b, f, None)) for f in fields)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return a == b
