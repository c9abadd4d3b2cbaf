"""Grades as classroom50 collects them: the document ``classroom50/result/v1`` that its autograders write beside a repository.

It takes whole numbers only. Points are written in hundredths, 725 of 1000 for 7.25 of 10, unless another number is asked for. It
refuses a document with a further entry at the top, one of another owner or assignment, and a score over its maximum.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from grader.export.parts import Seen, parts_of
from grader.grades import Grade
from grader.report import inline

__all__ = ["Classroom50", "classroom50_result"]

SCHEMA = "classroom50/result/v1"
PER_POINT = 100


@dataclass(frozen=True, kw_only=True)
class Classroom50:
    """The identity of a submission: what its runner hands to an autograder, or what a course knows of it.

    Args:
        classroom: its short name.
        assignment: its short name there.
        owner: the login in the repository's name.
        when: it was submitted, with its zone.
        submission: the tag ``submit/...``; made of time and bytes where there is none.
        commit: a link, as are ``release`` and ``review``; the tag where there is none.
        kind: of the assignment.

    """

    classroom: str
    assignment: str
    owner: str
    when: datetime
    submission: str = ""
    commit: str = ""
    release: str = ""
    review: str = ""
    kind: Literal["individual", "group"] = "individual"


def classroom50_result(grade: Grade, identity: Classroom50, seen: Seen, *, per_point: int = PER_POINT) -> str:
    """Return the text of ``result.json`` for a grade: one test an exercise, of what its author may see; the score counts all.

    Args:
        grade: with its attempt.
        identity: of the submission.
        seen: from a result to what its author may see of it now. The document is published beside the repository.
        per_point: how many whole numbers a point is.

    Raises:
        ValueError: the grade has no number that stands, or a part of the identity is empty.

    """
    if grade.state in ("excused", "missing", "needs_person") or grade.points is None:
        raise ValueError(f"no number stands for a grade that is {grade.state}")
    for name in ("classroom", "assignment", "owner"):
        if not getattr(identity, name):
            raise ValueError(f"the {name} is not known")
    when = identity.when.astimezone(UTC)
    sha = grade.attempt.sha256 if grade.attempt else ""
    submission = identity.submission or f"submit/{when:%Y-%m-%dT%H-%M-%SZ}-{sha[:7] or 'unknown'}"
    if not submission.startswith("submit/"):
        raise ValueError(f"the submission {submission} is no tag submit/...")
    commit = identity.commit or submission
    document: Mapping[str, object] = {
        "schema": SCHEMA,
        "classroom": identity.classroom,
        "assignment": identity.assignment,
        "assignment_type": identity.kind,
        "owner": identity.owner,
        "submission": submission,
        "commit": commit,
        "release": identity.release or submission,
        "review": identity.review or commit,
        "datetime": f"{when:%Y-%m-%dT%H:%M:%SZ}",
        **_scores(grade.points, grade.max_points, per_point),
        "tests": [
            {
                "test-name": inline(part.exercise, 120) or "exercise",
                "passed": part.passed,
                **_scores(part.points, part.max_points, per_point),
            }
            for part in parts_of(grade, seen, seen)
            if part.visibility == "visible"
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _scores(points: float, worth: float, per_point: int) -> dict[str, int]:
    """Return whole numbers: the nearest, neither below 0 nor over the maximum, and the whole of it only for all points."""
    most = max(0, round(worth * per_point))
    score = min(most, max(0, round(points * per_point)))
    if points < worth - 1e-9 and score == most > 0:
        score = most - 1
    return {"score": score, "max-score": most}
