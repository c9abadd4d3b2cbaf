"""The recognition of untouched stubs: functions in which nothing was written.

Texts and syntax trees go in; no file is touched and nothing is run.
"""

from __future__ import annotations

import ast
import textwrap

__all__ = ["Definition", "is_unattempted", "is_untouched", "stub_nodes"]

Definition = ast.FunctionDef | ast.ClassDef


def stub_nodes(stub_source: str) -> dict[str, Definition]:
    """Return the functions and classes of a module by name; of two with one name the last, which Python keeps.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: ``ast.parse`` cannot parse the text, which may be a hostile one.

    """
    return {node.name: node for node in ast.parse(stub_source).body if isinstance(node, Definition)}


def is_untouched(function: str | Definition, stub_node: Definition) -> bool:
    """Return True if a function or class is still its stub, however its docstring, comments, annotations and layout were changed.

    Args:
        function: the function's node, or its source; a source that holds anything but one function is not a stub.
        stub_node: the function of the stub, from :func:`stub_nodes`.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: a source cannot be parsed, as for :func:`stub_nodes`.

    """
    if isinstance(function, str):
        body = ast.parse(textwrap.dedent(function)).body
        if len(body) != 1 or not isinstance(body[0], Definition):
            return False
        function = body[0]
    return _same(function, stub_node)


def is_unattempted(node: Definition, stub_node: Definition | None = None) -> bool:
    """Return True if a function raises NotImplementedError first, is only ``pass`` or ``...``, or is still its stub.

    Args:
        node: the submitted function, or class, which is unattempted only as long as it is its stub.
        stub_node: its stub, if it is known.

    """
    if isinstance(node, ast.ClassDef):
        return stub_node is not None and is_untouched(node, stub_node)
    body = _without_docstring(node)
    if all(isinstance(s, ast.Pass) or _is_ellipsis(s) for s in body) or _raises_not_implemented(body[0]):
        return True
    return stub_node is not None and is_untouched(node, stub_node)


def _without_docstring(node: Definition) -> list[ast.stmt]:
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
    if isinstance(a, ast.ClassDef) and isinstance(b, ast.ClassDef):
        own, other = _without_docstring(a), _without_docstring(b)
        return a.name == b.name and _same([a.bases, own], [b.bases, other])
    if isinstance(a, ast.AST):
        fields = [f for f in a._fields if f not in ("annotation", "kind", "type_comment")]
        return all(_same(getattr(a, f, None), getattr(b, f, None)) for f in fields)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return a == b
