"""Untouched stubs are recognised, however they were dressed up; anything that was written counts."""

from __future__ import annotations

import ast

import pytest

from grader.submission.untouched import is_unattempted, is_untouched, stub_nodes

# -------------------------------------------------------------------------------- was it touched?
STUB = stub_nodes(
    'def f(x: float, p=1) -> float:\n    """Do."""\n    s = x\n    raise NotImplementedError("u.f")\n    return s\n'
)["f"]


@pytest.mark.parametrize(
    "source",
    [
        'def f(x: float, p=1) -> float:\n    """Do."""\n    s = x\n    raise NotImplementedError("u.f")\n    return s\n',
        'def f(x, p = 1):\n    s = (x)  # mine\n\n    raise NotImplementedError("u.f")\n    return s\n',
        'def f(x: "np.ndarray", p: int = 1):\n    "Else."\n    s = x\n    raise NotImplementedError(\'u.f\')\n    return s\n',
        '    def f(x, p=1):\n        s = x\n        raise NotImplementedError("u.f")\n        return s\n',
    ],
    ids=["same", "layout", "annotations", "indented"],
)
def test_untouched(source: str):
    assert is_untouched(source, STUB)


@pytest.mark.parametrize(
    "source",
    [
        'def f(x, p=1):\n    s = 2 * x\n    raise NotImplementedError("u.f")\n    return s\n',
        'def f(x, p=True):\n    s = x\n    raise NotImplementedError("u.f")\n    return s\n',
        'def g(x, p=1):\n    s = x\n    raise NotImplementedError("u.f")\n    return s\n',
        "def f(x, p=1):\n    s = x\n    return s\n",
        '@cache\ndef f(x, p=1):\n    s = x\n    raise NotImplementedError("u.f")\n    return s\n',
        'async def f(x, p=1):\n    s = x\n    raise NotImplementedError("u.f")\n    return s\n',
        "x = 1\n",
        "",
        "def f(x, p=1):\n    return " + "-" * 80 + "x\n",
    ],
    ids=["value", "default", "name", "shorter", "decorated", "async", "statement", "empty", "deep"],
)
def test_touched(source: str):
    assert not is_untouched(source, STUB)


@pytest.mark.slow
def test_a_deep_tree_does_not_exhaust_the_stack():
    deep = ast.Constant(1)
    for _ in range(100_000):
        deep = ast.UnaryOp(ast.USub(), deep)  # type: ignore[assignment]
    node = ast.FunctionDef("f", STUB.args, [*STUB.body[1:-1], ast.Return(deep)], [], None, None)
    assert not is_untouched(node, STUB)


@pytest.mark.parametrize(
    ("body", "unattempted"),
    [
        ("pass", True),
        ("...", True),
        ("'''Do.'''", True),
        ("'''Do.'''\n    pass", True),
        ("raise NotImplementedError", True),
        ("raise NotImplementedError('later')\n    return x", True),
        ("s = x\n    raise NotImplementedError('u.f')\n    return s", True),
        ("s = 2 * x\n    raise NotImplementedError('u.f')\n    return s", False),
        ("raise ValueError('no')", False),
        ("raise", False),
        ("return x", False),
        ("pass\n    return x", False),
        ("if x:\n        raise NotImplementedError\n    return x", False),
    ],
)
def test_unattempted(body: str, unattempted: bool):
    node = stub_nodes(f"def f(x, p=1):\n    {body}\n")["f"]
    assert is_unattempted(node, STUB) is unattempted


def test_without_its_stub_only_an_empty_body_is_unattempted():
    assert not is_unattempted(STUB)


def test_of_two_functions_with_one_name_the_last_counts():
    nodes = stub_nodes("def f():\n    pass\n\n\ndef f():\n    return 1\n")
    assert not is_unattempted(nodes["f"])
