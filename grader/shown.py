"""Levels: how much of each check a student may see of their result, the rules of a course, and the one function that applies them.

Not to be taken for the ``visibility`` of a check, which says where it runs: ``public`` ones run on the student's own machine too,
``hidden`` ones at grading only. What is told of a check afterwards, wherever it ran, is its *level*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, get_args

from grader.judging import Check, Verdict, item_status
from grader.result import CheckResult, ItemResult, Result, fault_line
from grader.statuses import CheckKind, ItemStatus

__all__ = ["KINDS", "LEVELS", "Level", "Rule", "Rules", "may_see", "unseen_points"]

Level = Literal["full", "message", "score", "after_release", "hidden"]
"""How much is shown of a check, each less than the one before.

- ``full``: everything: verdict, points, message, diagnosis, counterexample.
- ``message``: the same without the counterexample.
- ``score``: name, verdict and points.
- ``after_release``: nothing until the results of its assignment are released, and everything from then on.
- ``hidden``: nothing, ever; its points count in the total alone.
"""
LEVELS: tuple[Level, ...] = get_args(Level)
KINDS: tuple[CheckKind, ...] = get_args(CheckKind)
OF_A_PAIR = ("follow_through", "follows_own_forward")
"""Notes on a backward pass that say of its forward pass that it is wrong."""
_SAYS_SO = re.compile(
    r"it seems to fit your .+, which is wrong in a way|.+ does not change with its input, or hands it back:"
)
"""The messages of a check on a slope that say the same."""
_OUTPUTS = re.compile(
    r"; [^;]+ right in every case tried(?:, only [^;(]+ (?:is|are) wrong)?"
    r"|; every output that is wrong uses [^;(]*[^;( ]"
    r"|; [^;(]+ is the one method that every output that is wrong uses"
)
"""In a message on one output what it says of the others, by all cases of all checks."""
_OF_OUTPUTS = ("contract", "example", "value")
"""The kinds of checks whose verdicts on single outputs that tells."""
_WORTHLESS = Check("any", "value")


@dataclass(frozen=True)
class Rule:
    """One table of the course file: the level of each kind of check that it names, and of all others."""

    kinds: Mapping[CheckKind, Level] = field(default_factory=dict)
    default: Level | None = None
    released: bool | datetime | None = None
    """whether results are released, or from when on (with its zone); None where the table says nothing of it"""
    where: str = field(default="", compare=False)
    """the table's place, ``file:line``"""


@dataclass(frozen=True)
class Rules:
    """The rules of a course, by what they are for: ``layers.relu_backward``, ``layers``, or everything (the empty name).

    The nearest rule that says anything of a check decides: the exercise's, then its unit's, then the one for everything; in each
    the kind before the default. Without any, all is shown.
    """

    by_name: Mapping[str, Rule] = field(default_factory=dict)

    def level(self, exercise: str, kind: CheckKind) -> Level:
        """Return the level of an exercise's checks of a kind."""
        for name in (exercise, exercise.partition(".")[0], ""):
            rule = self.by_name.get(name, Rule())
            said = rule.kinds.get(kind, rule.default)
            if said is not None:
                return said
        return "full"

    def released(self, assignment: str | None, now: datetime) -> bool:
        """Return whether an assignment's results are released at a time, which has a zone. Without a rule they are not."""
        for name in (assignment or "", ""):
            said = self.by_name.get(name, Rule()).released
            if said is not None:
                return now >= said if isinstance(said, datetime) else said
        return False


def may_see(result: Result, rules: Rules, now: datetime) -> Result:
    """Return of a result what its author may see.

    Checks that are not shown are gone, and with them exercises that have no other. What is said of an exercise as a whole (status,
    points, message, and that its forward pass is wrong) is made again of what is left. The submission's own score stays: see
    :func:`unseen_points`.

    Args:
        result: the whole result.
        rules: the course's.
        now: the time, with its zone.

    """
    if any(item.fits for item in result.items):  # it names others
        result = replace(result, items=[replace(item, fits="") for item in result.items])
    if result.paper:  # likewise
        result = replace(result, paper="")
    if not rules.by_name:
        return result
    released = rules.released(result.assignment, now)
    items = [seen for item in result.items if (seen := _seen(item, rules, released)) is not None]
    whole = {item.exercise: len(item.checks) for item in result.items}
    return replace(result, items=[_without_pair(item, items, whole) for item in items])


