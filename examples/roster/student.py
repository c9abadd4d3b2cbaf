"""A student of the sample class: right sources in some style, their own changes, and the fair result.

A student is declared by differences: the right sources that they start from (``bases/``), the functions that they wrote in
their own way, the further cells of their notebook. :func:`written` puts these together; ``files`` makes files of the whole.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Literal

__all__ = ["ANSWERS", "EXERCISES", "Section", "Student", "Work", "asked", "chunks", "stub", "written"]

BASES = Path(__file__).parent / "bases"
EXERCISES = Path(__file__).parents[2] / "exercises"
Form = Literal["notebook", "module", "module in a folder", "repository", "zip", "zip without a top folder"]

ANSWERS: dict[str, dict[str, str]] = {
    "layers": {
        "question_jacobian_size()": "64_000**2",
        "question_relu_routes()": '"c"',
        "question_not_true()": '"b"',
        "question_saturation()": '["a", "d"]',
        "question_sigmoid_slope(s)": "s * (1 - s)",
        "question_largest_logit()": '"b"',
        "question_what_to_keep()": '{"a": "4", "b": "2", "c": "3", "d": "1"}',
        "question_softmax_neighbour()": '"-p*q"',
        "prediction_copies()": "4.0",
    },
    "optimizers": {
        "question_non_diagonal()": '"f"',
        "question_oscillating_loss()": '"b"',
        "question_newton_saddle()": '"c"',
        "question_stable_step()": "0.25",
        "question_adam_first_step()": "-0.001",
        "question_loss_curves()": '{"a": "3", "b": "1", "c": "2", "d": "4"}',
        "question_loss_in_other_units()": '["c", "d", "e"]',
        "question_two_steps()": '"x*(1 - r*k)^2"',
        "prediction_new_coordinates()": "-0.4",
        "prediction_newton_at_a_maximum()": "2.0",
    },
}
"""The right answers to the questions of each unit, by signature."""


@dataclass(frozen=True)
class Student:
    """One submission.

    The submission:
        base: the style of the right sources that it starts from, a file of ``bases/``.
        changes: functions in place of the base's, each with the helpers that stand before it.
        only, without: names of the functions that are written, and of those that are not; all are written by default.
        stubs: unwritten functions are still there as the stubs of ``exercises/``; else their names do not exist.
        answers: other answers to questions, by signature.
        experiments: code cells by the title of the section that they follow; by default one cell that prints a little.
        edits: replacements in the finished code, where a fault is one of text: a typo, a renamed function.
        encoding, nbformat, kept: properties of the file; ``kept`` is the part of its bytes that is still there, from 0 to 1.

    Its fair result, by the contract and independent of the grader:
        told: True if a name, or anything that can be read, shows the unit.
        notebook, cell: the status of the notebook, and the first code cell (from 1) that did not end well.
        items: by exercise its status, with the diagnosed mistake if one is due: ``"partial averages_db"``.
        notes: by exercise, the policy that passed it.
        otherwise: the status of all exercises that ``items`` does not name.
    """

    name: str
    unit: str
    shows: str
    base: str = "terse"
    form: Form = "notebook"
    changes: str = ""
    only: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    stubs: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    experiments: Mapping[str, str] | None = None
    edits: tuple[tuple[str, str], ...] = ()
    encoding: str = "utf-8"
    nbformat: Literal[3, 4] = 4
    kept: float = 1.0
    told: bool = True
    notebook: Literal["ok", "failed", "timed_out", "crashed", "unreadable", "absent"] = "ok"
    cell: int | None = None
    items: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = "passed"

    def writes(self, name: str) -> bool:
        """Return True if the student wrote the function of this name."""
        return name not in self.without and (self.only is None or name in self.only)


@dataclass(frozen=True)
class Section:
    """A heading, and functions by name with their source; helpers go with the function that they stand before."""

    title: str
    functions: Mapping[str, str]


@dataclass(frozen=True)
class Work:
    """The work of a student: imports, and sections of functions."""

    imports: str
    sections: tuple[Section, ...]


def written(student: Student) -> Work:
    """Return a student's work: the base with their changes.

    Raises:
        ValueError: a change is of a function that the base does not have.

    """
    text = (BASES / f"{student.unit}_{student.base}.py").read_text(encoding="utf-8")
    opening, *parts = text.split("\n# %% ")
    imports = "\n".join(ast.unparse(n) for n in ast.parse(opening).body if isinstance(n, (ast.Import, ast.ImportFrom)))
    base = {title: dict(chunks(code)) for title, _, code in (part.partition("\n") for part in parts)}
    changes = _changes(student, {name for functions in base.values() for name in functions})
    base["Questions"] = _questions(student)
    sections = []
    for title, functions in base.items():
        merged = {name: changes.get(name, source) for name, source in functions.items() if _kept(student, name)}
        if merged:
            sections.append(Section(title, merged))
    return Work(imports, tuple(sections))


def _kept(student: Student, name: str) -> bool:
    """Return True if a function of the base stays: a helper only with the whole base, an exercise if the student writes it."""
    helper = name not in asked(student.unit)
    return student.only is None if helper else student.writes(name)


@cache
def asked(unit: str) -> frozenset[str]:
    """Return the names of a unit's exercises: the functions of its stubs."""
    return frozenset(n for n, source in chunks(stub(unit)) if source.startswith("def "))


@cache
def stub(unit: str) -> str:
    """Read the text of the stubs of a unit."""
    return (EXERCISES / f"{unit}.py").read_text(encoding="utf-8")


def _changes(student: Student, known: set[str]) -> dict[str, str]:
    changes, helpers = {}, []
    for name, source in chunks(dedent(student.changes)):
        helpers.append(source)
        if name in known:
            changes[name] = "\n\n\n".join(helpers)
            helpers = []
    if helpers:
        raise ValueError(f"{student.name}: {helpers[0].splitlines()[0]!r} changes nothing in {student.base}")
    return changes


def _questions(student: Student) -> dict[str, str]:
    answers = {**ANSWERS[student.unit], **student.answers}
    return {call.partition("(")[0]: f"def {call}:\n    return {answer}" for call, answer in answers.items()}


def chunks(code: str) -> Iterator[tuple[str, str]]:
    """Yield (name, source) of each statement, with the comments and decorators before it; "" if it defines no name."""
    lines, end = code.split("\n"), 0
    for node in ast.parse(code).body:
        assert node.end_lineno is not None, "ast.parse sets it"
        yield _name(node), "\n".join(lines[end : node.end_lineno]).strip("\n")
        end = node.end_lineno


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return node.name if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else ""
