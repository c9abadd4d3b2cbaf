"""Stubs, the modules that students get, derived from the model answers.

``reference/<unit>.py`` goes in, ``exercises/<unit>.py`` comes out: the same module with its solutions taken away. The
command ``gradmark stubs`` writes them, and ``grader.submission`` compares submissions with them. Text and syntax trees only:
:mod:`grader.bank.stub_files` reads and writes.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping

from grader.bank.lines import last_line
from grader.errors import BankError

__all__ = ["assembled", "derive"]

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
"""nbgrader's markers. Any comment that contains a marker counts, so that a misspelt ``#`` cannot hand out a solution."""

INVITATION = """\
The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""
NOTE = """\
# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100
"""

GIVEN = "### GIVEN"
"""The line above a public function that is no exercise and that students get whole."""

Edit = tuple[int, int, list[str]]
"""The first and the last line to replace, counted from 1 and both included, and the lines in their place."""


# ------------------------------------------------------------------------------ the stubs of a unit
def derive(
    source: str,
    module: str,
    planted: Mapping[str, str] | None = None,
    parameters: Mapping[str, Collection[str]] | None = None,
) -> str:
    """Derive a stub module's text from a reference module's.

    A solution region in a function becomes one ``raise NotImplementedError``; outside of any function it vanishes, with
    the helpers in it. A public function without a region loses its whole body after the docstring, but
    for one with ``### GIVEN`` above it. All else stays.

    Args:
        source: the text of ``reference/<module>.py``.
        module: the unit's name, for the messages of errors here and of those that stubs raise.
        planted: by function the source of the faulty one whose body its stub has.
        parameters: by function the keyword-only parameters by which variants differ: students have their values in the text.

    Raises:
        BankError: the source or the stub does not parse, markers do not pair up, or a public function has no
            docstring; the message names the file and the line.

    """
    file = f"reference/{module}.py"
    tree = _parsed(source, file)
    lines = source.split("\n")
    owners = dict(_functions(tree))
    edits = [_header(tree, file)]
    marked: set[ast.FunctionDef] = set()
    for first, last in _regions(lines, file):
        owner = _owner(owners, first, lines)
        if owner is not _owner(owners, last, lines):
            raise BankError(f"{file}:{first}: this solution region ends in another function, on line {last}")
        if owner is None:
            edits.append((first, _skip_blank(lines, last), []))
        else:
            marked.add(owner)
            indent = lines[first - 1][: -len(lines[first - 1].lstrip())]
            edits.append((first, last, [indent + _raise(module, owners[owner])]))
    vanished = {line for first, last, _ in edits for line in range(first, last + 1)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in (parameters or {}):
            edits += _without_parameters(node, lines, file, (parameters or {})[node.name])
        faulty = (planted or {}).get(node.name) if isinstance(node, ast.FunctionDef) else None
        if faulty is not None and isinstance(node, ast.FunctionDef):
            edits = [e for e in edits if not node.lineno <= e[0] <= _end(node, lines)]
            edits.append((last_line(_documented(node, file)) + 1, _end(node, lines), _body(faulty)))
            continue
        public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.lineno not in vanished
        if public and isinstance(node, ast.FunctionDef) and not _is_given(node, lines):
            documented = _documented(node, file)
            if node not in marked:
                edits.append(_whole_body(node, documented, lines, module))
    for first, last, replacement in sorted(edits, reverse=True):
        lines[first - 1 : last] = replacement
    stub = "\n".join(lines).rstrip() + "\n"
    for found in ast.walk(_parsed(stub, f"{file}, without its solutions")):
        if isinstance(found, (ast.Import, ast.ImportFrom)) and _hidden(found):
            line = source.split("\n").index(stub.split("\n")[found.lineno - 1]) + 1
            raise BankError(
                f"{file}:{line}: students have no {_hidden(found)}; import numpy, and write what else is needed here"
            )
    return stub


def _without_parameters(node: ast.FunctionDef, lines: list[str], file: str, names: Collection[str]) -> list[Edit]:
    """Return the edit that takes parameters out of a function's first line; they are all of its keyword-only ones.

    Raises:
        BankError: the function has others by keyword only, or one without a default, or its first line is not one line.

    """
    given = node.args
    if not given.kwonlyargs:
        return []
    if {a.arg for a in given.kwonlyargs} != {*names} or None in given.kw_defaults or node.body[0].lineno == node.lineno:
        raise BankError(
            f"{file}:{node.lineno}: {node.name} takes by keyword, with a default, what is personal, and nothing else"
        )
    first, last = given.kwonlyargs[0], given.kw_defaults[-1]
    if last is None or first.lineno != node.lineno or last.end_lineno != node.lineno:
        raise BankError(f"{file}:{node.lineno}: write the first line of {node.name} on one line")
    line = lines[node.lineno - 1].encode()
    before = line[: first.col_offset].decode().rstrip(" ,").removesuffix("*").rstrip(" ,")
    return [(node.lineno, node.lineno, [before + line[last.end_col_offset :].decode()])]


def _hidden(node: ast.Import | ast.ImportFrom) -> str:
    """Return what an import of a stub names that students do not have; else an empty text."""
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    tops = [name.partition(".")[0] for name in names]
    return next((top for top in tops if top in ("grader", "reference")), "." if getattr(node, "level", 0) else "")


def assembled(source: str, unit: str, read: Callable[[str], str]) -> str:
    """Put the parts of a unit that stand in files of their own, ``reference/<unit>_<part>.py``, behind its model answers.

    Args:
        source: the text of ``reference/<unit>.py``, which imports the functions of its parts.
        unit: the unit's name.
        read: from the name of a module in ``reference`` to its text.

    Raises:
        BankError: a source does not parse, or a part imports or sets what the unit's own file does not: of a part there is
            only what stands from its first function on, in the unit's module and in a student's.

    """
    lines = source.split("\n")
    behind: list[str] = []
    tree = _parsed(source, f"reference/{unit}.py")
    known = _head(tree)
    for node in reversed(tree.body):
        if isinstance(node, ast.ImportFrom) and (part := _part(node)).startswith(f"{unit}_"):
            del lines[node.lineno - 1 : _skip_blank(lines, last_line(node))]
            behind.insert(0, _functions_of(read(part), part, unit, known))
    return "\n".join([*lines, *behind]) if behind else source


def _part(node: ast.ImportFrom) -> str:
    """Return the module of ``reference/`` that an import names, ``reference.unit_part`` or, in a private bank, ``.unit_part``."""
    named = node.module or ""
    return named if node.level == 1 else named.removeprefix("reference.") if named.startswith("reference.") else ""


def _functions_of(source: str, module: str, unit: str, known: Collection[str]) -> str:
    """Return the text of a module from its first function or class on; ``known`` is what the unit's own file begins with."""
    file = f"reference/{module}.py"
    tree = _parsed(source, file)
    first = next((n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))), None)
    if first is None:
        raise BankError(f"{file}: it is part of a unit and has no function or class")
    for line in _head(tree):
        if line not in known:
            raise BankError(f"{file}: reference/{unit}.py, of which it is a part, must begin with this too: {line}")
    return "\n" + "\n".join(source.split("\n")[first.lineno - 1 :])


