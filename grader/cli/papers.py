"""The papers of an exam, for ``gradmark release --exam``: one for everybody, one for a student, or one for each of the roster."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.everybody import folders_of, table, write_all
from grader.cli.terminal import echo, say
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course import Assignment, Course
    from grader.exam import Exam, ExamAsked

__all__ = ["PaperOptions", "release_papers"]

NAME = "exam.ipynb"
LIST = "papers.csv"
POINTS = 40.0


@dataclass(frozen=True, kw_only=True)
class PaperOptions:
    """The options of ``gradmark release --exam``; None where one was not given."""

    points: float | None = None
    seed: int | None = None
    forms: str | None = None
    title: str = ""
    student: str = ""
    out: Path | None = None


def release_papers(named: Sequence[str], options: PaperOptions, course: Course) -> int:
    """Write papers, and say by which lines of a course file they are graded.

    Args:
        named: units, some with shares, ``layers=8``; or an assignment of the course file that is an exam.
        options: of the command line.
        course: its roster, its salt, and its private banks.

    Raises:
        UsageError: the exam cannot be made, or a paper cannot be written.

    """
    from grader.bank import catalogue
    from grader.course import read_plan
    from grader.exam import make_exam, settings_of
    from grader.release import paper

    units = catalogue(course.bank).units
    of_file = _of_file(named, options, course)
    if of_file is not None:
        plan = read_plan(course, of_file.name, catalogue(course.bank))
        assert plan.exam is not None
        exam = plan.exam
    else:
        asked = _asked(named, options, alone=not options.student and not course.roster.people)
        exam = make_exam(settings_of(asked, list(units)), units, course.salt)
    title = options.title or (of_file.title if of_file is not None else "")
    whose = _whose(options, exam, course)
    if course.variants and "" in whose:
        raise UsageError(
            "this course has personal variants, and this paper would be everybody's: give each one of their own (a roster, or"
            " --student ID, and an exam without same = true), or set variants = false"
        )
    salt = course.variant_salt
    papers = {student: paper(exam, student, banks=course.bank, title=title, variants=salt) for student in whose}
    if len(papers) == 1:
        _one(papers[whose[0]], options.out or Path(NAME))
    else:
        _each(papers, exam, options.out or Path("exam"))
    _tell(exam, title, whose, course, of_file)
    return 0


def _of_file(named: Sequence[str], options: PaperOptions, course: Course) -> Assignment | None:
    """Return the assignment of the course file that is meant; its settings are those of the file alone."""
    found = [course.assignments[name] for name in named if name in course.assignments]
    exams = [assignment for assignment in found if assignment.exam is not None]
    if not exams:
        return None
    if len(named) > 1:
        raise UsageError(f"{exams[0].name} is an exam of the course file, with its units: name it alone")
    given = {"--points": options.points, "--seed": options.seed, "--forms": options.forms}
    if twice := [name for name, value in given.items() if value is not None]:
        raise UsageError(f"{exams[0].name} has its settings in the course file: leave out {', '.join(twice)}")
    return exams[0]


def _asked(named: Sequence[str], options: PaperOptions, *, alone: bool) -> ExamAsked:
    from grader.exam import ExamAsked

    forms = [part.strip() for part in (options.forms or "").split(",") if part.strip()]
    return ExamAsked(
        points=POINTS if options.points is None else options.points,
        seed=options.seed or 0,
        units=_shares("unit", named),
        forms=_shares("form", forms),
        same=alone,
    )


def _shares(what: str, named: Sequence[str]) -> Mapping[str, float | str]:
    found: dict[str, float | str] = {}
    for part in named:
        name, _, share = part.partition("=")
        if name in found:
            raise UsageError(f"the {what} {name} is named twice")
        found[name.strip()] = share.strip()
    return found


def _whose(options: PaperOptions, exam: Exam, course: Course) -> list[str]:
    people = [person.id for person in course.roster.people]
    if options.student:
        if people and options.student not in people:
            raise UsageError(f"{options.student!r} is not in the roster: name an id that it has")
        return [options.student]
    return [""] if exam.settings.same or not people else people


def _one(text: str, path: Path) -> None:
    from grader.writing import write_whole

    if path.suffix.lower() != ".ipynb":
        path = path / NAME
    if path.exists():
        raise UsageError(f"{path} is there already, and may hold somebody's work: name another place with --out")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
    echo(f"written: {path}")


def _each(papers: Mapping[str, str], exam: Exam, out: Path) -> None:
    """Write a folder a student, with what is on whose paper beside them."""
    if out.suffix.lower() == ".ipynb":
        raise UsageError(
            f"{out} is one notebook, and there are {len(papers)} papers: name a folder or a .zip with --out"
        )
    folders = folders_of(papers, (LIST,))
    files = {f"{folders[student]}/{NAME}": text.encode for student, text in papers.items()}
    write_all({**files, LIST: _list(folders, exam).encode}, out)
    echo(f"written: {out} ({len(papers)} papers, each {NAME} in a folder of its student; {LIST} has who got what)")


def _list(folders: Mapping[str, str], exam: Exam) -> str:
    points = {name: value for group in exam.groups for name, (_, value) in zip(group.names, group.parts, strict=True)}
    return table(
        ("student", "folder", "exercise", "points"),
        (
            (student, folder, name, f"{float(points[name]):g}")
            for student, folder in folders.items()
            for name in exam.of(student)
        ),
    )


def _tell(exam: Exam, title: str, whose: Sequence[str], course: Course, of_file: Assignment | None) -> None:
    from grader.exam import told

    spread: dict[str, float] = {}
    for group in exam.groups_for(whose[0]):
        spread[group.unit] = spread.get(group.unit, 0.0) + float(group.points)
    echo(f"{told(exam.settings.points)} points: {', '.join(f'{unit} {told(value)}' for unit, value in spread.items())}")
    if not exam.settings.same:
        different = len({exam.of(student) for student in whose})
        if len(whose) > 1:
            echo(f"{different} different papers among {len(whose)} students; {exam.papers:,} are possible at most")
        if exam.papers < 2 or (different < len(whose)):
            say("some papers are the same: more units, more forms or other points leave more to draw from")
        if not course.salt:
            say(
                "there is no salt: who has this bank and an id can work out the paper; `salt` in the course file is your secret"
            )
    if of_file is not None:
        if of_file.exam is not None and not of_file.exam.made:
            echo(f'for the exam\'s line in {course.path}, so that other papers are noticed: made = "{exam.mark}"')
        return
    echo("\nTo grade them, put this into the course file:\n")
    echo(_lines(exam, title))


def _lines(exam: Exam, title: str) -> str:
    """Return the lines of a course file that stand for an exam."""
    from grader.exam import FORMS, LEFT_OUT, told

    def shares(of: Mapping[str, float | None]) -> str:
        if all(share is None for share in of.values()):
            return json.dumps(list(of))
        written = {name: '""' if share is None else told(share) for name, share in of.items()}
        rows = (f"{_key(name)} = {share}" for name, share in written.items())
        return f"{{{', '.join(rows)}}}"

    settings = exam.settings
    parts = [f"points = {told(settings.points)}", f"seed = {settings.seed}", f"units = {shares(settings.units)}"]
    if {*settings.forms} != {*FORMS} - {*LEFT_OUT} or any(share is not None for share in settings.forms.values()):
        parts.append(f"forms = {shares(settings.forms)}")
    if settings.same:
        parts.append("same = true")
    parts.append(f'made = "{exam.mark}"')
    return "\n".join(
        [
            "[assignment.exam]",
            f"title = {json.dumps(title or 'Mock exam', ensure_ascii=False)}",
            f"exam = {{{', '.join(parts)}}}",
        ]
    )


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
