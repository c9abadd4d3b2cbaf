"""Unit 02, the questions at the end of the notebook, with their answers. They are part of ``graphs``, and of its stub."""

from __future__ import annotations


def question_same_function() -> list[str]:
    """Choose all graphs that compute (a + b)(b + 1).

    (a) p = a·b, q = b², r = p + q, s = a + b, f = r + s   (b) s = a + b, t = s + 1, f = s·t
    (c) s = a + b, t = s·b, f = t + s   (d) t = b + 1, p = a·t, f = p + b
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "c"]


def question_orders() -> list[str]:
    """Choose all topological orders of the steps p = x·y, q = sin p, r = p + x, s = q·r, t = r + 1.

    (a) p, r, t, q, s   (b) p, q, s, r, t   (c) q, p, r, s, t   (d) p, q, r, t, s   (e) p, t, r, q, s
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "d"]


def question_flow() -> dict[str, str]:
    """Match each place in a graph with what happens to the bars there in the backward pass.

    (a) a step that adds two nodes   (b) a step that multiplies two nodes
    (c) a step that takes the maximum of two nodes   (d) a node that several steps use
    (1) the bars that arrive are added up   (2) the bar goes to one argument whole, and 0 to the other
    (3) both arguments get the same bar   (4) each argument gets the bar times the other argument's value
    Return a dict from letters to digits, such as {"a": "1", "b": "2", "c": "3", "d": "4"}.
    """
    return {"a": "3", "b": "4", "c": "2", "d": "1"}


def question_paths() -> int:
    """Count the paths from x0 to x30 in the graph of thirty steps x1 = x0 + x0, x2 = x1 + x1, ..., x30 = x29 + x29.

    A step that uses one name twice has two edges from it, and they are different paths. Return the number.
    """
    return 2**30


def question_when_to_hand_on() -> str:
    """Choose why a step hands on its bar only after all steps that use it have handed on theirs. Return one letter.

    Each step hands on its bar once, to its arguments.
    (a) Before that its value is not known, and the local derivatives need values.
    (b) Its local derivatives depend on its bar.
    (c) Before that its bar lacks what comes over some of its edges, and would never hand that on.
    (d) A bar that is handed on in two parts counts twice.
    """
    return "c"


def question_bar_by_hand() -> float:
    """Compute the bar of x by hand at x = 3, y = 2: s = x·y, t = s + x, f = s·t. Return the number.

    The values are s = 6, t = 9 and f = 54, and the bar of f is 1.
    """
    return 36.0
