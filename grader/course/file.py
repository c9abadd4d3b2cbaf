"""The course file: an instructor's settings for all submissions, in TOML, read by ``gradmark grade`` before it grades.

::

    bank = ["our-bank"]         # folders of private banks, from this file's own folder; before any table

    [limits]                    # any of grader.runtime.Limits
    cell_seconds = 60
    memory_bytes = 1_000_000_000

    [kernel]
    packages = ["scipy"]        # imports that submissions may use besides numpy, matplotlib and the standard library

    [shown]                     # what students may see of checks (grader.shown)
    law = "score"

The course file is named by ``--course FILE``, or is the ``gradmark.toml`` of the folder in which the grader was started. A course
file inside a submission is ignored: it would be the student's.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course.shown import read_shown
from grader.errors import UsageError
from grader.shown import Rules

if TYPE_CHECKING:
    from grader.runtime import Limits

__all__ = ["FILE", "Course", "read_course"]

FILE = "gradmark.toml"


KNOWN = {"extra": "forbid"}
"""The configuration for pydantic (imported only to check a file): unknown names are errors."""


@dataclass(frozen=True)
class Kernel:
    """The settings of the process that runs a submission."""

    __pydantic_config__ = KNOWN

    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """The settings of a course file; without a file, the defaults. ``bank`` are the folders of private banks, as absolute paths."""

    __pydantic_config__ = KNOWN

    bank: tuple[Path, ...] = ()
    limits: dict[str, Any] = field(default_factory=dict)
    kernel: Kernel = field(default_factory=Kernel)
    shown: Rules = field(default_factory=Rules)

    def bounds(self, **given: Any) -> Limits:
        """Return the limits of the file, replaced by those ``given`` on the command line that are not None."""
        from grader.runtime import Limits  # slow to import

        return Limits(**{**self.limits, **{name: value for name, value in given.items() if value is not None}})


def read_course(named: Path | None, submissions: Sequence[Path] = ()) -> Course:
    """Read the course file ``named``, else the one in the current folder if no submission holds it, else return the defaults.

    Raises:
        UsageError: the file does not exist, is no TOML, has a setting that is unknown or does not fit, or brings code without
            having been ``named``.

    """
    path = named or Path(FILE)
    if named is None and (not path.is_file() or any(_within(path, s) for s in submissions)):
        return Course()
    try:
        text = path.read_text(encoding="utf-8")
        read = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"the course file {path} cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the course file {path} is no TOML: {error}") from None
    shown = read_shown(path, text, read.pop("shown")) if "shown" in read else Rules()
    found: Course = _check(path, Course, read)
    if found.limits:
        _check(path, _limits_model(), found.limits, "limits")
    if found.bank and named is None:
        # It may be a student's: whoever is in their folder must not run their code by our hand.
        raise UsageError(
            f"{path} names private banks, which are code: name it too, with --course {path}, if it is yours"
        )
    return replace(found, bank=_folders(path, found.bank), shown=shown)


def _folders(path: Path, banks: Sequence[Path]) -> tuple[Path, ...]:
    """Find the folders of private banks, which a course file names from its own place.

    Raises:
        UsageError: one is not there, or is named twice; the message has the line of the file.

    """
    found: list[Path] = []
    for bank in banks:
        folder = (path.parent / bank).resolve()
        lines = path.read_text(encoding="utf-8").split("\n")
        line = next((number for number, text in enumerate(lines, 1) if str(bank) in text), 1)
        if not folder.is_dir():
            raise UsageError(
                f"{path}:{line}: bank: there is no folder {bank} beside the course file; make it, or leave it out"
            )
        if folder in found:
            raise UsageError(f"{path}:{line}: bank: {bank} is named twice; name it once")
        found.append(folder)
    return tuple(found)


def _check(path: Path, kind: Any, read: Any, *table: str) -> Any:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(read)
    except ValidationError as error:
        complaints = [
            _complaint(*table, *map(str, e["loc"]), kind=e["type"], says=e["msg"], came=e["input"])
            for e in error.errors()
        ]
        raise UsageError(f"the course file {path}: {'; '.join(complaints)}") from None


def _within(path: Path, submission: Path) -> bool:
    """Return True if the file lies in a submission's folder."""
    return submission.is_dir() and path.resolve().is_relative_to(submission.resolve())


def _limits_model() -> Any:
    """Build a pydantic model of the limits: each a positive number of its default's type."""
    from pydantic import ConfigDict, Field, create_model

    from grader.runtime import Limits

    kinds: dict[str, Any] = {
        f.name: (int if isinstance(f.default, int) else float, Field(default=f.default, gt=0)) for f in fields(Limits)
    }
    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return create_model("limits", __config__=config, **kinds)


def _complaint(*loc: str, kind: str, says: str, came: Any) -> str:
    """Return one complaint about the file, opened by the name of the setting."""
    from grader.runtime import Limits

    name = ".".join(loc)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        known = (
            ["bank", "limits", "kernel", "shown"]
            if len(loc) == 1
            else [f.name for f in fields(Limits)]
            if loc[0] == "limits"
            else ["packages"]
        )
        near = difflib.get_close_matches(loc[-1], known, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        return f"{name} is unknown: {hint}"
    return f"{name}: {says[:1].lower()}{says[1:].replace('tuple', 'list')} (it is {came!r})"
