"""Writing files: each whole, or not there at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write a file, complete or not at all; a device or pipe is written to as it is.

    Raises:
        OSError: it cannot be written; what stood there before still does.

    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    target = path.resolve()
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
    except OSError:
        with suppress(OSError):  # what is said of the first error is what matters
            partial.unlink(missing_ok=True)
        raise
