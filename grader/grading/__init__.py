"""From a submission to its result: one, many side by side, and the processes that share them."""

from grader.grading.many import Options, file_stem, grade_paths, handed_in
from grader.grading.one import Graded, Settings, bank_digest, grade
from grader.grading.places import places_of

__all__ = [
    "Graded",
    "Options",
    "Settings",
    "bank_digest",
    "file_stem",
    "grade",
    "grade_paths",
    "handed_in",
    "places_of",
]
