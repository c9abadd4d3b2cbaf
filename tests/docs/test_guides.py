"""The guides for people who change something name only what there is: files, functions, tests and targets of make."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
GUIDES = (
    "CONTRIBUTING.md",
    "tests/README.md",
    "docs/explanation/how-a-submission-is-graded.md",
    "README.md",
    "docs/how-to/grade-in-ci.md",
    "docs/how-to/validate-the-bank.md",
)
ROOMS = ("grader", "reference", "exercises", "tests", "docs", "examples", "benchmarks", "notebooks")


def text_of(guide: str) -> str:
    return (CHECKOUT / guide).read_text(encoding="utf-8")


def spans(text: str) -> list[str]:
    """What stands between single backticks, outside of fenced blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def words(text: str) -> set[str]:
    """Every word of the inline code, with that of flags such as ``ARGS="tests/bank -k relu"``."""
    return {word.strip("\"',;:()") for span in spans(text) for word in re.split(r"[\s=]+", span)}


def missing_files(text: str) -> set[str]:
    """Paths that the inline code names, from the checkout's root, and that are not there."""
    paths = {w.partition("::")[0] for w in words(text) if w.startswith(tuple(f"{room}/" for room in ROOMS))}
    return {path for path in paths if not (CHECKOUT / path).exists()}


def missing_modules(text: str) -> set[str]:
    """Dotted names below ``grader`` or ``reference`` that lead to no module and to no name in one."""
    dotted = {w for w in words(text) if re.fullmatch(r"(grader|reference)(\.\w+)+", w)}
    return {name for name in dotted if not _is_module(name) and not _is_module(name.rpartition(".")[0])}


def _is_module(name: str) -> bool:
    path = CHECKOUT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@cache
def defined() -> frozenset[str]:
    """Every function, class, constant and argument of the code, methods as ``Class.method`` too."""
    found: set[str] = set()
    for room in ("grader", "reference", "tests"):
        for path in (CHECKOUT / room).rglob("*.py"):
            found |= set(_names(ast.parse(path.read_text(encoding="utf-8"))))
    return frozenset(found)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
            if isinstance(node, ast.ClassDef):
                inside = (n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)))
                yield from (f"{node.name}.{n.name}" for n in inside)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def missing_names(text: str) -> set[str]:
    """Names that look like ours (``test_...``, ``_private``, ``Class.method``, ``CONSTANT``) and are defined nowhere."""
    ours = re.compile(r"test_\w+(?!\.py)|_\w+|[A-Z][a-z]\w*\.[a-z_]+|[A-Z]+_?[A-Z]+")
    named = {span.removesuffix("()") for span in spans(text)}
    return {name for name in named if ours.fullmatch(name)} - defined() - set(KNOWN)


KNOWN = ("ARGS", "HTML", "JSON", "XML", "NAME", "MIT", "GRADMARK_COURSE")
"""Capitals that are no constant of the code; the last is a variable of the template for GitLab."""


def missing_targets(text: str) -> set[str]:
    """Targets of make that a guide names and the Makefile has not."""
    makefile = text_of("Makefile")
    there = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`|^\$ )make ([a-z]+)", text, re.MULTILINE))
    return named - there


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("missing", [missing_files, missing_modules, missing_names, missing_targets])
def test_a_guide_names_only_what_there_is(guide: str, missing) -> None:  # type: ignore[no-untyped-def]
    assert missing(text_of(guide)) == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_its_links_lead_somewhere(guide: str) -> None:
    prose = re.sub(r"^```.*?^```", "", text_of(guide), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert ((CHECKOUT / guide).parent / target).exists(), target


def test_what_is_not_there_is_seen() -> None:
    text = "`grader/judging/spec.py` `grader.judging.spec.Exercise` `_no_such_function` `Session.never` `make nothing`"
    assert missing_files(text) == {"grader/judging/spec.py"}
    assert missing_modules(text) == {"grader.judging.spec.Exercise"}
    assert missing_names(text) == {"_no_such_function", "Session.never"}
    assert missing_targets(text) == {"nothing"}


def test_the_guides_name_something_to_look_for() -> None:
    for guide in GUIDES[:3]:
        text = text_of(guide)
        assert len([w for w in words(text) if w.startswith(("grader/", "tests/"))]) >= 5, guide
    assert set(re.findall(r"`make ([a-z]+)", text_of("CONTRIBUTING.md"))) >= {"unit", "fix", "test", "stubs"}


def test_every_target_has_its_line_in_the_help() -> None:
    makefile = text_of("Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    explained = set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))
    assert set(phony[1].split()) == explained
