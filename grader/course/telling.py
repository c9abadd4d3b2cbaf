"""A course file in sentences: who takes part, what is asked by when, and what late work comes to, with examples in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from grader.course.assignments import EVERY, Assignment, Extension, due_for
from grader.course.file import Course
from grader.course.late import Policy
from grader.course.plan import Plan
from grader.course.steps import Grace, Rate, number
from grader.course.times import DAY, told_date
from grader.shown import KINDS, Rules

__all__ = ["told", "warnings"]

SHARE = 0.85
"""The share of the points of which the examples tell what becomes of it."""


def told(course: Course, plans: Mapping[str, Plan]) -> Iterator[str]:
    """Yield the lines that tell a course, those of an assignment indented below its title.

    Args:
        course: as it was read.
        plans: of its assignments, by name.

    """
    yield course.name or "A course without a name"
    yield from (f"  {line}" for line in _people(course))
    yield f"  Dates and days are those of {course.zone}."
    if course.assignments:
        yield "  Late work, where an assignment says nothing else:"
        yield from (f"    {sentence}" for sentence in course.late.told())
    else:
        yield "  No assignments are named, so each unit is one: without a due date, and nothing is late."
    for name, plan in plans.items() if course.assignments else ():
        yield ""
        title = f": {plan.assignment.title}" if plan.assignment.title else ""
        yield f"{name}{title}"
        yield from (f"  {line}" for line in _assignment(course, plan))


def _people(course: Course) -> Iterator[str]:
    people = course.roster.people
    if not people:
        yield "No roster is named, so everybody who handed in takes part."
        return
    sections = Counter(person.section for person in people if person.section)
    counts = f", in {_many(len(sections), 'section')}: " if sections else ""
    yield (
        f"{_many(len(people), 'student')} in the roster{counts}"
        + ", ".join(f"{section} {count}" for section, count in sorted(sections.items()))
        + "."
    )
    for what, has in (("name", "name"), ("e-mail address", "email")):
        without = [person.id for person in people if not getattr(person, has)]
        if without:
            some = ", ".join(without[:5]) + (" ..." if len(without) > 5 else "")
            yield f"Without {what}: {len(without)} ({some})."


def _assignment(course: Course, plan: Plan) -> Iterator[str]:
    assignment = plan.assignment
    of = f"unit{'s' * (len(plan.units) > 1)} {', '.join(plan.units)}"
    if plan.exam is None:
        yield f"{_many(len(plan.exercises), 'exercise')} of {of}, {_points(plan.points)}."
    else:
        many, papers = (
            _many(len(plan.of("").exercises), "exercise"),
            f"a paper for each student, of {plan.exam.papers:,} possible",
        )
        whose = "one paper for everybody" if plan.exam.settings.same else papers
        yield f"An exam: {whose}; {many} of {of}, {_points(plan.points)}, seed {plan.exam.settings.seed}."
    if assignment.over:
        yield "An exercise may get more than its points, by hand or by a rubric."
    if assignment.opens:
        yield f"Handed out {told_date(assignment.opens, course.zone)}."
    if assignment.due:
        yield f"Due {told_date(assignment.due, course.zone)}."
    else:
        yield "Without a due date: nothing is late."
    best = "best attempt counts, after the late policy" if assignment.count == "best" else "last attempt counts"
    yield f"The {best}."
    elsewhere = [f"{platform} {number}" for platform, number in assignment.platforms.items()]
    if elsewhere:
        yield f"Elsewhere it is {', '.join(elsewhere)}."
    if assignment.due:
        yield from _late(course, assignment.late, plan.points)
    yield from _leave(course, assignment)
    yield from _shown(course.shown, plan)


def _late(course: Course, policy: Policy, maximum: float) -> Iterator[str]:
    if policy != course.late:
        yield "Late work:"
        yield from (f"  {sentence}" for sentence in policy.told())
    if not policy.steps:
        return
    earned = maximum * SHARE
    yield f"For example, of {number(maximum)} points {number(earned)} were earned:"
    for seconds in examples(policy):
        outcome = policy.apply(earned, maximum, seconds)
        poor = policy.apply(earned, maximum, seconds, spent=10**6)
        other = "" if poor.points == outcome.points else f" ({number(poor.points)} with no slip days left)"
        yield f"  {outcome.sentence}{other}"


def examples(policy: Policy) -> list[float]:
    """Return spans after the due date at which a policy shows what it does, in seconds."""
    spans = {DAY, 2 * DAY, 3 * DAY, 7 * DAY}
    for step in policy.steps:
        if isinstance(step, Grace):
            spans.add(step.seconds)
        if isinstance(step, Rate) and step.seconds is not None and step.seconds < DAY:
            spans |= {3600.0, 5 * 3600.0}
    if policy.closes is not None:
        spans = {span for span in spans if span < policy.closes} | {
            policy.closes,
            policy.closes + min(DAY, policy.closes),
        }
    return sorted(spans)


def _leave(course: Course, assignment: Assignment) -> Iterator[str]:
    mine = (EVERY, assignment.name)
    students = list(dict.fromkeys(e.student for e in course.extensions if e.assignment in mine))
    for student in students:
        due, extension = due_for(assignment, student, course.extensions, course.zone)
        if due is not None and extension is not None:
            because = f": {extension.reason}" if extension.reason else ""
            yield f"Extended for {_who(course, student)} to {told_date(due, course.zone)}{because}."
    for waiver in course.exceptions:
        if waiver.assignment in mine:
            because = f": {waiver.reason}" if waiver.reason else ""
            kind = "Excused" if waiver.excused else "Exempt from the late policy"
            yield f"{kind}: {_who(course, waiver.student)}{because}."


def _shown(rules: Rules, plan: Plan) -> Iterator[str]:
    for unit in plan.units:
        levels = {kind: rules.level(f"{unit}.", kind) for kind in KINDS}
        by_level: dict[str, list[str]] = {}
        for kind, level in levels.items():
            by_level.setdefault(level, []).append(kind)
        told_ = "; ".join(
            f"{level}{'' if len(by_level) == 1 else f' of {_listed(kinds)}'}" for level, kinds in by_level.items()
        )
        own = [name for name in rules.by_name if name.startswith(f"{unit}.")]
        besides = f"; {_listed(own)} by a rule of {'its' if len(own) == 1 else 'their'} own" if own else ""
        yield f"Students see of checks of {unit}: {told_}{besides}."
        if "after_release" in by_level:
            yield f"  What is shown after the release: {_release(rules, unit, plan)}."


def _release(rules: Rules, unit: str, plan: Plan) -> str:
    for name in (unit, ""):
        rule = rules.by_name.get(name)
        if rule is not None and rule.released is not None:
            if isinstance(rule.released, bool):
                return "now" if rule.released else "not yet"
            return f"from {told_date(rule.released, plan.zone)}"
    return "not yet"


def warnings(course: Course, plans: Mapping[str, Plan]) -> Iterator[str]:
    """Yield what is allowed and yet worth a look, a line each."""
    first: dict[str, str] = {}
    for name, plan in plans.items() if course.assignments else ():
        for exercise in plan.exercises if plan.exam is None else ():
            other = first.setdefault(exercise.name, name)
            if other != name:
                yield f"{plan.assignment.where}: {exercise.name} is in {other} too: it counts in both"
        if plan.assignment.due is None and course.late.steps:
            yield f"{plan.assignment.where}: {name} has no due date, so the late policy does nothing"
    for extension in course.extensions:
        if not _moves(course, extension):
            yield f"{extension.where}: the extension for {_who(course, extension.student)} moves no due date"


def _moves(course: Course, extension: Extension) -> bool:
    """Return True if an extension is the one that holds on some assignment."""
    return any(
        due_for(assignment, extension.student, course.extensions, course.zone)[1] is extension
        for assignment in course.assignments.values()
    )


def _who(course: Course, student: str) -> str:
    person = course.roster.get(student)
    return f"{person.name} ({student})" if person is not None and person.name else student


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _points(points: float) -> str:
    return f"{number(points)} point{'' if points == 1 else 's'}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
