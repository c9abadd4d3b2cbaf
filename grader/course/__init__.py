"""A course: the settings of its file, who handed in what, and the grades made of attempts and of what people decided.

The file says who takes part, what is due when, what late work counts for, what students may see of their results, and the limits
and packages of submissions.
"""

from grader.course.assignments import Assignment, Extension, Waiver
from grader.course.file import FILE, Course, read_course
from grader.course.grading import all_grades, grades
from grader.course.late import Outcome, Policy
from grader.course.matches import read_matches, write_matches
from grader.course.matching import ASIDE, Matched, Proposal, match
from grader.course.plan import Plan, PlannedExercise, read_plan, read_plans
from grader.course.roster import Roster, read_roster_file, roster_of
from grader.course.schema import course_schema
from grader.course.shown import refuse_unknown
from grader.course.telling import told, warnings

__all__ = [
    "ASIDE",
    "FILE",
    "Assignment",
    "Course",
    "Extension",
    "Matched",
    "Outcome",
    "Plan",
    "PlannedExercise",
    "Policy",
    "Proposal",
    "Roster",
    "Waiver",
    "all_grades",
    "course_schema",
    "grades",
    "match",
    "read_course",
    "read_matches",
    "read_plan",
    "read_plans",
    "read_roster_file",
    "refuse_unknown",
    "roster_of",
    "told",
    "warnings",
    "write_matches",
]
