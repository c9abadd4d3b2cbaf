"""The class: twelve ways to hand in ``relu_backward`` and ``affine_backward``, six right, six not, one of them raising.

A student is two function bodies. Whoever comes after the twelfth hands in the same bodies under another name: further notebooks,
no two of the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["POINTS", "TESTS", "Student", "a_class"]

POINTS = {"relu_backward": 4, "affine_backward": 6}
MASK = "return dout * (cache > 0)"
TAKEN = "x, w, b = cache\n"
AFFINE = TAKEN + "rows = x.reshape(len(x), -1)\nreturn (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0)"


@dataclass(frozen=True)
class Student:
    """A name, the bodies of the two functions, and whether both are right."""

    name: str
    relu: str
    affine: str
    right: bool

    @property
    def cells(self) -> dict[str, str]:
        """The code cells of the notebook, by name."""
        return {
            "imports": f"import numpy as np\n\nauthor = {self.name!r}",
            "relu_backward": _function("relu_backward", self.relu),
            "affine_backward": _function("affine_backward", self.affine),
            "look": (
                "rng = np.random.default_rng(0)\n"
                "x, w, b, dout = (rng.standard_normal(s) for s in ((4, 3), (3, 2), 2, (4, 2)))\n"
                "print(relu_backward(x, x))\n"
                "[d.shape for d in affine_backward(dout, (x, w, b))]"
            ),
        }


ROWS = TAKEN + "rows = x.reshape(len(x), -1)\n"
EINSUM = (
    ROWS + "dx = np.einsum('nm,dm->nd', dout, w).reshape(x.shape)\n"
    "return dx, np.einsum('nd,nm->dm', rows, dout), np.einsum('nm->m', dout)"
)
ONES = (
    ROWS
    + "dx = np.matmul(dout, np.transpose(w)).reshape(x.shape)\nreturn dx, np.matmul(rows.T, dout), np.ones(len(dout)) @ dout"
)
KINDS: tuple[tuple[str, str, str, bool], ...] = (
    ("as the model", MASK, AFFINE, True),
    ("where", "return np.where(cache > 0, dout, 0.0)", AFFINE, True),
    ("a copy", "dx = dout.copy()\ndx[cache <= 0] = 0\nreturn dx", AFFINE, True),
    ("einsum", MASK, EINSUM, True),
    ("dot", "return np.multiply(cache > 0, dout)", AFFINE.replace("dout @ w.T", "np.dot(dout, w.T)"), True),
    ("ones", MASK, ONES, True),
    ("mask of dout", "return dout * (dout > 0)", AFFINE, False),
    ("bias averaged", MASK, AFFINE.replace("dout.sum(axis=0)", "dout.mean(axis=0)"), False),
    ("weights averaged", MASK, AFFINE.replace("rows.T @ dout", "rows.T @ dout / len(x)"), False),
    ("doubled", "return 2 * dout * (cache > 0)", AFFINE, False),
    ("raises", "return dout * (kache > 0)", AFFINE, False),
    ("half done", MASK, "raise NotImplementedError", False),
)


def a_class(size: int) -> list[Student]:
    """The first ``size`` students."""
    found = []
    for number in range(size):
        kind, relu, affine, right = KINDS[number % len(KINDS)]
        found.append(Student(f"s{number:02d} {kind}".replace(" ", "-"), relu, affine, right))
    return found


def _function(name: str, body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"def {name}(dout, cache):\n{lines}".rstrip()


_GIVEN = """\
rng = np.random.default_rng({seed})
x, w, b, dout = (rng.standard_normal(s) for s in ((5, 4), (4, 3), 3, (5, 3)))
dx, dw, db = affine_backward(dout, (x, w, b))
"""
BY_HAND = """\
x = np.array([[-1.0, 2.0], [3.0, -4.0]])
dout = np.array([[5.0, -6.0], [7.0, 8.0]])
assert np.allclose(relu_backward(dout, x), [[0.0, -6.0], [7.0, 0.0]])
"""
AT_RANDOM = """\
x, dout = np.random.default_rng(1).standard_normal((2, 6, 5))
assert np.allclose(relu_backward(dout, x), dout * (x > 0))
"""
INPUTS = _GIVEN.format(seed=2) + "assert np.allclose(dx, dout @ w.T)\n"
PARAMETERS = _GIVEN.format(seed=3) + "assert np.allclose(dw, x.T @ dout)\nassert np.allclose(db, dout.sum(axis=0))\n"
TESTS: tuple[tuple[str, str, int, str], ...] = (
    ("relu_backward", "by_hand", 2, BY_HAND),
    ("relu_backward", "at_random", 2, AT_RANDOM),
    ("affine_backward", "inputs", 3, INPUTS),
    ("affine_backward", "parameters", 3, PARAMETERS),
)
"""Tests for the graders that need some of one's own: function, name, points, code that fails on a wrong answer."""
