"""The template of a form of exercise, from which ``gradmark new`` writes one.

``$unit`` and ``$name`` are those of the exercise, ``$stem`` is the name without ``_backward`` or ``_forward``, ``$Class`` the name
as that of a class, ``$Array`` the type of an array.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

__all__ = ["CALLABLE", "Form", "filled"]

CALLABLE = "from collections.abc import Callable"


@dataclass(frozen=True)
class Form:
    """The texts for one form.

    Args:
        helper: the helper of ``grader.bank.forms``.
        words: further names that the declaration takes from ``grader.judging``.
        answer: the model answer, to stand in ``reference/<unit>.py``.
        declaration: the declaration with one mistake.
        names: of the exercises that are declared, as templates.
        typing: an import that the model answer needs beside numpy's.

    """

    helper: str
    words: tuple[str, ...]
    answer: str
    declaration: str
    names: tuple[str, ...] = ("$name",)
    typing: str = ""


def filled(text: str, unit: str, name: str) -> str:
    """Fill the names of an exercise into a template."""
    stem = name.removesuffix("_backward").removesuffix("_forward")
    text = text.replace("$stem_", "${stem}_")
    names = {
        "unit": unit, "name": name, "stem": stem, "Class": "".join(part.capitalize() for part in name.split("_")),
        "Array": "NDArray[np.float64]",
    }  # fmt: skip
    return Template(text).substitute(names)
