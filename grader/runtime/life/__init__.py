"""The life of a submission's process: begun with its notebook, asked for answers, begun again when it is lost, ended."""

from grader.runtime.life.lifetime import NotebookRun
from grader.runtime.life.session import Session

__all__ = ["NotebookRun", "Session"]
