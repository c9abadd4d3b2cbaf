"""The words of a kit about itself, read where somebody works in one: they say how to check it, and never whose it is to us."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["has_variants"]

MOST_BYTES = 1 << 16
"""The most that is read of what a kit says of itself."""


def has_variants(folder: Path) -> bool:
    """Return True if a folder is a kit that says that its exercises are variants of its student."""
    try:
        with (folder / "gradmark.json").open("rb") as file:
            about = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(about, dict) and about.get("variants") is True
