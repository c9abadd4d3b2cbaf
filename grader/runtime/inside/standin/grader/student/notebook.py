"""All that a notebook takes by ``from grader.student.notebook import *``, while a submission is graded."""

from inspect import getdoc

import numpy as np

from grader.student import check, hint, ready, status

__all__ = ["BLUE", "GREEN", "ORANGE", "PURPLE", "check", "getdoc", "hint", "np", "ready", "status"]

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
