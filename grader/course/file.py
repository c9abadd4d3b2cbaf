"""The course file: what an instructor settles once for all submissions, in TOML. It is the grader's, never a submission's.

::

    [limits]                    # any of grader.runtime.Limits
    cell_seconds = 60
    memory_bytes = 1_000_000_000

    [kernel]
    packages = ["scipy"]        # what submissions may import besides numpy, matplotlib and the standard library

It is named by ``--course FILE``, or is the ``gradmark.toml`` of the folder in which the grader was started; one that a submission
brings is not looked at.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.runtime import Limits

__all__ = ["FILE", "Course", "course"]

FILE = "gradmark.toml"


KNOWN = {"extra": "forbid"}
"""For pydantic, which is imported where a file is to be checked."""


@dataclass(frozen=True)
class Kernel:
    """What the process that runs a submission offers."""

    __pydantic_config__ = KNOWN

    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """A course file as it was read; without one, the defaults."""

    __pydantic_config__ = KNOWN

    limits: dict[str, Any] = field(default_factory=dict)
    kernel: Kernel = field(default_factory=Kernel)

    def bounds(self, **given: Any) -> Limits:
        """The limits, those of the command line before those of the file."""
        return Limits(**{**self.limits, **{name: value for name, value in given.items() if value is not None}})


def course(named: Path | None, submissions: Sequence[Path] = ()) -> Course:
    """The course file that is ``named``, else the one in the current folder if no submission lies around it, else the defaults.

    Raises:
        UsageError: there is no such file, it is no TOML, or it says something that is unknown or does not fit.

    """
    path = named or Path(FILE)
    if named is None and (not path.is_file() or any(_within(path, s) for s in submissions)):
        return Course()
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the course file {path} cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the course file {path} is no TOML: {error}") from None
    found: Course = _checked(path, Course, read)
    _checked(path, _limits(), found.limits, "limits")
    return found


def _checked(path: Path, kind: Any, read: Any, *table: str) -> Any:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(read)
    except ValidationError as error:
        complaints = [
            _said(*table, *map(str, e["loc"]), kind=e["type"], says=e["msg"], came=e["input"]) for e in error.errors()
        ]
        raise UsageError(f"the course file {path}: {'; '.join(complaints)}") from None


def _within(path: Path, submission: Path) -> bool:
    """Whether a submission's folder holds the file: then it is the submission's."""
    return submission.is_dir() and path.resolve().is_relative_to(submission.resolve())


def _limits() -> Any:
    """The limits as a model: each a positive number of its own kind."""
    from pydantic import ConfigDict, Field, create_model

    kinds: dict[str, Any] = {
        f.name: (int if isinstance(f.default, int) else float, Field(default=f.default, gt=0)) for f in fields(Limits)
    }
    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return create_model("limits", __config__=config, **kinds)


def _said(*loc: str, kind: str, says: str, came: Any) -> str:
    """One complaint, by the name that stands in the file."""
    name = ".".join(loc)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        known = (
            ["limits", "kernel"]
            if len(loc) == 1
            else [f.name for f in fields(Limits)]
            if loc[0] == "limits"
            else ["packages"]
        )
        near = difflib.get_close_matches(loc[-1], known, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        return f"{name} is unknown: {hint}"
    return f"{name}: {says[:1].lower()}{says[1:].replace('tuple', 'list')} (it is {came!r})"
