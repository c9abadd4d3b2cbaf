"""The writing of files: each whole, or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

__all__ = ["write_whole", "write_whole_bytes"]


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all; write to a device or pipe directly.

    Raises:
        OSError: the file cannot be written; an earlier file of this name is unchanged.

    """
    write_whole_bytes(path, text.encode("utf-8"))


def write_whole_bytes(path: Path, data: bytes) -> None:
    """Write a file of bytes as :func:`write_whole` writes a text; errors likewise."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    target = path.resolve()
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_bytes(data)
        partial.replace(target)
    except OSError:
        with suppress(OSError):  # what is said of the first error is what matters
            partial.unlink(missing_ok=True)
        raise
