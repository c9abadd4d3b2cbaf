"""The command that looks at what a class handed in: ``gradmark collect``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from grader.cli.options import COURSE, PATH
from grader.cli.terminal import echo, say, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grader.course import Course, Matched
    from grader.submission import Found, HandIn

__all__ = ["LAYOUT", "collect", "find_and_match", "matching_options"]

LAYOUTS = (
    "auto", "collected", "gradescope", "moodle", "canvas", "nbgrader", "repositories", "folders", "files", "student"
)  # fmt: skip
"""Those of ``grader.submission``, named here too: the help must come at once."""
LAYOUT = click.Choice(LAYOUTS)
MOST_LISTED = 12
WIDTH = 80
UNMATCHED = 1
"""The exit code where a hand-in is nobody's."""


def matching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say whose a hand-in is: ``layout``, ``matches``, ``accept``."""
    for option in (
        click.option("--accept", is_flag=True, help="Take a name that is near, where there is only one such."),
        click.option("--matches", type=PATH, metavar="FILE", help="Who is who, decided by hand: a CSV file."),
        click.option(
            "--layout", type=LAYOUT, default="auto", metavar="NAME", help=f"How PATH is laid out: {', '.join(LAYOUTS)}."
        ),
    ):
        command = option(command)
    return command


def find_and_match(
    paths: tuple[Path, ...], course: Course, layout: str, matches: Path | None, *, accept: bool
) -> tuple[Found, Matched]:
    """Find the hand-ins at paths, and match them with the course's roster."""
    from grader.bank import UNITS, units_of
    from grader.course import match, read_matches
    from grader.submission import find

    units = {*UNITS, *(unit for bank in course.bank for unit in units_of(bank)), *course.assignments}
    found = find(paths, layout, sorted(units))
    roster = course.roster if course.roster.people else None
    decided = read_matches(matches, roster) if matches is not None else {}
    return found, match(found.hand_ins, roster, decided, accept=accept)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@matching_options
