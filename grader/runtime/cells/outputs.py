"""Outputs as a notebook keeps them, from the messages of a kernel, which is a student's: only those of the right form.

The forms are those of nbformat 4 (``output`` in its JSON schema). nbformat would hold each against the schema, which takes 40 ms to
compile once in a process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from nbformat import NotebookNode

__all__ = ["OutputError", "output_of"]

JSON = re.compile(r"application/(.*\+)?json")


class OutputError(ValueError):
    """A kernel's message says that it is an output, and does not have the form of one."""


def output_of(kind: str, content: Mapping[str, Any]) -> NotebookNode | None:
    """Return the output that a message of this ``kind`` holds; None if messages of this kind hold none.

    Raises:
        OutputError: a part is missing, or is not what it must be; the text names it.

    """
    if kind not in FORMS:
        return None
    found = NotebookNode(output_type=kind)
    for name, fits in FORMS[kind].items():
        if name not in content or not fits(content[name]):
            raise OutputError(f"{name} of {kind}")
        found[name] = content[name]
    return found


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _lines(value: Any) -> bool:
    return _text(value) or _texts(value)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _bundle(value: Any) -> bool:
    """Return True for representations of one thing by MIME type: text, or for JSON anything."""
    return isinstance(value, dict) and all(_lines(data) or JSON.fullmatch(kind) for kind, data in value.items())


def _count(value: Any) -> bool:
    return value is None or (type(value) is int and value >= 0)


FORMS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "stream": {"name": _text, "text": _lines},
    "display_data": {"data": _bundle, "metadata": _object},
    "execute_result": {"data": _bundle, "metadata": _object, "execution_count": _count},
    "error": {"ename": _text, "evalue": _text, "traceback": _texts},
}
