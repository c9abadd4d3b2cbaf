"""The memory of all processes together, while a submission takes all that it gets."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil

MIB = 1 << 20
MOST, HUNGRY = 2048, 900
"""MiB: what the whole tree may take with the defaults, and what it must have taken for the test to mean anything."""
GREEDY = """\
import numpy as np, time
held = []
try:
    while True:
        held.append(np.ones(4 << 20))
except MemoryError:
    time.sleep(0.5)
def relu_forward(x):
    return np.maximum(0, x), x
"""


def taken(process: psutil.Process) -> float:
    """Return the MiB that a process and all below it take; memory that several share counts once, by shares."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_full_info().pss / MIB
        except psutil.Error:
            continue
    return total


def test_the_whole_tree_stays_under_two_gib_with_the_defaults(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(GREEDY)])
    path = tmp_path / "layers.ipynb"
    nbformat.write(notebook, path)
    command = [str(Path(sys.executable).parent / "gradmark"), "grade", "--json", str(path)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # what nobody reads would fill a pipe, and it wait
    tree, peak = psutil.Process(running.pid), 0.0
    while running.poll() is None:
        try:
            peak = max(peak, taken(tree))
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    running.wait(60)
    assert running.returncode == 0
    assert HUNGRY < peak < MOST
