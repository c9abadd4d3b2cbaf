"""The runtime of untrusted code: a submission's notebook in a kernel of its own, and its functions as remote functions.

``life`` holds the session, which grading asks. It takes kernels from ``kernels``, runs the notebook by ``cells`` and asks its
functions by ``calls``. ``isolation`` knows which walls this machine has. ``inside`` is the code that runs beside the student's.
"""

from grader.runtime.isolation import LEVELS, Checkup, Finding, Isolation, examine, resolve, shows
from grader.runtime.kernels import Kernel, KernelSource, begin
from grader.runtime.life import NotebookRun, Session
from grader.runtime.limits import Limits

__all__ = [
    "LEVELS",
    "Checkup",
    "Finding",
    "Isolation",
    "Kernel",
    "KernelSource",
    "Limits",
    "NotebookRun",
    "Session",
    "begin",
    "examine",
    "resolve",
    "shows",
]
