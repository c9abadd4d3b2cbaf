"""Changes of model answers that are no mistakes: for each exercise those that no input can tell from the answer, with the reason.

They are kept beside the unit, in ``grader/bank/<unit>/equivalent.toml``: a table for each function; in it, by reason, the changed
lines as ``gradmark validate`` prints them. A line that no change produces any more, or that the cases catch, is a hole too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.errors import BankError

__all__ = ["equivalents", "read_equivalents"]


def equivalents(unit: str, banks: Sequence[Path] = ()) -> Mapping[str, Mapping[str, str]]:
    """Return the equivalent changes of a unit: by function, from the changed line to the reason; none if there is no file.

    Args:
        unit: the unit's name.
        banks: the folders of private banks, whose lists stand in ``bank/<unit>/equivalent.toml`` and come before ours.

    Raises:
        BankError: the file is damaged.

    """
    found: dict[str, Mapping[str, str]] = {}
    for folder in (Path(__file__).parent, *(bank / "bank" for bank in banks)):
        path = folder / unit / "equivalent.toml"
        if path.exists():
            found |= read_equivalents(path.read_text(encoding="utf-8"), f"{unit}/{path.name}")
    return found


def read_equivalents(text: str, file: str) -> dict[str, dict[str, str]]:
    """Read the text of such a file; errors as :func:`equivalents`, which name ``file``."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BankError(f"{file}: this is no TOML: {error}") from None
    found: dict[str, dict[str, str]] = {}
    for function, reasons in tables.items():
        lists = reasons.items() if isinstance(reasons, dict) else [(function, reasons)]
        found[function] = {}
        for reason, lines in lists:
            if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
                raise BankError(f"{file}: [{function}] maps reasons to lists of changed lines, and {reason!r} is none")
            found[function] |= dict.fromkeys(lines, reason)
    return found
