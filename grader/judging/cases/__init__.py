"""The cases of an exercise: recipes (the battery, and those drawn by Hypothesis), and the bench that keeps cases."""

from grader.judging.cases.battery import BATTERY
from grader.judging.cases.bench import Bench
from grader.judging.cases.case import Case, make_case
from grader.judging.cases.drawing import corpus, draw, leaving_nothing, recipes, seeded_settings
from grader.judging.cases.expected import adapter_of, carry_out, copied, expected_of, run_locally, with_defaults
from grader.judging.cases.variants import VariantBench

__all__ = [
    "BATTERY",
    "Bench",
    "Case",
    "VariantBench",
    "adapter_of",
    "carry_out",
    "copied",
    "corpus",
    "draw",
    "expected_of",
    "leaving_nothing",
    "make_case",
    "recipes",
    "run_locally",
    "seeded_settings",
    "with_defaults",
]
