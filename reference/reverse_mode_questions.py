"""Unit 04, predictions and questions, with their answers. They are part of ``reverse_mode``, and of its stub."""

from __future__ import annotations


def prediction_second_backward() -> int:
    """Predict what a first backward pass leaves behind for the second.

    Let a = 1, b = a + a, c = b + b, and take a backward() that starts with c.grad = 1, goes back in the
    right order and adds up with +=, but never sets a gradient to 0. The first call leaves 4 in a.grad.
    Return the number in a.grad after a second call on c.
    """
    return 12


def prediction_broadcast(*, rows: int = 2, columns: int = 3, entry: int = 7) -> int:
    """Predict the gradient of a number that was added to an array.

    out = x + b, with x (2, 3) and b a number. Every entry of the upstream gradient g (2, 3) is 7. Return db.
    """
    return rows * columns * entry


def question_additions() -> str:
    """Choose why f = (x1 + x2)(x3 + x4) and its four derivatives cost fewer additions in reverse mode.

    Return one letter. Written down one by one, the derivatives x3 + x4, x3 + x4, x1 + x2, x1 + x2 need
    4 additions: each is worked out for its own input. Reverse mode needs 2.

    (a) It works out each sum once, in the forward pass, and hands it back to both inputs of the other sum.
    (b) It needs no derivative of a sum, since that is 1; forward mode adds it up.
    (c) It leaves out the derivatives for x2 and x4, which equal those for x1 and x3 by symmetry.
    (d) It adds in the backward pass only, and the forward pass multiplies.
    """
    return "a"


def question_cheaper_mode() -> dict[str, str]:
    """Match each function with the fewest sweeps that give its full Jacobian, by the better of the two modes.

    (a) a loss of 1,000,000 weights: f from R^1000000 to R
    (b) a curve in space: f from R to R^3
    (c) f from R^40 to R^7
    (d) f from R^5 to R^20

    (1) 1 sweep of forward mode   (2) 1 sweep of reverse mode   (3) 5 of forward mode   (4) 7 of reverse mode
    Return a dict from letter to number, both as text, such as {"a": "3", "b": "1", "c": "2", "d": "4"}.
    """
    return {"a": "2", "b": "1", "c": "4", "d": "3"}


def question_needs_input() -> list[str]:
    """Choose all operations whose backward pass needs neither their inputs nor their output, only shapes.

    (a) a + b   (b) a * b   (c) exp(x)   (d) x.sum(axis=0)   (e) x.reshape(shape)   (f) np.maximum(a, b)
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "d", "e"]


def question_hessian_product() -> str:
    """Choose what one Hessian-vector product costs, for f from R^n to R with n = 1,000,000. Return one letter.

    (a) About n gradients, since the Hessian has n rows.
    (b) n² numbers of memory, since the Hessian has to be there before it is multiplied.
    (c) A few gradients, whatever n is: it is the derivative of the gradient in one direction.
    (d) Nothing beyond the gradient itself, since the Hessian is the gradient times its transpose.
    """
    return "c"


def question_mean_of_squares() -> float:
    """Compute a gradient by hand: out = (x * x).mean(), x (4, 5) with all entries 3, upstream gradient 1.

    What is the first entry of dx? Return the number.
    """
    return 2 * 3 / 20


def question_checkpoints() -> int:
    """Compute how little a backward pass through 10,000 steps has to hold. Return the number of states.

    The forward pass keeps every k-th state only, 10,000/k of them. The backward pass computes each stretch of k steps again, from
    the kept state at its start, holds its k states until it has gone back through them, and drops them. So 10,000/k + k states
    are held at once. How many are that, with the best k?
    """
    return 200
