"""What a short command spares: packages that its own packages import, and that it does not need."""

from __future__ import annotations

import sys

from grader.runtime.inside.faceless import Faceless, later

__all__ = ["import_lightly"]


def import_lightly() -> None:
    """Import of nbformat what reads and writes notebooks of today; the rest of it comes when it is asked for.

    What holds notebooks against their JSON schema takes a thirtieth of a second to import, and is needed for older ones only.
    """
    if "nbformat" not in sys.modules:
        later(Faceless("nbformat", NotebookNode="notebooknode"), "validator")
