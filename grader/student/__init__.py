"""For students, in their own notebook or terminal: public checks on their own work, in their own process."""

from grader.student.answers import LocalAnswers
from grader.student.checks import check, check_path, hint, ready, status
from grader.student.work import untouched_faults

__all__ = ["LocalAnswers", "check", "check_path", "hint", "ready", "status", "untouched_faults"]
