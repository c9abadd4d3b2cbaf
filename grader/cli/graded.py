"""The reading of a class, for all commands that ask for its grades: course file, gradebook and assignments, by the same options.

A command takes them by :func:`of_class`, which hands it one :class:`Asked`, and reads with :func:`read_class`::

    @click.command()
    @of_class
    def export(asked: Asked, ...) -> int:
        with read_class(asked) as found:
            for name in found.assignments:
                grades = found.graded(name)

Without a course file every unit in the gradebook is an assignment, and the people are those of the gradebook.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from grader.cli.options import COURSE, GRADEBOOK, gradebook_place
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.bank import Catalogue
    from grader.course import Course, Plan
    from grader.gradebook import Gradebook
    from grader.grades import Attempt, Comment, Grade, Mark, RubricItem
    from grader.people import Person

__all__ = ["ASSIGNMENT", "WHY", "Asked", "Instead", "ReadClass", "of_class", "read_class"]

ASSIGNMENT = click.option("--assignment", metavar="NAME", help="One assignment of the course; without it, all.")
T = TypeVar("T")
WHY = click.option("--why", metavar="TEXT", default="", help="The reason, for the trail.")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The class that a command line names.

    Args:
        course_file: that of ``--course``; None for the one in the current folder, if there is one.
        gradebook: a file or URL, of ``--gradebook`` or the environment; None for ``gradebook.db`` beside the course file.
        assignment: that of ``--assignment``; None for all.

    """

    course_file: Path | None = None
    gradebook: str | None = None
    assignment: str | None = None


