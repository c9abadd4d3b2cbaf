"""From a submission to its result: one, many side by side, the processes that share them, and what is kept of them."""

from grader.grading.conditions import differences, environment, fingerprint
from grader.grading.kept import NOTEBOOK, keys_of
from grader.grading.many import Options, file_stem, grade_paths, handed_in, out_of_reach, stubs_of
from grader.grading.one import Graded, Settings, bank_digest, grade
from grader.grading.places import places_of
from grader.grading.stream import grade_tasks
from grader.grading.tasks import Done, Task, Wanted, as_of, graded, lost_task

__all__ = [
    "NOTEBOOK",
    "Done",
    "Graded",
    "Options",
    "Settings",
    "Task",
    "Wanted",
    "as_of",
    "bank_digest",
    "differences",
    "environment",
    "file_stem",
    "fingerprint",
    "grade",
    "grade_paths",
    "grade_tasks",
    "graded",
    "handed_in",
    "keys_of",
    "lost_task",
    "out_of_reach",
    "places_of",
    "stubs_of",
]
