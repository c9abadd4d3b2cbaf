"""The class that ``benchmarks/class.py`` has graded, in the form that each tool asks for, and what a kind of submission costs.

Its answers are those of the sample class, of the grader's own exam and of the model answers, which scripts and tests hold: their
folders are put on the path here.
"""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
sys.path += [str(CHECKOUT / folder) for folder in ("examples", "tests", "tests/bank")]