def of_class(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--course``, ``--gradebook`` and ``--assignment``, which it gets as one argument, ``asked``."""

    @functools.wraps(command)
    def asking(
        *args: Any, course_file: Path | None, gradebook: str | None, assignment: str | None, **others: Any
    ) -> Any:
        return command(
            *args, asked=Asked(course_file=course_file, gradebook=gradebook, assignment=assignment), **others
        )

    return COURSE(GRADEBOOK(ASSIGNMENT(asking)))


def read_class(asked: Asked, *, create: bool = False) -> ReadClass:
    """Read the course file and open the gradebook; the caller closes it, best by ``with``.

    Args:
        asked: see :class:`Asked`.
        create: make a gradebook that is not there.

    Raises:
        UsageError: the course file, the gradebook or the assignment is not there, or cannot be used.

    """
    from grader.course import read_course
    from grader.gradebook import Gradebook

    course = read_course(asked.course_file)
    gradebook = Gradebook.open(gradebook_place(asked.gradebook, course.path), create=create)
    try:
        return ReadClass(asked, course, gradebook)
    except BaseException:
        gradebook.close()
        raise


@dataclass(frozen=True, kw_only=True)
class Instead:
    """Facts that take the place of those of the gradebook which are of the same thing, to see what they would come to."""

    attempts: Sequence[Attempt] = ()
    marks: Sequence[Mark] = ()
    rubric: Sequence[RubricItem] = ()
    comments: Sequence[Comment] = ()


class ReadClass:
    """A class as it is now: the course, the open gradebook, and what is asked in each assignment.

    Args:
        asked: see :class:`Asked`.
        course: as read; its gaps are filled from the gradebook.
        gradebook: open; closed with this.

    Attributes:
        assignments: the names of the assignments that were asked for, in the order of the course.

    Raises:
        UsageError: there is no such assignment.

    """

    def __init__(self, asked: Asked, course: Course, gradebook: Gradebook) -> None:
        self.gradebook = gradebook
        self._attempts: dict[str, list[Attempt]] = {}
        self.course = course if course.assignments and course.roster.people else self._filled(course)
        known = tuple(self.course.assignments)
        if asked.assignment is not None and asked.assignment not in known:
            there = f"there are {', '.join(known)}" if known else "there is none in the course file or the gradebook"
            raise UsageError(f"there is no assignment {asked.assignment!r}; {there}")
        self.assignments = known if asked.assignment is None else (asked.assignment,)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gradebook.close()

    def _filled(self, course: Course) -> Course:
        """Return a course with the assignments and the people of the gradebook, where its file names none.

        Raises:
            UsageError: without assignments, the gradebook has one that is no unit of the bank.

        """
        from grader.bank import catalogue
        from grader.course import Assignment, roster_of

        attempts, marks = self.gradebook.attempts(), self.gradebook.marks()
        for attempt in attempts:
            self._attempts.setdefault(attempt.assignment, []).append(attempt)
        if not course.assignments:
            units = catalogue(course.bank).units
            names = {*self._attempts, *(mark.assignment for mark in marks)}
            if unknown := sorted(names - set(units)):
                raise UsageError(
                    f"the gradebook has the assignment {unknown[0]!r}, which is no unit of the bank: "
                    "name its course file with --course"
                )
            known = [
                Assignment(name=name, title=unit.title, units=(name,), late=course.late)
                for name, unit in units.items()
                if name in names
            ]
            course = replace(course, assignments={assignment.name: assignment for assignment in known})
        if not course.roster.people:
            course = replace(course, roster=roster_of(attempts, marks))
        return course

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """Return the exercises of the bank and of the course's private banks."""
        from grader.bank import catalogue

        return catalogue(self.course.bank)

    @functools.cached_property
    def plans(self) -> Mapping[str, Plan]:
        """Return what is asked in each assignment of the course, by its name."""
        from grader.course import read_plan

        return {name: read_plan(self.course, name, self.catalogue) for name in self.course.assignments}

    @property
    def people(self) -> tuple[Person, ...]:
        """Return everybody of the roster."""
        return self.course.roster.people

    def attempts(self, assignment: str) -> list[Attempt]:
        """Return all attempts at an assignment, oldest first; read once."""
        if assignment not in self._attempts:
            self._attempts[assignment] = self.gradebook.attempts(assignment)
        return self._attempts[assignment]

    def marks(self, assignment: str) -> list[Mark]:
        """Return the present marks of an assignment."""
        return self.gradebook.marks(assignment)

    def graded(self, assignment: str, instead: Instead | None = None) -> list[Grade]:
        """Return the grades of an assignment, one for each of the roster, in its order.

        Args:
            assignment: its name.
            instead: facts that are taken for those of the gradebook; nothing is written.

        """
        from grader.course import grades

        plan, other = self.plans[assignment], instead or Instead()
        # Whoever shares slip days with earlier assignments has spent some there.
        names = [assignment, *(earlier.assignment.name for earlier in plan.earlier)]
        return grades(
            plan,
            _with([a for name in names for a in self.attempts(name)], other.attempts, lambda a: a.key),
            _with(
                [m for name in names for m in self.marks(name)],
                other.marks,
                lambda m: (m.student, m.assignment, m.exercise),
            ),
            _with(self.gradebook.rubric(), other.rubric, lambda item: item.id),
            _with(self.gradebook.comments(), other.comments, lambda c: (c.exercise, c.mistake)),
        )

    def person(self, named: str) -> Person:
        """Return the person of an id, login, address or name; of a pseudonym too, where the course has a salt.

        Raises:
            UsageError: there is nobody, or more than one; the message names those who are near.

        """
        from grader.marking import named_person

        if self.course.salt and named.startswith("student-"):
            from grader.blind import pseudonyms

            hidden = pseudonyms(self.people, self.course.salt)
            found = [person for person in self.people if hidden[person.id].id == named]
            if found:
                return found[0]
        return named_person(self.people, named)

    def exercise(self, named: str, assignment: str | None = None) -> tuple[str, str]:
        """Return the assignment and the full name of an exercise, among the assignments that were asked for, or of this one.

        Raises:
            UsageError: there is no such assignment, no assignment has it, or more than one.

        """
        from grader.marking import named_exercise

        if assignment is not None and assignment not in self.assignments:
            raise UsageError(f"there is no assignment {assignment!r}; there are {', '.join(self.assignments)}")
        names = self.assignments if assignment is None else (assignment,)
        has = {name: [e.name for e in self.plans[name].exercises] for name in names}
        full = named_exercise(dict.fromkeys(e for exercises in has.values() for e in exercises), named)
        of = [name for name, exercises in has.items() if full in exercises]
        if len(of) > 1:
            raise UsageError(f"{full} is in {', '.join(of)}: name one with --assignment")
        return of[0], full


def _with(facts: Sequence[T], others: Sequence[T], of: Callable[[T], Hashable]) -> list[T]:
    """Return facts with others in the place of those that are of the same thing, or after them."""
    instead = {of(fact): fact for fact in others}
    return [instead.pop(of(fact), fact) for fact in facts] + list(instead.values())
