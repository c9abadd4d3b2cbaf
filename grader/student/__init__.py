"""For students, in their own notebook or terminal: public checks on their own work, in their own process."""

from grader.student.checks import check, check_path, hint, ready, status

__all__ = ["check", "check_path", "hint", "ready", "status"]
