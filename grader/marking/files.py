"""Rubrics and comments as files, TOML or CSV, by the ending of the name: written in one year, read in the next.

One TOML file may hold both: ``[[rubric]]`` with ``id``, ``exercise``, ``points`` and ``text``, ``[[comment]]`` with ``exercise``,
``mistake``, ``text`` and ``points``. A CSV file has these as its columns.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from grader.errors import UsageError
from grader.grades import Comment, RubricItem
from grader.marking.tables import number, read_table, read_text, written

__all__ = ["check_id", "comments_of", "read_comments", "read_rubric", "rubric_of", "written_comments", "written_rubric"]

RUBRIC = ("id", "exercise", "points", "text")
COMMENT = ("exercise", "mistake", "text", "points")
ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,39}")
LONGEST_TEXT = 4000
MOST_POINTS = 1000.0
MOST = 5000
T = TypeVar("T")


def check_id(ident: str) -> str:
    """Return an id of a rubric item if it is one.

    Raises:
        UsageError: it is none.

    """
    if not ID.fullmatch(ident):
        raise UsageError(
            f"{ident[:60]!r} is no id: letters, digits, and . _ : - between, 40 at most; it begins with a letter or digit"
        )
    return ident


def rubric_of(values: Mapping[str, Any]) -> RubricItem:
    """Return the rubric item of one entry of a file, or of a command line.

    Raises:
        UsageError: a value is missing, or does not fit.

    """
    return RubricItem(
        id=check_id(_text(values, "id", 40)),
        exercise=_text(values, "exercise", 200),
        points=_points(values, needed=True),
        text=_text(values, "text", LONGEST_TEXT),
    )


def comments_of(values: Mapping[str, Any]) -> Comment:
    """Return the comment of one entry of a file, or of a command line; errors as :func:`rubric_of`.

    A mistake that is named without its exercise gets its whole code: else one mistake could have two comments.
    """
    exercise, mistake = _text(values, "exercise", 200), _text(values, "mistake", 200, needed=False)
    return Comment(
        exercise=exercise,
        mistake=f"{exercise}/{mistake}" if mistake and "/" not in mistake else mistake,
        text=_text(values, "text", LONGEST_TEXT),
        points=_points(values, needed=False),
    )


def _text(values: Mapping[str, Any], key: str, longest: int, *, needed: bool = True) -> str:
    value = values.get(key, "")
    if not isinstance(value, str):
        raise UsageError(f"{key} is a text, not {value!r}"[:200])
    value = value.strip()
    if needed and not value:
        raise UsageError(f"{key} is missing")
    if len(value) > longest:
        raise UsageError(f"{key} has at most {longest} characters, not {len(value)}")
    return value


def _points(values: Mapping[str, Any], *, needed: bool) -> float:
    value = values.get("points", "" if needed else 0.0)
    if isinstance(value, str):
        try:
            value = number(value)
        except ValueError as error:
            raise UsageError(f"points: {error}") from None
        value = 0.0 if value is None and not needed else value
    if value is None:
        raise UsageError("points are missing")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise UsageError(f"points are a number, not {value!r}"[:200])
    if abs(value) > MOST_POINTS:
        raise UsageError(f"points are between {-MOST_POINTS:g} and {MOST_POINTS:g}, not {value:g}")
    return float(value)


def read_rubric(path: Path) -> list[RubricItem]:
    """Read the rubric items of a file.

    Raises:
        UsageError: it cannot be read, or an entry does not fit, or an id is there twice; the message has file, place and reason.

    """
    items = _read(path, "rubric", RUBRIC, rubric_of)
    ids = [item.id for item in items]
    for ident in ids:
        if ids.count(ident) > 1:
            raise UsageError(f"{path}: the id {ident!r} is there twice")
    return items


def read_comments(path: Path) -> list[Comment]:
    """Read the comments of a file; errors as :func:`read_rubric`, and where a mistake has two."""
    comments = _read(path, "comment", COMMENT, comments_of)
    whose = [(comment.exercise, comment.mistake) for comment in comments]
    for exercise, mistake in whose:
        if whose.count((exercise, mistake)) > 1:
            raise UsageError(
                f"{path}: {exercise} has two comments for {mistake or 'whoever has not passed'}: join them"
            )
    return comments


def _read(path: Path, table: str, columns: Sequence[str], made: Callable[[Mapping[str, Any]], T]) -> list[T]:
    entries: Iterable[tuple[str, Mapping[str, Any]]]
    if path.suffix.lower() == ".csv":
        entries = ((f"{path}:{row.line}", row.cells) for row in read_table(path, columns, columns))
    elif path.suffix.lower() == ".toml":
        entries = _toml(path, table, columns)
    else:
        raise UsageError(f"{path}: a {table} is kept as .toml or .csv")
    found = []
    for place, values in entries:
        try:
            found.append(made(values))
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None
    if len(found) > MOST:
        raise UsageError(f"{path} has {len(found)} entries; at most {MOST} are read")
    return found


def _toml(path: Path, table: str, columns: Sequence[str]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    try:
        read = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no TOML: {error}") from None
    for name in read:
        if name not in ("rubric", "comment"):
            raise UsageError(f"{path}: there is no table {name!r}; there are [[rubric]] and [[comment]]")
    entries = read.get(table, [])
    if not isinstance(entries, list):
        raise UsageError(f"{path}: [[{table}]] is written with two brackets, once for each entry")
    for place, values in enumerate(entries, 1):
        where = f"{path}: [[{table}]] number {place}"
        if not isinstance(values, dict):
            raise UsageError(f"{where}: it is no table")
        unknown = [key for key in values if key not in columns]
        if unknown:
            raise UsageError(f"{where}: there is no {unknown[0]!r}; there are {', '.join(columns)}")
        yield where, values


def written_rubric(items: Iterable[RubricItem], path: Path) -> str:
    """Return the text of a file of rubric items, in the form that its name says; items that were taken back are left out.

    Raises:
        UsageError: its name says neither form.

    """
    return _written(path, "rubric", RUBRIC, [vars(item) for item in items if item.active])


def written_comments(comments: Iterable[Comment], path: Path) -> str:
    """Return the text of a file of comments; errors as :func:`written_rubric`."""
    return _written(path, "comment", COMMENT, [vars(comment) for comment in comments])


def _written(path: Path, table: str, columns: Sequence[str], entries: Sequence[Mapping[str, Any]]) -> str:
    match path.suffix.lower():
        case ".csv":
            return written(columns, entries)
        case ".toml":
            tables = ["\n".join([f"[[{table}]]", *(f"{key} = {_value(e[key])}" for key in columns)]) for e in entries]
            return "\n\n".join(tables) + "\n" if tables else ""
    raise UsageError(f"{path}: a {table} is kept as .toml or .csv")


def _value(value: object) -> str:
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for DEL, which JSON leaves as it is; half a surrogate pair has no place in UTF-8.
        whole = value.encode("utf-8", "replace").decode()
        return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
    assert isinstance(value, (int, float))
    return repr(float(value))
