"""Builds the notebooks that students open from their text sources, the same bytes every time.

The conversion is jupytext's. What is added is a cell id that follows from the cell's content, where jupytext draws a
random one, and metadata reduced to what a reader of the notebook needs. Run as ``python notebooks/build.py``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import jupytext  # type: ignore[import-untyped] # it has no annotations either
import nbformat

__all__ = ["build", "sources"]

HERE = Path(__file__).parent


def sources() -> list[Path]:
    """The text sources, ``NN_<unit>.md``: the README beside them is none."""
    return sorted(HERE.glob("[0-9][0-9]_*.md"))


def build(text: str) -> str:
    """The notebook's JSON from its MyST markdown, without outputs."""
    notebook = jupytext.reads(text, fmt="md:myst")
    notebook.metadata = {
        "jupytext": {"formats": notebook.metadata["jupytext"]["formats"]},
        "kernelspec": notebook.metadata["kernelspec"],
        "language_info": {"name": "python"},
    }
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] += 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    nbformat.validate(notebook)
    written: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call] # nbformat carries no annotations
    return written + "\n"


if __name__ == "__main__":
    for source in sources():
        source.with_suffix(".ipynb").write_text(build(source.read_text(encoding="utf-8")), encoding="utf-8")
