"""Many submissions, each in its own right: one that fails in any way leaves the others' results whole."""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from grader.bank import Whose, catalogue, personal_stubs, stub_source
from grader.errors import UsageError
from grader.grading.one import Graded, Settings, grade
from grader.items import shown_text
from grader.result import Result, as_json
from grader.runtime import Isolation, Limits, begin, resolve, shows
from grader.submission import HandIn, StubsOf, Submission, collect, submissions_of
from grader.writing import write_whole

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["Options", "collected", "drivers_for", "file_stem", "grade_paths", "handed_in", "out_of_reach", "stubs_of"]

WORTH_A_DRIVER = 48 if sys.platform == "linux" else 2  # elsewhere each submission costs a kernel of its own

SUBMITTED = (".ipynb", ".py", ".zip")
BESIDE = (".toml", ".md", ".rst", ".csv", ".json", ".yml", ".yaml", ".log")
"""Kinds of files that lie beside submissions and that nobody takes for one; a ``.txt`` or ``.pdf`` may be a mistaken hand-in."""


@dataclass(frozen=True)
class Options:
    """The options of ``gradmark grade``.

    Args:
        assignment: None where names and contents tell.
        seed, drawn: see :class:`Settings`; of the second None for the default.
        isolation: the level that is asked for, or ``auto``.
        jobs: how many processes grade; None for as many as pay.
        limits: what a submission may use up; None for the defaults.
        artifacts: a folder that gets every result and every executed notebook as soon as it is there.
        packages: what submissions may import besides the usual.
        diagnosed: explain what was rejected.
        banks: the folders of the course's private banks.
        student: whose submission it is; empty where names tell.
        variants, roster: see :class:`Settings`.
        wanted: of an exam, by student the exercises of each unit that are asked of them; None for what is no exam.
        told: of an exam, says whose paper a student's functions are, where they are not their own.

    """

    assignment: str | None = None
    seed: int = 0
    isolation: str = "auto"
    jobs: int | None = None
    limits: Limits | None = None
    artifacts: Path | None = None
    packages: tuple[str, ...] = ()
    drawn: int | None = None
    diagnosed: bool = True
    banks: tuple[Path, ...] = ()
    student: str = ""
    variants: str = field(default="", repr=False)
    roster: tuple[str, ...] = field(default=(), repr=False)
    wanted: Mapping[str, Mapping[str, frozenset[str] | None]] | None = field(default=None, repr=False)
    told: Callable[[str, Iterable[str]], str] | None = field(default=None, repr=False)

    def settings(self, isolation: Isolation) -> Settings:
        """Return what is passed down to the grading of one submission, at the level that was found to be there."""
        return Settings(
            isolation,
            self.seed,
            self.limits or Limits(),
            drawn=Settings.drawn if self.drawn is None else self.drawn,
            packages=self.packages,
            executed=self.artifacts is not None,
            diagnosed=self.diagnosed,
            banks=self.banks,
            variants=self.variants,
            roster=self.roster,
        )