@click.option("--write-matches", type=PATH, metavar="FILE", help="Write who is who, to be decided where it is open.")
@click.option("--into", type=PATH, metavar="DIR", help="Lay everything out: a folder a student.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@COURSE
def collect(
    paths: tuple[Path, ...],
    layout: str,
    matches: Path | None,
    accept: bool,
    write_matches: Path | None,
    into: Path | None,
    as_json: bool,
    course_file: Path | None,
) -> int:
    """See what a class handed in: whose, when, and from where.

    PATH is a download of Canvas, Moodle, Gradescope, nbgrader or classroom50, as a folder or a zip archive, cloned repositories, or
    folders and files of students. Nothing is graded. Who is in the roster of the course file is matched by id, login and e-mail; a
    name that fits exactly is taken and shown, one that is near is proposed. With --into DIR everything is laid out there, and
    `gradmark batch DIR` reads it back.

    Exit code 1 if something is nobody's, though there is a roster.
    """
    from grader.course import read_course
    from grader.course import write_matches as write
    from grader.submission import check_into, lay_out

    if into is not None:
        check_into(into)
    if write_matches is not None and write_matches.exists() and write_matches != matches:
        raise UsageError(
            f"{write_matches} is there already: read it too, with --matches {write_matches}, or name another"
        )
    course = read_course(course_file, paths)
    found, matched = find_and_match(paths, course, layout, matches, accept=accept)
    if write_matches is not None:
        write(write_matches, matched)
    problems = lay_out(into, matched.of, matched.unmatched) if into is not None else []
    if as_json:
        echo(json.dumps(_document(found, matched, problems), indent=1))
    else:
        echo(found.layout)
        if matched.of:
            show_on_terminal(_table(matched, course))
        for line in _lines(found, matched, has_roster=bool(course.roster.people)):
            echo(line)
    for problem in problems[:MOST_LISTED]:
        say(f"cannot be read: {problem}")
    if len(problems) > MOST_LISTED:
        say(f"and {len(problems) - MOST_LISTED} more cannot be read")
    if write_matches is not None:
        say(f"written: {write_matches}; fill in the column student, and read it with --matches {write_matches}")
    if into is not None:
        aside = f", {len(matched.unmatched)} of nobody in {into / '.unmatched'}" if matched.unmatched else ""
        many = "1 student" if len(matched.of) == 1 else f"{len(matched.of)} students"
        say(f"laid out in {into}: {many}{aside}; grade with `gradmark batch {into}`")
    return UNMATCHED if matched.unmatched else 0


def _table(matched: Matched, course: Course) -> RenderableType:
    """Return the table of students: 80 columns, one line a student."""
    from rich.table import Table

    from grader.report import inline

    by_name = {proposal.person.id for proposal in matched.proposals if proposal.taken}
    table = Table(box=None, pad_edge=False, width=WIDTH)
    for title, ratio in (("student", 3), ("name", 4)):
        table.add_column(title, ratio=ratio, no_wrap=True, overflow="ellipsis")
    table.add_column("handed in", width=16, no_wrap=True)
    table.add_column("files", width=5, justify="right", no_wrap=True)
    table.add_column("", width=16, no_wrap=True, overflow="ellipsis")
    order = {person.id: index for index, person in enumerate(course.roster.people)}
    for student in sorted(matched.of, key=lambda one: (order.get(one, len(order)), one)):
        own = matched.of[student]
        last = own[-1]
        person = course.roster.get(student)
        name = person.name if person is not None else last.hint.name or last.source
        marks = [
            *(["late"] if last.late_mark else []),
            *([f"{len(own)} hand-ins"] if len(own) > 1 else []),
            *(["by name"] if student in by_name else []),
        ]
        when = _shown(last.submitted, course.zone) or (f"({last.dated:%Y-%m-%d}?)" if last.dated else "")
        table.add_row(inline(student), inline(name), when, str(len(last.files)), ", ".join(marks))
    return table


def _shown(when: datetime | None, zone: tzinfo) -> str:
    return "" if when is None else f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def _lines(found: Found, matched: Matched, *, has_roster: bool) -> Iterator[str]:
    """Yield what is to be said below the table."""
    by_name = [p for p in matched.proposals if p.taken]
    yield from _listed(
        f"{len(by_name)} by name: look whether they are right",
        (f"{p.hand_in.hint.text} is {p.person.id} ({p.person.name}), {p.how}" for p in by_name),
    )
    yield from _listed(
        f"{len(matched.unmatched)} nobody's: decide with --write-matches FILE, then --matches FILE",
        (f"{h.hint.text}: {reason}" for h, reason in zip(matched.unmatched, matched.reasons, strict=True)),
        whole=True,
    )
    if has_roster:
        yield from _listed(f"{len(matched.missing)} handed in nothing", (p.id for p in matched.missing), row=True)
    yield from _listed(f"{len(matched.aside)} left aside", (h.hint.text for h in matched.aside), row=True)
    yield from _listed(f"{len(found.left)} passed over", found.left, row=True)


def _listed(title: str, items: Iterable[str], *, row: bool = False, whole: bool = False) -> Iterator[str]:
    """Yield a title with its items, cleaned: in lines, or in a row; of many the first, unless they are wanted whole."""
    from grader.report import inline

    known = [inline(item, 200) for item in items]
    if not known:
        return
    shown = known if whole else known[:MOST_LISTED]
    more = [f"and {len(known) - len(shown)} more"] if len(known) > len(shown) else []
    if row:
        yield fill(f"{title}: {', '.join([*shown, *more])}", WIDTH, subsequent_indent="  ", break_on_hyphens=False)
        return
    yield title
    for line in [*shown, *more]:
        yield fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _document(found: Found, matched: Matched, problems: list[str]) -> dict[str, Any]:
    """Return the document of ``--json``."""
    return {
        "schema": "gradmark/collected/1",
        "told": found.layout,
        "layout": found.name,
        "students": [
            {"student": student, "hand_ins": [_hand_in(hand_in) for hand_in in own]}
            for student, own in sorted(matched.of.items())
        ],
        "proposals": [
            {"hand_in": p.hand_in.hint.text, "student": p.person.id, "how": p.how, "taken": p.taken}
            for p in matched.proposals
        ],
        "unmatched": [
            {**_hand_in(hand_in), "reason": reason}
            for hand_in, reason in zip(matched.unmatched, matched.reasons, strict=True)
        ],
        "missing": [person.id for person in matched.missing],
        "aside": [hand_in.hint.text for hand_in in matched.aside],
        "left": found.left,
        "problems": problems,
    }


def _hand_in(hand_in: HandIn) -> dict[str, Any]:
    return {
        "hand_in": hand_in.hint.text,
        "source": hand_in.source,
        "files": [file.name for file in hand_in.files],
        "submitted": hand_in.submitted.isoformat() if hand_in.submitted else None,
        "earlier": [when.isoformat() for when in hand_in.earlier],
        "dated": hand_in.dated.isoformat() if hand_in.dated else None,
        "late": hand_in.late_mark,
        "assignment": hand_in.assignment,
        "notes": list(hand_in.notes),
        "problem": hand_in.problem,
    }
