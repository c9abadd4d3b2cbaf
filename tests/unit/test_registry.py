"""The one registry: the same in whatever order its modules are imported, and nothing in it is declared twice."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reference.autodiff as ad
from reference.autodiff.core import FUNCTIONS, PRIMITIVES, Registry

RULES = Path(ad.__file__).parent / "rules"
MODULES = sorted(path.stem for path in RULES.glob("*.py") if path.stem != "__init__")

IMPORTED = """
import importlib, re, sys, types
for name, path in (("reference.autodiff", {engine!r}), ("reference.autodiff.rules", {rules!r})):
    package = types.ModuleType(name)  # without its face, which imports everything in one order
    package.__path__ = [path]
    sys.modules[name] = package
for module in {order!r}:
    importlib.import_module(f"reference.autodiff.rules.{{module}}")
from reference.autodiff.core import FUNCTIONS, PRIMITIVES
def place(f):
    code = getattr(f, "__code__", None)
    return f"{{code.co_filename}}:{{code.co_firstlineno}}" if code else re.sub(" at 0x[0-9a-f]+", "", repr(f))
print(sorted((name, *map(place, (p.forward, p.jvp, p.vjp))) for name, p in PRIMITIVES.items()))
print(sorted((place(key), place(f)) for key, f in FUNCTIONS.items()))
"""


def registry_after(order: list[str]) -> str:
    code = IMPORTED.format(engine=str(RULES.parent), rules=str(RULES), order=order)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_registry_is_the_same_in_any_order_of_imports() -> None:
    first = registry_after(MODULES)
    assert "'scatter_add'" in first
    orders = [MODULES[i:] + MODULES[:i] for i in range(1, len(MODULES))]  # each module comes first once
    for order in (*orders, MODULES[::-1]):
        assert registry_after(order) == first, order


def test_a_second_declaration_of_a_name_is_refused() -> None:
    before = PRIMITIVES["sin"]
    with pytest.raises(ValueError, match="'sin' is declared already"):
        ad.declare("sin", np.cos)
    with pytest.raises(ValueError, match="is implemented already"):
        ad.implements(np.sin)(np.cos)
    assert PRIMITIVES["sin"] is before


@pytest.mark.parametrize("name", ["s1", "c12", "s3_bar", "np", "run", "a b", "lambda", ""])
def test_a_name_that_a_program_cannot_use_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot stand for a function"):
        Registry().declare(name, np.sin)


def test_one_rule_without_the_other_is_refused() -> None:
    with pytest.raises(ValueError, match="a JVP rule and a VJP rule, or neither"):
        Registry().declare("cube", lambda x: x**3, jvp=lambda i, t, y, x: 3 * x**2 * t)


def test_every_primitive_stands_under_its_name() -> None:
    assert all(primitive.name == name for name, primitive in PRIMITIVES.items())


# ------------------------------------------------------------------------------- primitives of one's own
CUBE = Registry().declare(
    "cube", lambda x: x * x * x, lambda i, t, y, x: 3 * x * x * t, lambda i, g, y, x: 3 * x * x * g
)
WEIGHTED = Registry().declare(
    # Two arguments and a parameter: k·a·b.
    "weighted",
    lambda a, b, k: k * a * b,
    lambda i, t, y, a, b, k: k * t * (b, a)[i],
    lambda i, g, y, a, b, k: k * g * (b, a)[i],
)
X = np.array([0.5, -1.5, 2.0])
PAIRS: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
    (lambda x: np.sum(np.sin(CUBE(x))), lambda x: np.sum(np.sin(x**3))),
    (lambda x: np.sum(WEIGHTED(np.exp(x), x, k=2.0)), lambda x: np.sum(2.0 * np.exp(x) * x)),
]


@pytest.mark.parametrize(("ours", "plain"), PAIRS)
def test_a_primitive_of_ones_own_works_everywhere(ours: Callable[..., Any], plain: Callable[..., Any]) -> None:
    v = np.array([1.0, 2.0, -1.0])
    for transform in (ad.grad, ad.jacobian, ad.hessian, lambda f: ad.compiled(ad.value_and_grad(f))):
        got, expected = transform(ours)(X), transform(plain)(X)
        for one, other in zip(ad.leaves(got), ad.leaves(expected), strict=True):
            assert np.allclose(one, other, rtol=1e-13)
    assert np.allclose(ad.jvp(ours, (X,), (v,)), ad.jvp(plain, (X,), (v,)), rtol=1e-13)
    assert np.allclose(ad.tangent_program(ours, X).compile()(X, v)[1], ad.jvp(plain, (X,), (v,))[1], rtol=1e-13)
    assert np.allclose(ad.adjoint_program(ours, X).compile()(X, 1.0)[1], ad.grad(plain)(X), rtol=1e-13)


def test_a_program_calls_the_forward_function_even_where_numpy_has_the_name() -> None:
    ours = Registry().declare("sinc", lambda x: 7.0 + x, lambda i, t, y, x: t, lambda i, g, y, x: g)
    assert ad.compiled(ours)(1.0) == 8.0
    assert str(ad.program(CUBE, X)) == "s2 = cube(s1)\nreturn s2"


def test_a_primitive_implements_a_function_of_numpy() -> None:
    registry = Registry()
    registry.implements(np.i0)(CUBE)
    assert registry.functions == {np.i0: CUBE}
    assert np.i0 not in FUNCTIONS


def test_without_rules_a_primitive_has_no_derivative() -> None:
    noted: list[Any] = []
    note = Registry().declare("note", lambda x: (noted.append(x), x)[1])
    assert ad.grad(lambda x: x * note(x))(3.0) == 3.0
    assert noted == [3.0]
    assert ad.jvp(lambda x: x * note(x), (3.0,), (1.0,))[1] == 3.0


def test_stop_gradient_makes_a_constant() -> None:
    def f(x: Any) -> Any:
        return np.sum(x * ad.stop_gradient({"a": x**2})["a"])

    assert np.array_equal(ad.grad(f)(X), X**2)
    assert np.array_equal(ad.hessian(f)(X), np.zeros((3, 3)))
    assert np.array_equal(ad.jvp(f, (X,), (X,))[1], np.sum(X**3))
    assert np.array_equal(ad.compiled(ad.grad(f))(X), X**2)
    assert np.array_equal(ad.compiled(ad.grad(f))(2 * X), 4 * X**2)
    assert np.array_equal(ad.adjoint_program(f, X).compile()(X, 1.0)[1], X**2)
    assert f(X) == np.sum(X**3)


@pytest.mark.parametrize(("f", "expected"), [
    (ad.relu, [0.0, 0.5, 1.0]),
    (ad.sigmoid, [0.0, 0.25, 0.0]),
])  # fmt: skip
def test_activations_have_their_slopes(f: Callable[..., Any], expected: list[float]) -> None:
    slopes = ad.grad(lambda x: np.sum(f(x)))(np.array([-800.0, 0.0, 800.0]))
    assert slopes.tolist() == expected


def test_log_softmax_is_exact_where_the_softmax_rounds_to_zero() -> None:
    x = np.array([[1000.0, 0.0], [0.0, 0.0]])
    assert np.array_equal(ad.log_softmax(x), [[0.0, -1000.0], [-np.log(2), -np.log(2)]])
    ours = ad.jacobian(ad.log_softmax)(x[1])
    assert np.allclose(ours, np.eye(2) - 0.5)
    assert list(itertools.chain(*ad.log_softmax(x.T, axis=0))) == list(itertools.chain(*ad.log_softmax(x).T))