def handed_in(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Divide paths into submissions and files that only lie beside them, such as a README or a roster; one path is always meant."""
    beside = [path for path in paths if _beside(path)] if len(paths) > 1 else []
    if len(beside) == len(paths):
        beside = []
    return [path for path in paths if path not in beside], beside


def _beside(path: Path) -> bool:
    name = path.name.lower()
    known = (
        path.suffix.lower() in BESIDE
        or name.partition(".")[0] in ("readme", "license", "makefile")
        or name.startswith(".")
    )
    return known and path.suffix.lower() not in SUBMITTED and path.is_file()


_LONGEST, _DIGITS = 80, 10
_PLAIN = re.compile(rf"[a-z0-9_][a-z0-9_.-]{{0,{_LONGEST - 1}}}")
_MARKED = re.compile(rf"-[0-9a-f]{{{_DIGITS}}}$")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
"""Names that Windows takes for a device, whatever their ending."""

OnResult = Callable[[Result], None]


def grade_paths(
    paths: Sequence[Path | HandIn],
    options: Options,
    on_result: OnResult | None = None,
    executor: Executor | None = None,
) -> list[Result]:
    """Grade what is at each path; the results stand in the order of the paths, at least one for each.

    Args:
        paths: notebooks, modules, folders or archives; or hand-ins of a download.
        options: see :class:`Options`.
        on_result: told each result as it is there, in whatever order.
        executor: where to grade; by default this process for few submissions, for many a pool of processes, at most one a core.

    Raises:
        UsageError: no such assignment, an isolation that is not to be had, a folder for artifacts that cannot be written, or a
            private bank that cannot be used.
            Failures of submissions are results, never exceptions.

    """
    # In this process first: what is wrong with a bank is said once, before anything is graded.
    asked = catalogue(options.banks)
    if options.assignment is not None:
        asked.unit(options.assignment)
    out_of_reach(paths, options.banks, options.packages)
    submissions = [submission for _, submission in collected(paths, options)]
    results: list[Result | None] = [None] * len(submissions)
    for index, graded in _graded(submissions, options, executor):
        results[index] = graded.result
        if options.artifacts is not None:
            _keep(graded, options.artifacts)
        if on_result is not None:
            on_result(graded.result)
    return [result for result in results if result is not None]


def out_of_reach(paths: Sequence[Path | HandIn], banks: Sequence[Path], packages: tuple[str, ...]) -> None:
    """Refuse a private bank where student code could read it: in a submission, or among the libraries that submissions see.

    Raises:
        UsageError: one lies there.

    """
    for bank in banks:
        if any(_holds(path, bank.resolve()) for path in paths):
            raise UsageError(f"the private bank {bank} lies in what was handed in; move it elsewhere")
        if shows(bank, packages):
            raise UsageError(
                f"the private bank {bank} lies among the libraries that submissions may read; move it elsewhere"
            )


def _holds(path: Path | HandIn, bank: Path) -> bool:
    if isinstance(path, HandIn):
        return any(at.resolve().is_relative_to(bank) for at in path.on_disk())
    return path.is_dir() and bank.is_relative_to(path.resolve())


def collected(paths: Sequence[Path | HandIn], options: Options) -> list[tuple[Path | HandIn, Submission]]:
    """Return the submissions at paths, each with its path, in the order of their results, and with no two of one name."""
    found = [(path, submission) for path in paths for submission in _collected(path, options)]
    named = _named_apart([submission for _, submission in found])
    return [(path, submission) for (path, _), submission in zip(found, named, strict=True)]


def _collected(path: Path | HandIn, options: Options) -> list[Submission]:
    units = {u.name: frozenset(e.function for e in u.exercises) for u in catalogue(options.banks).units.values()}
    stubs = {name: stub_source(name, options.banks) for name in units}
    personal = stubs_of(options.variants, options.banks)
    if isinstance(path, HandIn) and options.wanted is not None:
        wanted = options.wanted.get(path.id, {})
        of_units = {unit: submissions_of(path, unit, units, stubs, personal) for unit in wanted}
        paper = [replace(one, asked=wanted[unit]) for unit, found in of_units.items() for one in found]
        there = [name for one in paper for name in one.functions_there()]
        says = options.told(path.id, there) if options.told is not None else ""
        return [replace(one, paper=says) if at == 0 else one for at, one in enumerate(paper)]
    if isinstance(path, HandIn):
        return submissions_of(path, options.assignment, units, stubs, personal)
    return collect(path, options.assignment, units, stubs, options.student, personal)


def stubs_of(variants: str, banks: tuple[Path, ...]) -> StubsOf | None:
    """Return what tells a student's own stubs; None where all have the same."""
    return (lambda student: personal_stubs(Whose(student, variants), banks)) if variants else None


def _named_apart(submissions: list[Submission]) -> list[Submission]:
    """Name submissions that would share a name by their paths, and number those that share these too."""
    count = Counter((shown_text(s.id), s.assignment) for s in submissions)
    named = [s if count[shown_text(s.id), s.assignment] == 1 else replace(s, id=s.source) for s in submissions]
    taken: set[tuple[str, str | None]] = set()
    apart = []
    for s in named:
        ident = shown_text(s.id)
        # In front, where nothing cuts it.
        ids = itertools.chain((ident,), (shown_text(f"({number}) {ident}") for number in itertools.count(2)))
        ident = next(i for i in ids if (i, s.assignment) not in taken)
        taken.add((ident, s.assignment))
        apart.append(replace(s, id=ident))
    return apart


def _graded(
    submissions: Sequence[Submission], options: Options, executor: Executor | None
) -> Iterable[tuple[int, Graded]]:
    jobs = min(options.jobs or drivers_for(len(submissions)), len(submissions))
    if executor is None and jobs <= 1:
        begin(options.limits or Limits(), options.isolation, options.packages)
        settings = options.settings(resolve(options.isolation))
        # Unit by unit, as drivers do: what is made for one is made once, and in use while it is remembered.
        by_unit = sorted(range(len(submissions)), key=lambda index: submissions[index].assignment or "")
        return ((index, grade(submissions[index], settings)) for index in by_unit)
    settings = options.settings(resolve(options.isolation))
    from grader.grading.drivers import grade_by_many  # slow to import

    return grade_by_many(submissions, settings, jobs, executor)


def drivers_for(submissions: int) -> int:
    """Return how many processes pay: one more takes as long to start as a driver needs for ``WORTH_A_DRIVER`` submissions."""
    return min(os.cpu_count() or 1, 1 + submissions // WORTH_A_DRIVER)


def _keep(graded: Graded, folder: Path) -> None:
    """Write a result and its executed notebook; complete or not at all."""
    result = graded.result
    name = file_stem(result)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.json", as_json(result))
        if graded.executed is not None:
            write_whole(folder / f"{name}.ipynb", graded.executed)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None


def file_stem(result: Result) -> str:
    """Return a name for the files of a result, without its ending: of another submission or another assignment it is another one.

    It depends on the id and the assignment alone. An id of at most 80 lower-case letters of ASCII, digits, ``-``, ``_``
    and ``.`` stands for itself. Of any other those characters and letters that a file's name may have are kept, and ten digits
    of its sha256 follow, since two ids may look alike when cleaned, cut, or on a disk that takes ``Ada`` for ``ada``.
    """
    ident = result.submission.id
    kept = ident
    # A plain id that looks like one with its digits gets digits too: else it could be made to take another one's place.
    if not _PLAIN.fullmatch(ident) or _MARKED.search(ident) or ident.partition(".")[0] in _DEVICES:
        readable = "".join(c if c.isalnum() or c in "-_." else "_" for c in ident).strip("-.")
        readable = readable.encode()[:_LONGEST].decode(errors="ignore") or "submission"
        kept = f"{readable}-{sha256(ident.encode()).hexdigest()[:_DIGITS]}"
    return f"{kept}.{result.assignment or 'unknown'}"