def _head(tree: ast.Module) -> list[str]:
    """Return what a module does above its first function or class, a line for each name that it imports; not from parts."""
    found: list[str] = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            break
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            origin = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
            if isinstance(node, ast.Import) or not _part(node):
                found += [f"{origin}import {ast.unparse(alias)}" for alias in node.names]
        elif not isinstance(node, ast.Expr):  # docstrings, of the module and of its constants
            found.append(ast.unparse(node))
    return found


def _parsed(source: str, file: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise BankError(f"{file}:{error.lineno}: this does not parse: {error.msg}") from error


def _regions(lines: list[str], file: str) -> Iterator[tuple[int, int]]:
    """Yield the solution regions as (first, last), the numbers of their marker lines."""
    begun = None
    for number, line in enumerate(lines, 1):
        comment = line.strip() if line.lstrip().startswith("#") else ""
        if BEGIN in comment:
            if begun is not None:
                raise BankError(f"{file}:{number}: {BEGIN} within the region that begins on line {begun}")
            begun = number
        elif END in comment:
            if begun is None:
                raise BankError(f"{file}:{number}: {END} without {BEGIN}")
            yield begun, number
            begun = None
    if begun is not None:
        raise BankError(f"{file}:{begun}: {BEGIN} without {END}")


def _functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, str]]:
    """Yield functions and methods with their names in messages."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node, node.name
        elif isinstance(node, ast.ClassDef):
            yield from ((m, f"{node.name}.{m.name}") for m in node.body if isinstance(m, ast.FunctionDef))


def _end(node: ast.FunctionDef, lines: list[str]) -> int:
    """Return the last line of a function, with the comments in its body's indentation that trail it."""
    end, indent = last_line(node), " " * node.body[0].col_offset
    for number in range(end + 1, len(lines) + 1):
        line = lines[number - 1]
        if line.startswith(f"{indent}#"):
            end = number
        elif line.strip():
            break
    return end


def _owner(functions: dict[ast.FunctionDef, str], line: int, lines: list[str]) -> ast.FunctionDef | None:
    """Return the function around a marker on this line; None outside of any function."""
    return next((node for node in functions if node.lineno <= line <= _end(node, lines)), None)


def _skip_blank(lines: list[str], last: int) -> int:
    """Return the last of the blank lines that follow line ``last``, so that a region that vanishes leaves no gap."""
    while last < len(lines) and not lines[last].strip():
        last += 1
    return last


def _documented(node: ast.FunctionDef, file: str) -> ast.stmt:
    """Return the statement of a function's docstring; raise BankError if it has none."""
    if ast.get_docstring(node) is None:
        raise BankError(f"{file}:{node.lineno}: {node.name} has no docstring, which is what students are asked")
    return node.body[0]


def _whole_body(node: ast.FunctionDef, docstring: ast.stmt, lines: list[str], module: str) -> Edit:
    """Return the edit that replaces a whole body."""
    return last_line(docstring) + 1, _end(node, lines), [" " * docstring.col_offset + _raise(module, node.name)]


def _is_given(node: ast.FunctionDef, lines: list[str]) -> bool:
    """Return True for a function that students get whole: the line above it is the mark of that."""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return first > 1 and lines[first - 2].strip() == GIVEN


def _body(source: str) -> list[str]:
    """Return the lines of a function's body in the indentation that they have at the top of a module."""
    lines = textwrap.dedent(source).split("\n")
    node = next(n for n in ast.parse("\n".join(lines)).body if isinstance(n, ast.FunctionDef))
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return lines[body[0].lineno - 1 : last_line(body[-1])]


def _raise(module: str, name: str) -> str:
    return f'raise NotImplementedError("{module}.{name}: not written yet")'


def _header(tree: ast.Module, file: str) -> Edit:
    """Return the edit that adds an invitation to the student to the module's docstring."""
    docstring = ast.get_docstring(tree)
    if docstring is None:
        raise BankError(f"{file}:1: the module has no docstring, with which its stub opens")
    text = f'"""{docstring}\n\n{INVITATION}"""\n\n{NOTE}'
    return tree.body[0].lineno, last_line(tree.body[0]), text.rstrip("\n").split("\n")
