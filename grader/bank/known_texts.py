"""The texts of an exercise that everybody is given or comes to: what a student's has in common with them tells nothing."""

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path

from grader.bank.stub_files import stub_source
from grader.errors import BankError
from grader.judging import Exercise

__all__ = ["common_texts"]


def common_texts(exercise: Exercise, banks: tuple[Path, ...] = ()) -> list[str]:
    """Return the sources of an exercise's stub, model answer, accepted variants and declared mistakes, as far as they have one."""
    stub = _defined(stub_source(exercise.unit, banks), exercise.function)
    try:
        model = [exercise.answer()]
    except BankError:
        model = []
    answers = [*model, *(v.answer for v in exercise.variants), *(m.answer for m in exercise.mistakes)]
    texts = [stub, *(_source(answer) for answer in answers)]
    return list(dict.fromkeys(text for text in texts if text))


def _source(answer: object) -> str:
    """Return the text of a function or class; none of what was made at run time."""
    while hasattr(answer, "func"):
        answer = answer.func
    try:
        return textwrap.dedent(inspect.getsource(answer))  # type: ignore[arg-type]  # anything else raises
    except (OSError, TypeError):
        return ""


def _defined(module: str, name: str) -> str:
    for node in ast.parse(module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return ast.get_source_segment(module, node) or ""
    return ""
