"""A test of jvp to write: candidates that are right, and wrong ones that hide from some directions or functions."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker


# ------------------------------------------------------------------------------------- the checker
def put(checker, candidate):
    """Put one candidate to the student's checker."""
    return bool(checker(candidate))


def by_complex_step(f, x, v):
    """A jvp that returns two arrays."""
    h = 1e-30
    out = f([complex(a, h * b) for a, b in zip(x, v, strict=True)])
    return np.real(np.array(out)), np.imag(np.array(out)) / h


def by_complex_step_in_lists(f, x, v):
    """A jvp that returns two lists of numbers."""
    h = 1e-20
    out = f([a + 1j * h * b for a, b in zip(x, v, strict=True)])
    out = out if isinstance(out, (list, tuple)) else [out]
    return [float(np.real(o)) for o in out], [float(np.imag(o)) / h for o in out]


def by_columns(f, x, v):
    """A jvp that makes the whole Jacobian and multiplies it by v."""
    columns = []
    for j in range(len(x)):
        out = f([complex(a, 1e-25 if i == j else 0.0) for i, a in enumerate(x)])
        columns.append(np.imag(np.array(out)) / 1e-25)
    return np.array(f(list(x))), np.array(columns).T @ np.array(v)


def by_richardson(f, x, v):
    """A jvp whose last few digits are not exact."""
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    h = 1e-3 / max(1.0, np.abs(v).max())

    def central(h):
        return (np.array(f(list(x + h * v))) - np.array(f(list(x - h * v)))) / (2 * h)

    return np.array(f(list(x))), (central(2 * h) - 20 * central(h) + 64 * central(h / 2)) / 45


def to_nine_digits(f, x, v):
    """A jvp with eight right digits and no more."""
    h = 1e-30
    out = np.array(f([complex(a, h * b) for a, b in zip(x, v, strict=True)]))
    return np.real(out) * (1 - 4e-9), np.imag(out) / h * (1 + 4e-9)


def with_ones(f, x, v):
    out = np.array(f([complex(a, 1e-30) for a in x]))
    return np.real(out), np.imag(out) / 1e-30


def with_a_unit_vector(f, x, v):
    v = np.array(v, dtype=float)
    v = v / max(np.linalg.norm(v), 1e-30)
    out = np.array(f([complex(a, 1e-30 * b) for a, b in zip(x, v, strict=True)]))
    return np.real(out), np.imag(out) / 1e-30


def with_the_largest_entry(f, x, v):
    v = np.array(v, dtype=float)
    v = np.where(np.arange(len(v)) == np.argmax(np.abs(v)), v, 0.0)
    out = np.array(f([complex(a, 1e-30 * b) for a, b in zip(x, v, strict=True)]))
    return np.real(out), np.imag(out) / 1e-30


def with_the_size_of_v(f, x, v):
    out = np.array(f([complex(a, 1e-30 * abs(b)) for a, b in zip(x, v, strict=True)]))
    return np.real(out), np.imag(out) / 1e-30


def by_a_whole_step(f, x, v):
    here = np.array(f([float(a) for a in x]))
    return here, np.array(f([float(a) + float(b) for a, b in zip(x, v, strict=True)])) - here


def with_the_opposite_sign(f, x, v):
    out = np.array(f([complex(a, 1e-30 * b) for a, b in zip(x, v, strict=True)]))
    return np.real(out), -np.imag(out) / 1e-30


def with_tangents_in_another_order(f, x, v):
    out = np.array(f([complex(a, 1e-30 * b) for a, b in zip(x, v, strict=True)]))
    return np.real(out), np.imag(out)[::-1] / 1e-30


def with_the_first_output_for_all(f, x, v):
    out = np.array(f([complex(a, 1e-30 * b) for a, b in zip(x, v, strict=True)]))
    return np.real(out), np.full(out.shape, np.imag(out).flat[0]) / 1e-30


