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
        except AssertionError:
            answer = False
        except Exception as error:
            answers.append(type(error).__name__)
            continue
        answers.append(bool(answer) if isinstance(answer, (bool, np.bool_)) else None)
    return answers


"""
"""Runs beside the student's code. A checker that raises has refused the candidate: an assertion is a way to say so.

Another error comes back by its name.
"""
SECONDS = 10.0
"""The seconds that a checker may take with all candidates: a right one with loops and numerical slopes took six."""
LONGEST = 60
"""The most characters of an error's name."""
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
        right: candidates that must be accepted; the first line of a docstring says which property one has. One or two that are
            written unlike each other are enough: a thorough checker takes its time with each.
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
            if not isinstance(answers, list) or len(answers) != len(order) or not all(map(_is_answer, answers)):
                raise Malformed(f"{asked.own} must return True or False")
            said = dict(zip(order, answers, strict=True))
            refused = {k: _property(candidate) for k, candidate in enumerate(right) if said[k] is not True}
            if refused:
                ones = "a right one" if len(refused) == 1 else f"{len(refused)} right ones"
                error = _error([said[k] for k in refused])
                return [unmet(f"it refuses {ones}: {'; '.join(refused.values())}{error}")] * len(wrong)
            return [
                unmet(f"it accepts {fault}") if said[k] is True else MET
                for k, fault in enumerate(wrong, start=len(right))
            ]

        return Plan(Chain((asked.call(*given.values(), adapter=source, seconds=SECONDS),)), read)

    checks = tuple(
        value(points / len(wrong), output) for output in outputs
    )  # none of them can be put without the candidates
    return Exercise(name, inputs or {}, outputs, checks, drive=drive, derived=True, form="test to write", **more)


def _is_answer(answer: Any) -> bool:
    """Return True for a truth value, or the name of the error that came in its place."""
    return type(answer) is bool or (type(answer) is str and answer.isidentifier() and len(answer) <= LONGEST)


def _error(answers: Sequence[Any]) -> str:
    """Say that a checker raised one and the same error with all that it refused; empty if it did not."""
    (kind, *others) = set(answers)
    if others or type(kind) is not str:
        return ""
    return f"; it raised {kind} with {'it' if len(answers) == 1 else 'each'}"


def _property(candidate: Candidate) -> str:
    said = (inspect.getdoc(candidate) or "").partition("\n")[0].rstrip(".")
    of_a_person = "'" in said.partition(" ")[0]
    lower = said if of_a_person else said[:1].lower() + said[1:]
    return lower or candidate.__name__.replace("_", " ")


def _nameless(candidate: Candidate, name: str) -> str:
    """Return the source of a candidate under another name, without docstrings and comments."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(candidate))).body
    assert isinstance(tree, ast.FunctionDef)
    tree.name = name
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree) + "\n"
