"""The texts of a kit that are no code: README, requirements, and the workflow of its repository."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["FRONT", "GITIGNORE", "REQUIREMENTS", "WORKFLOW", "readme"]

REQUIREMENTS = """\
# What the checks need is numpy. The notebooks are opened with Jupyter, and their experiments draw with matplotlib.
numpy>=2
jupyterlab>=4.2
matplotlib>=3.9
"""
GITIGNORE = """\
__pycache__/
.ipynb_checkpoints/
.gradmark/
.venv/
"""
WORKFLOW = """\
# Runs the public checks at each push. It earns no points: those are given at grading, where more checks run.
name: check
on: [push]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install "numpy>=2"
      - run: python -m grader.student .
"""
FRONT = """\
# {title}

**{points}**, {many} exercises{whose}

- Run the first cell of code first, each time that the kernel is new: it has the imports.
- Write each answer into its cell, in place of `raise NotImplementedError`. Names and arguments stay as they are; other
  lines, helpers and cells of your own are as you like. Nothing but numpy and the standard library is needed.
- A question or a prediction is a function that returns your answer. Where a fault is to be found, the cell holds the
  faulty function: mend it there.
- There are no checks in an exam: try your functions on small inputs of your own.
- Each exercise is marked by itself; what is left as it is earns nothing and costs nothing else. A cell that fails does not stop
  the ones below it.
- Save the notebook, and hand in this file.

| | about | to write | points |
|---|---|---|---|
{rows}
"""
TEXT = """\
# {title}

{units}

## Open it

You need Python 3.11 or newer. In a terminal, in this folder:

```console
$ python3 -m venv .venv                                      # on Windows: py -m venv .venv
$ .venv/bin/python -m pip install -r requirements.txt        # on Windows: .venv\\Scripts\\python -m pip ...
$ .venv/bin/python -m jupyter lab                            # on Windows: .venv\\Scripts\\python -m jupyter lab
```

Open the notebook in `notebooks/` and run its cells from the top. It explains, and asks for functions: write them in
`exercises/`, where each has a docstring that says what is asked, or in a cell of the notebook, which then counts.

## Check it

In the notebook: `check("{example}")` or `check({short})` for one exercise, `check()` for all, `status()` for
a list, `hint("{short}")` for a hint; the next hint comes once you have changed the code. In a terminal, the same checks
in the same words:

```console
$ .venv/bin/python -m grader.student        # all exercises; on Windows: .venv\\Scripts\\python -m grader.student
$ .venv/bin/python -m grader.student . {short}
```

These are the *public checks*: worked examples, the slope of your own forward pass, and a few laws. More checks run at
grading, and the card says how many. "public checks 5 of 5 passed" is good news, and no grade.

The checks run in your own Python and send nothing anywhere. Save the file before you check: what counts is the file on
disk.

## Hand it in

Hand in the notebook and `exercises/`: the whole folder, or a zip of it. Leave `grader/` as it is; grading uses its own.
"""


def readme(units: Sequence[tuple[str, str, str]], example: str) -> str:
    """Return the README of a kit.

    Args:
        units: of each unit its name, its title and the name of its notebook.
        example: the full name of one of its exercises.

    """
    title = units[0][1]
    rows = [f"- `notebooks/{notebook}`: {t}; your functions stand in `exercises/{n}.py`" for n, t, notebook in units]
    head = title if len(units) == 1 else "Backprop coursework"
    return TEXT.format(title=head, units="\n".join(rows), example=example, short=example.rpartition(".")[2])