def unseen_points(seen: Result) -> float:
    """Return how many of the points of a result are for checks that :func:`may_see` left out."""
    if not seen.graded and not seen.needs_person:
        return 0.0
    return max(0.0, round(seen.max_score - sum(item.max_score for item in seen.items), 6))


def _seen(item: ItemResult, rules: Rules, released: bool) -> ItemResult | None:
    checks = [
        seen for check in item.checks if (seen := _check(check, rules.level(item.exercise, check.kind), released))
    ]
    if len(checks) == len(item.checks):
        return replace(item, checks=checks, message=fault_line(checks), fingerprint=None)
    if not checks:
        return None
    names = {check.name for check in checks}
    if any(check.kind in _OF_OUTPUTS and check.name not in names for check in item.checks):
        checks = [_on_one_output(check) for check in checks]
    score = round(sum(check.score for check in checks), 6)
    return replace(
        item,
        status=_status(checks, score),
        score=score,
        max_score=round(sum(check.max_score for check in checks), 6),
        message=fault_line(checks),
        checks=checks,
        fingerprint=None,  # it rests on all cases, those of hidden checks too
    )


def _check(check: CheckResult, level: Level, released: bool) -> CheckResult | None:
    if level == "full" or (level == "after_release" and released):
        return check
    if level == "message":
        return replace(check, counterexample=None)
    if level == "score":
        return replace(check, message="", notes=[], counterexample=None, diagnosis=None)
    return None


def _status(checks: Sequence[CheckResult], score: float) -> ItemStatus:
    """Return the status of an exercise of which some checks are gone, by the judge's own rule.

    A law that passed earns nothing while the values are wrong. Where these are not shown, the exercise has not passed all the same.
    """
    if all(check.status == "passed" for check in checks):
        return "passed" if score >= sum(check.max_score for check in checks) - 1e-6 else "partial"
    if score > 0 and all(check.status != "grader_error" for check in checks):
        return "partial"
    return item_status([Verdict(_WORTHLESS, check.status) for check in checks])


def _on_one_output(check: CheckResult) -> CheckResult:
    """Take from what is said of a check what it tells of other outputs: how checks ended that are not shown."""
    head, line, rest = check.message.partition("\n")
    example = check.counterexample and replace(check.counterexample, reach={})
    return replace(check, message=_OUTPUTS.sub("", head) + line + rest, counterexample=example)


def _without_pair(item: ItemResult, seen: Sequence[ItemResult], whole: Mapping[str, int]) -> ItemResult:
    """Take from a backward pass all that says that its forward pass is wrong, unless a check that is shown says so too.

    Args:
        item: the backward pass.
        seen: all exercises, with the checks that are shown.
        whole: how many checks each exercise has, by name; of one that is shown whole there is nothing to hide.

    """
    name = item.pair or item.exercise
    shown = [check for other in seen if other.exercise == name for check in other.checks]
    nothing_hidden = item.pair is not None and len(shown) == whole.get(name, 0)
    if nothing_hidden or any(check.status != "passed" and not _tells_of_pair(check) for check in shown):
        return item
    checks = [
        replace(
            check,
            notes=[note for note in check.notes if note not in OF_A_PAIR],
            message="" if _tells_of_pair(check) and _SAYS_SO.match(check.message) else check.message,
        )
        for check in item.checks
    ]
    return replace(item, checks=checks, message=fault_line(checks))


def _tells_of_pair(check: CheckResult) -> bool:
    return bool(set(check.notes) & set(OF_A_PAIR) or (check.kind == "gradient" and _SAYS_SO.match(check.message)))
