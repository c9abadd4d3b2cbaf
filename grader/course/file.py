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

and with who takes part, what is asked by when, and what late work counts for: :mod:`grader.course.model` has all settings.

The course file is named by ``--course FILE``, or is the ``gradmark.toml`` of the folder in which the grader was started. A course
file inside a submission is ignored: it would be the student's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from grader.course.assignments import Assignment, Extension, Waiver
from grader.course.late import Policy
from grader.course.leave import read_exceptions, read_extensions
from grader.course.lines import Places
from grader.course.policies import read_policy
from grader.course.reading import read_assignments, read_zone, roster_path, with_releases
from grader.course.roster import Roster, read_roster_file
from grader.course.shown import read_shown
from grader.course.validation import validated
from grader.errors import UsageError
from grader.shown import Rules

if TYPE_CHECKING:
    from grader.runtime import Limits

__all__ = ["FILE", "Course", "read_course"]

FILE = "gradmark.toml"
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Kernel:
    """The settings of the process that runs a submission."""

    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """The settings of a course file; without a file, the defaults.

    Args:
        bank: the folders of private banks, as absolute paths.
        limits: those of :class:`grader.runtime.Limits` that the file sets.
        kernel: the process that runs a submission.
        shown: what students see, with the releases of the assignments.
        name: of the course.
        salt: a text that only this course has.
        drawn: how many cases of an exercise are drawn; None for as many as are by default.
        variants: whether exercises have personal variants in this course; it has a salt then.
        zone: of its dates and days; UTC where the file names none.
        roster: who takes part; empty where the file names none.
        assignments: by name, in the order of the file; empty where each unit is one.
        late: the late policy of the course; assignments have theirs, which mostly is this one.
        extensions: of the file and of the list that it names.
        exceptions: of the file.
        path: of the file; None without one.

    """

    bank: tuple[Path, ...] = ()
    limits: dict[str, Any] = field(default_factory=dict)
    kernel: Kernel = field(default_factory=Kernel)
    shown: Rules = field(default_factory=Rules)
    name: str = ""
    salt: str = ""
    drawn: int | None = None
    variants: bool = False
    zone: ZoneInfo = UTC
    roster: Roster = field(default_factory=Roster)
    assignments: Mapping[str, Assignment] = field(default_factory=dict)
    late: Policy = field(default_factory=Policy)
    extensions: tuple[Extension, ...] = ()
    exceptions: tuple[Waiver, ...] = ()
    path: Path | None = None

    @property
    def variant_salt(self) -> str:
        """Return the salt that personal variants are drawn with; empty where all students have the same exercises."""
        return self.salt if self.variants else ""

    @property
    def variant_roster(self) -> tuple[str, ...]:
        """Return the ids among which it is looked for whose variant an answer fits; none without personal variants."""
        return tuple(person.id for person in self.roster.people) if self.variants else ()

    def bounds(self, **given: Any) -> Limits:
        """Return the limits of the file, replaced by those ``given`` on the command line that are not None."""
        from grader.runtime import Limits  # slow to import

        return Limits(**{**self.limits, **{name: value for name, value in given.items() if value is not None}})


def read_course(named: Path | None, submissions: Sequence[Path] = ()) -> Course:
    """Read the course file ``named``, else the one in the current folder if no submission holds it, else return the defaults.

    Raises:
        UsageError: the file, or one that it names, does not exist, is none of its kind, has a setting that is unknown or does not
            fit, or brings code without having been ``named``.

    """
    path = named or Path(FILE)
    if named is None and (not path.is_file() or any(_within(path, s) for s in submissions)):
        return Course()
    places, read = _read(path)
    zone = read_zone(places, read.get("zone"))
    rules = read_shown(places, read.pop("shown"), zone) if "shown" in read else Rules()
    found = validated(places, read)
    if found.bank and named is None:
        # It may be a student's: whoever is in their folder must not run their code by our hand.
        raise UsageError(
            f"{path} names private banks, which are code: name it too, with --course {path}, if it is yours"
        )
    if found.variants and not found.salt.strip():
        at = places.at("variants")
        raise UsageError(f"{at}: variants: they are drawn from the salt: set `salt`, to a text that nobody else knows")
    late = read_policy(places, ("late",), found.late)
    assignments = read_assignments(places, found, late, zone)
    roster = read_roster_file(roster_path(places, found)) if found.roster else Roster()
    return Course(
        bank=_folders(places, found.bank),
        limits=found.limits,
        kernel=Kernel(tuple(found.kernel.packages)),
        shown=with_releases(rules, assignments.values()),
        name=found.name,
        salt=found.salt,
        drawn=found.drawn,
        variants=found.variants,
        zone=zone or UTC,
        roster=roster,
        assignments=assignments,
        late=late,
        extensions=read_extensions(places, found, roster, assignments, zone),
        exceptions=read_exceptions(places, found, roster, assignments),
        path=path,
    )


def _read(path: Path) -> tuple[Places, dict[str, Any]]:
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        read = tomllib.loads(text)
        return Places(path, text), read
    except OSError as error:
        raise UsageError(f"the course file {path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}:{_line(path, error.start)}: the course file is no TOML: {error}") from None
    except RecursionError:
        raise UsageError(f"the course file {path} is no TOML: it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).rpartition(" (at ")
        found = re.match(r"line (\d+)", place)
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1  # at the end of the document
        raise UsageError(f"{path}:{line}: the course file is no TOML: {reason or error}") from None


def _line(path: Path, at: int) -> int:
    return path.read_bytes().count(b"\n", 0, at) + 1


def _folders(places: Places, banks: Sequence[str]) -> tuple[Path, ...]:
    """Find the folders of private banks, which a course file names from its own place.

    Raises:
        UsageError: one is not there, or is named twice; the message has the line of the file.

    """
    found: list[Path] = []
    for at, bank in enumerate(banks):
        folder = (places.path.parent / bank).resolve()
        where = places.at("bank", at)
        if not folder.is_dir():
            raise UsageError(
                f"{where}: bank: there is no folder {bank} beside the course file; make it, or leave it out"
            )
        if folder in found:
            raise UsageError(f"{where}: bank: {Path(bank)} is named twice; name it once")
        found.append(folder)
    return tuple(found)


def _within(path: Path, submission: Path) -> bool:
    """Return True if the file lies in a submission's folder."""
    return submission.is_dir() and path.resolve().is_relative_to(submission.resolve())