def with_a_value_from_elsewhere(f, x, v):
    out = np.array(f([complex(a, 1e-30 * b) for a, b in zip(x, v, strict=True)]))
    moved = f([float(a) + 0.1 * float(b) for a, b in zip(x, v, strict=True)])
    return np.array(moved), np.imag(out) / 1e-30


def without_mixed_slopes(f, x, v):
    out = np.array(f([complex(a, 1e-30 * b) for a, b in zip(x, v, strict=True)]))
    tangent = np.imag(out) / 1e-30
    if out.shape == (len(x),):
        for i in range(len(x)):
            alone = f([complex(a, 1e-30 * v[j] if i == j else 0.0) for j, a in enumerate(x)])
            tangent[i] = np.imag(alone[i]) / 1e-30
    elif out.ndim:
        alone = f([complex(a, 1e-30 * v[j] if j == 0 else 0.0) for j, a in enumerate(x)])
        tangent = np.imag(np.array(alone)) / 1e-30
    return np.real(out), tangent


jvp_checker = checker(
    "forward_mode.jvp_checker",
    put,
    right=[by_complex_step, by_complex_step_in_lists, by_columns, by_richardson, to_nine_digits],
    wrong={
        "a jvp that takes v = (1, ..., 1) whatever v is": with_ones,
        "a jvp that is right for unit vectors only: it scales v to length 1": with_a_unit_vector,
        "a jvp that looks at the largest entry of v alone": with_the_largest_entry,
        "a jvp that loses the signs of v": with_the_size_of_v,
        "a jvp that gives −J v": with_the_opposite_sign,
        "a jvp that gives the tangents of the outputs in the reverse order": with_tangents_in_another_order,
        "a jvp that is right for linear functions only: f(x + v) − f(x)": by_a_whole_step,
        "a jvp that gives the tangent of the first output for all outputs": with_the_first_output_for_all,
        "a jvp whose tangent is right and whose value is not f(x)": with_a_value_from_elsewhere,
        "a jvp that is right for functions that work entry by entry only: the mixed slopes are lost": without_mixed_slopes,
    },
    points=5,
)


@jvp_checker.mistake(
    "What it misses is what a direction of ones misses: its entries are all alike, and none is negative."
)
def uses_a_direction_of_ones(jvp):
    x, v = [0.7, -1.2, 0.4], [1.0, 1.0, 1.0]
    value, tangent = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, v)
    right = [
        x[1] * x[2] + x[0] * x[2] + x[0] * x[1],
        np.cos(x[0]) + x[1] + x[2],
    ]
    return bool(
        np.allclose(value, [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]]) and np.allclose(tangent, right, rtol=1e-6)
    )


@jvp_checker.mistake(
    "What it misses is what unit vectors miss: a direction with several entries, with signs, of another length than 1."
)
def uses_unit_vectors(jvp):
    x = [0.7, -1.2, 0.4]
    jacobian = np.array([[x[1] * x[2], x[0] * x[2], x[0] * x[1]], [np.cos(x[0]), x[2], x[1]]])
    for v, column in zip(np.eye(3), jacobian.T, strict=True):
        value, tangent = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, list(v))
        right = [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]]
        if not (np.allclose(value, right) and np.allclose(tangent, column, rtol=1e-6)):
            return False
    return True


@jvp_checker.mistake(
    "What it misses is what linear functions miss: for them a whole step and a derivative are the same."
)
def tries_linear_functions(jvp):
    A, x, v = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0]]), [0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]
    value, tangent = jvp(lambda x: [x[0] - 2 * x[1] + 0.5 * x[2], 3 * x[0] + x[1] - x[2]], x, v)
    return bool(np.allclose(value, A @ x) and np.allclose(tangent, A @ v))


@jvp_checker.mistake("What it misses is what the tangent alone does not show: a jvp returns a value too.")
def looks_at_the_tangent_only(jvp):
    x, v = [0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]
    J = np.array([[x[1] * x[2], x[0] * x[2], x[0] * x[1]], [np.cos(x[0]), x[2], x[1]]])
    _, tangent = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, v)
    return bool(np.allclose(tangent, J @ v, rtol=1e-6))


