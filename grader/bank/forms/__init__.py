"""The forms of exercises, a helper each, so that a declaration in the bank says its own part only."""

from grader.bank.forms.checkers import checker
from grader.bank.forms.data import formula, graph
from grader.bank.forms.functions import (
    backward_pass,
    forward_pass,
    higher_order,
    loss,
    of_class,
    plain,
    planted_fault,
    vectorise,
)
from grader.bank.forms.options import Options, raised
from grader.bank.forms.questions import prediction, question
from grader.bank.forms.runs import training
from grader.judging import at_most_operations, factored, no_function, only_names

__all__ = [
    "Options",
    "at_most_operations",
    "backward_pass",
    "checker",
    "factored",
    "formula",
    "forward_pass",
    "graph",
    "higher_order",
    "loss",
    "no_function",
    "of_class",
    "only_names",
    "plain",
    "planted_fault",
    "prediction",
    "question",
    "raised",
    "training",
    "vectorise",
]
