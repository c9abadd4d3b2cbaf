"""What a short command spares: packages that its own packages import, and that it does not need."""

from __future__ import annotations

import importlib
import sys

from grader.runtime.inside.faceless import Faceless

__all__ = ["import_lightly"]


def import_lightly() -> None:
    """Import of nbformat what reads and writes notebooks of today, and asyncio without TLS, before anybody imports them whole.

    The rest of nbformat comes when it is asked for: what holds notebooks against their JSON schema takes a thirtieth of a second
    to import, and is needed for older ones only. Kernels are talked to on this machine: there is nothing to encrypt.
    """
    if "asyncio" not in sys.modules and "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment]  # it cannot be imported
        importlib.import_module("asyncio")
        del sys.modules["ssl"]
    if "nbformat" not in sys.modules:
        Faceless("nbformat", later=("validator",), NotebookNode="notebooknode")