@jvp_checker.mistake(
    "What it misses is what functions that work entry by entry miss: what one input does to another's output."
)
def tries_elementwise_functions(jvp):
    for x, v in (([0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]), ([1.5, 0.2, -0.9], [0.4, -3.0, 0.6])):
        value, tangent = jvp(lambda x: [np.sin(a) for a in x], x, v)
        if not (np.allclose(value, np.sin(x)) and np.allclose(tangent, np.cos(x) * v)):
            return False
    return True


@jvp_checker.mistake(
    "A right candidate is refused, and then nothing that is caught counts: does the comparison leave no room for rounding, is "
    "the slope that it is made with rough, or is everything refused?"
)
def compares_exactly(jvp):
    x, v = [0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]
    J = np.array([[x[1] * x[2], x[0] * x[2], x[0] * x[1]], [np.cos(x[0]), x[2], x[1]]])
    value, tangent = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, v)
    return bool(list(tangent) == list(J @ v) and value is not None)


@jvp_checker.mistake(
    "It refuses a right candidate that has eight right digits: no candidate is bound to have more.",
)
def asks_for_twelve_digits(jvp):
    x, v = [0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]
    J = np.array([[x[1] * x[2], x[0] * x[2], x[0] * x[1]], [np.cos(x[0]), x[2], x[1]]])
    value, tangent = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, v)
    right = [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]]
    return bool(np.allclose(value, right, rtol=5e-9, atol=0) and np.allclose(tangent, J @ v, rtol=1e-12, atol=0))


@jvp_checker.mistake("It accepts whatever it is given.")
def accepts_all(jvp):
    return True


@jvp_checker.mistake("What it misses is what the value alone does not show: a jvp returns a tangent too.")
def looks_at_the_value_only(jvp):
    x, v = [0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]
    value, _ = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, v)
    return bool(np.allclose(value, [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]]))


@jvp_checker.mistake(
    "What it misses is what the first of several outputs, or a single one, does not show of the others."
)
def looks_at_the_first_output(jvp):
    x, v = [0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]
    value, tangent = jvp(lambda x: [x[0] * x[1] * x[2] + np.sin(x[0])], x, v)
    right = (x[1] * x[2] + np.cos(x[0])) * v[0] + x[0] * x[2] * v[1] + x[0] * x[1] * v[2]
    return bool(np.allclose(value, x[0] * x[1] * x[2] + np.sin(x[0])) and np.allclose(tangent, right, rtol=1e-6))


@jvp_checker.mistake(
    "What it misses is what the length of the tangent alone does not show: its signs, and the order of its entries."
)
def compares_lengths(jvp):
    x, v = [0.7, -1.2, 0.4], [-2.0, 0.3, 1.7]
    J = np.array([[x[1] * x[2], x[0] * x[2], x[0] * x[1]], [np.cos(x[0]), x[2], x[1]]])
    value, tangent = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, v)
    near = np.allclose(value, [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]])
    return bool(near and np.isclose(np.linalg.norm(tangent), np.linalg.norm(J @ v), rtol=1e-6))


@jvp_checker.mistake("What it misses is what a direction of length 1 misses: a jvp grows with v.")
def uses_a_direction_of_length_one(jvp):
    x, v = [0.7, -1.2, 0.4], [-0.8, 0.0, 0.6]
    J = np.array([[x[1] * x[2], x[0] * x[2], x[0] * x[1]], [np.cos(x[0]), x[2], x[1]]])
    value, tangent = jvp(lambda x: [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]], x, v)
    near = np.allclose(value, [x[0] * x[1] * x[2], np.sin(x[0]) + x[2] * x[1]])
    return bool(near and np.allclose(tangent, J @ v, rtol=1e-6))
