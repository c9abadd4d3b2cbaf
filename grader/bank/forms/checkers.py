"""Tests to write: a student's checker is put to right and wrong candidates, which run beside it without labels or names."""

from __future__ import annotations

import ast
import inspect
import random
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

from grader.bank.forms.options import Options
from grader.judging import (
    MET,
    Asked,
    Chain,
    Exercise,
    Finding,
    Input,
    Malformed,
    Plan,
    adapter_source,
    unmet,
    value,
)

__all__ = ["checker"]

PUT_TO_ALL = """\
def put_to_all(checker, *inputs):
    import copy

    answers = []
    for candidate in CANDIDATES:
        try:
            answer = put(checker, candidate, *copy.deepcopy(inputs))
        except NotImplementedError:
            raise
        except Exception:
            answer = False
        answers.append(bool(answer) if isinstance(answer, (bool, np.bool_)) else None)
    return answers


"""
"""Runs beside the student's code. A checker that raises has refused the candidate: an assertion is a way to say so."""
SECONDS = 10.0
"""The seconds that a checker may take with all candidates: a right one with loops and numerical slopes took six."""
Candidate = Callable[..., Any]


def checker(
    name: str,
    put: Callable[..., Any],
    right: Sequence[Candidate],
    wrong: Mapping[str, Candidate],
    inputs: Mapping[str, Input] | None = None,
    points: float = 4,
    **more: Unpack[Options],
) -> Exercise:
    """Declare a test to write: points by the faults that are caught, none if a right candidate is refused.

    Args:
        name: unit and function: the student's checker, which returns True for a right candidate and False for a wrong one.
        put: ``put(checker, candidate, *inputs)`` calls the checker with one candidate and returns what it says.
        right: candidates that must be accepted; the first line of a docstring says which property one has.
        wrong: candidates that must be refused, by what is said of a checker that accepts one (``"a slope that is one-sided"``).
        inputs: further inputs of ``put``, drawn; none by default, and then there is one case.
        points: shared equally by the wrong candidates.
        more: see :class:`Options`.

    All candidates, and ``put``, are self-contained functions: their source crosses, without names, comments and docstrings, in one
    fixed shuffled order.

    """
    candidates = [*right, *wrong.values()]
    order = list(range(len(candidates)))
    random.Random(name).shuffle(order)  # noqa: S311 - an order, no secret
    listed = ", ".join(f"candidate_{i}" for i in range(len(order)))
    sources = [_nameless(candidates[k], f"candidate_{i}") for i, k in enumerate(order)]
    source = PUT_TO_ALL + "\n\n".join([adapter_source(put, name="put"), *sources, f"CANDIDATES = [{listed}]\n"])
    outputs = tuple(candidate.__name__ for candidate in wrong.values())

    def drive(asked: Asked, given: Mapping[str, Any]) -> Plan:
        def read(answers: Any) -> list[Finding]:
            if not isinstance(answers, list) or len(answers) != len(order) or any(type(a) is not bool for a in answers):
                raise Malformed(f"{asked.own} must return True or False")
            accepts = dict(zip(order, answers, strict=True))
            refused = [_property(candidate) for k, candidate in enumerate(right) if not accepts[k]]
            if refused:
                ones = "a right one" if len(refused) == 1 else f"{len(refused)} right ones"
                return [unmet(f"it refuses {ones}: {'; '.join(refused)}")] * len(wrong)
            return [
                unmet(f"it accepts {said}") if accepts[k] else MET for k, said in enumerate(wrong, start=len(right))
            ]

        return Plan(Chain((asked.call(*given.values(), adapter=source, seconds=SECONDS),)), read)

    checks = tuple(
        value(points / len(wrong), output) for output in outputs
    )  # none of them can be put without the candidates
    return Exercise(name, inputs or {}, outputs, checks, drive=drive, derived=True, form="test to write", **more)


def _property(candidate: Candidate) -> str:
    said = (inspect.getdoc(candidate) or "").partition("\n")[0].rstrip(".")
    return said[:1].lower() + said[1:] if said else candidate.__name__.replace("_", " ")


def _nameless(candidate: Candidate, name: str) -> str:
    """Return the source of a candidate under another name, without docstrings and comments."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(candidate))).body
    assert isinstance(tree, ast.FunctionDef)
    tree.name = name
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree) + "\n"
