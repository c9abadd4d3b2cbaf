"""Folders of submissions: laid out before a kernel starts, removed after it has ended."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

__all__ = ["remove_folder", "write_files"]


def remove_folder(folder: Path) -> None:
    """Remove a folder that a student's code could write to: too deep, too long or closed for the usual way, perhaps."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        if not folder.exists():
            return
        remove_folder(folder)  # something in it went meanwhile
    except (OSError, RecursionError):
        for tool in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):  # neither follows a link, and both go to any depth
            subprocess.run([*tool, "--", str(folder)], check=False, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a submission's files into a new folder."""
    folder.mkdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
