"""The paper of an exam: one notebook with the exercises that were drawn for a student. It has no checks and no answers."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.bank import Whose, personal_stub, prompt_of, unit_for
from grader.exam import Exam, Group, told
from grader.judging import Exercise, Unit
from grader.release.kit import KERNEL, written_out
from grader.release.prompts import as_markdown, mentioned
from grader.release.single import code_cell, text_cell
from grader.release.texts import FRONT

__all__ = ["paper"]

FUTURE = "from __future__ import annotations\n"
Cell = dict[str, Any]


def paper(exam: Exam, student: str = "", *, banks: tuple[Path, ...] = (), title: str = "", variants: str = "") -> str:
    """Return the notebook of one student's paper, as text.

    Args:
        exam: what is asked of whom.
        student: the id in the course; empty where all get the same.
        banks: the folders of the course's private banks.
        title: above the paper.
        variants: the salt that the student's personal variants are drawn with; empty where all have the same.

    """
    whose = Whose(student, variants if student else "")
    return _Paper(exam, whose, banks, title or "Mock exam").text()


@dataclass(frozen=True)
class _Stubs:
    """The stubs of a unit: its statements by the name that they define, and its imports."""

    texts: Mapping[str, str]
    nodes: Mapping[str, ast.stmt]
    imports: tuple[ast.Import | ast.ImportFrom, ...]

    @classmethod
    def of(cls, source: str) -> _Stubs:
        """Read them from the text of a module."""
        lines = source.splitlines()
        texts: dict[str, str] = {}
        nodes: dict[str, ast.stmt] = {}
        imports = []
        for node in ast.parse(source).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                imports.append(node)
            for name in _defined(node):
                start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
                texts[name] = "\n".join(lines[start - 1 : node.end_lineno])
                nodes[name] = node
        return cls(texts, nodes, tuple(imports))

    def without_prompt(self, name: str) -> str:
        """Return a stub without its docstring, which stands above it in the paper."""
        node, text = self.nodes[name], self.texts[name]
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or ast.get_docstring(node) is None:
            return text
        start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        first, last = node.body[0].lineno - start, (node.body[0].end_lineno or 0) - start
        lines = text.splitlines()
        while last + 1 < len(lines) and not lines[last + 1].strip():
            last += 1
        return "\n".join([*lines[:first], *lines[last + 1 :]])

    def needed(self, names: Iterable[str]) -> list[str]:
        """Return what functions use of their module and are given, in its order: types, numbers, data, helpers."""
        own = [name for name in names if name in self.nodes]
        found, waiting = set(own), list(own)
        while waiting:
            node = self.nodes[waiting.pop()]
            used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & self.nodes.keys()
            waiting += used - found
            found |= used
        return [name for name in self.nodes if name in found and name not in own]


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


class _Paper:
    """One paper in the making; arguments as for :func:`paper`, ``whose`` for the student with the salt."""

    def __init__(self, exam: Exam, whose: Whose, banks: tuple[Path, ...], title: str) -> None:
        self.exam, self.student, self.title = exam, whose.student, title
        self.groups = exam.groups_for(whose.student)
        self.units: list[Unit] = [
            unit_for(name, whose, banks) for name in dict.fromkeys(group.unit for group in self.groups)
        ]
        self.exercises = {exercise.name: exercise for unit in self.units for exercise in unit.exercises}
        self.stubs = {unit.name: _Stubs.of(personal_stub(unit.name, whose, banks)) for unit in self.units}

    def text(self) -> str:
        cells = [text_cell(self._front()), code_cell(self._imports())]
        number = 1
        for unit in self.units:
            own = [group for group in self.groups if group.unit == unit.name]
            points = told(sum(group.points for group in own))
            cells.append(text_cell(f"## {unit.title} ({_points(points)})"))
            cells += self._given(unit, own)
            for group in own:
                cells += self._asked(unit, group, number)
                number += 1
        notebook = {
            "cells": _with_ids(cells),
            "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        settings = self.exam.settings
        exam = {"points": settings.points, "seed": settings.seed}
        return written_out(notebook, self.student, exam=exam)

    def _front(self) -> str:
        rows = [
            f"| {number} | {self._unit(group.unit).title} | {', '.join(f'`{name}`' for name in self._functions(group))} "
            f"| {told(group.points)} |"
            for number, group in enumerate(self.groups, 1)
        ]
        whose = f" · the paper of {as_markdown(self.student)}" if self.student else ""
        return FRONT.format(
            title=as_markdown(self.title),
            points=_points(told(self.exam.settings.points)),
            whose=whose,
            many=len(self.groups),
            rows="\n".join(rows),
        )

    def _unit(self, name: str) -> Unit:
        return next(unit for unit in self.units if unit.name == name)

    def _functions(self, group: Group) -> list[str]:
        """Return the functions of a group, each once, in the order of its exercises."""
        return list(dict.fromkeys(self.exercises[name].function for name in group.names))

    def _imports(self) -> str:
        """Return the imports of all stubs in one cell; what several of them take from one module stands in one line."""
        plain: dict[str, None] = {}
        of_module: dict[str, set[str]] = {}
        for stubs in self.stubs.values():
            for node in stubs.imports:
                names = [ast.unparse(alias) for alias in node.names]
                if isinstance(node, ast.ImportFrom):
                    of_module.setdefault(node.module or "", set()).update(names)
                else:
                    plain.update(dict.fromkeys(names))
        of_module.pop("__future__", None)
        lines = [f"import {name}" for name in sorted(plain)]
        lines += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(of_module.items())]
        return FUTURE + "\n" + "\n".join(lines)

    def _given(self, unit: Unit, groups: Sequence[Group]) -> list[Cell]:
        stubs = self.stubs[unit.name]
        asked = {function for group in groups for function in group.functions}
        prompts = " ".join(prompt_of(self.exercises[name])[1] for group in groups for name in group.names)
        everything = {exercise.function for exercise in unit.exercises}
        helpers = mentioned(prompts, stubs.nodes.keys() - everything)
        given = [name for name in stubs.needed([*asked, *helpers]) if name not in everything]
        given = [name for name in stubs.nodes if name in given or name in helpers]
        texts = list(dict.fromkeys(stubs.texts[name] for name in given))
        return [code_cell("# Given, and used below.\n" + "\n".join(texts))] if texts else []

    def _asked(self, unit: Unit, group: Group, number: int) -> list[Cell]:
        functions = self._functions(group)
        head = f"### {number}. {', '.join(f'`{name}`' for name in functions)} ({_points(told(group.points))})"
        cells: list[Cell] = []
        for function in functions:
            parts = [self.exercises[name] for name in group.names if self.exercises[name].function == function]
            said = [head] if function == functions[0] else []
            said.append(self._prompt(unit, group, parts))
            cells.append(text_cell("\n\n".join(said)))
            cells.append(code_cell(self.stubs[unit.name].without_prompt(function)))
        return cells

    def _prompt(self, unit: Unit, group: Group, parts: Sequence[Exercise]) -> str:
        """Return what is asked, with what each part earns, and the prompts of functions that it speaks of."""
        exercise = parts[0]
        prompt = prompt_of(exercise)[1]
        said = [as_markdown(prompt)]
        if len(parts) > 1 or len(group.names) > 1:
            earned = [f"{part.short.replace('_', ' ') if len(parts) > 1 else ''} {told(part.points)}" for part in parts]
            said.insert(0, f"*Of the points: {', '.join(one.strip() for one in earned)}.*")
        others = {e.function: e for e in unit.exercises}
        on_paper = {function for one in self.groups for function in one.functions}
        for name in sorted(mentioned(prompt, others.keys() - on_paper)):
            signature, text = prompt_of(others[name])
            quoted = "\n".join(f"> {line}".rstrip() for line in as_markdown(text).splitlines())
            said.append(
                f"> `{name}` is spoken of here, and not asked for. For whoever needs to know:\n>\n"
                f"> `{signature}`\n>\n{quoted}"
            )
        return "\n\n".join(said)


def _points(number: str) -> str:
    return f"{number} point{'' if number == '1' else 's'}"


def _with_ids(cells: Sequence[Cell]) -> list[Cell]:
    """Give cells ids that follow from their place and text; no two are the same."""
    return [{**cell, "id": f"{number:03}-{cell['id']}"} for number, cell in enumerate(cells)]
