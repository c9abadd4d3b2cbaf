"""A forked kernel shows what a stock one shows: the same cells, run in both, output by output.

The stock one is `python -m ipykernel_launcher`, started by jupyter_client and driven by nbclient, with nothing of ours in it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cells import CELLS, DIFFERENT, FILES
from live import session_of
from nbformat import NotebookNode, read, writes
from samples import collected, notebook

from grader.runtime import Limits
from grader.runtime.isolation import level as isolation

Outputs = dict[str, list[dict[str, Any]]]
PICTURES = [name for name, source in CELLS.items() if "plt" in source or "matplotlib" in source]
RUN = {name: source for name, source in CELLS.items() if name not in PICTURES or find_spec("matplotlib")}
MASKS = (
    (re.compile(r"\x1b\[[\d;]*m"), ""),
    # Before durations: the name of a temporary folder may read like one, ``stock-3b4s``.
    (re.compile(r"(?<=/)ipykernel_\d+/\d+\.py"), "cell.py"),
    (re.compile(r"~?/(?:\S*/)?(?=cell\.py)"), ""),
    (re.compile(r"The slowest run took .*?cached\.\s*", re.DOTALL), ""),
    (re.compile(r"\d[\d.e+]* ?(ns|μs|µs|us|ms|s|min)\b"), r"# s"),
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "0x…"),
    (re.compile(r"\d\d:\d\d:\d\d"), "time"),
)


STOCK = """
import sys
import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

class Stock(KernelSpecManager):
    def get_kernel_spec(self, kernel_name):
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python", language="python")

base, folder = sys.argv[1:]
manager = AsyncKernelManager(
    kernel_spec_manager=Stock(), connection_file=f"{base}/connection.json", transport="ipc", ip=f"{base}/ipc"
)
notebook = nbformat.read(f"{base}/cells.ipynb", 4)
client = NotebookClient(notebook, km=manager, timeout=20, allow_errors=True, resources={"metadata": {"path": folder}})
nbformat.write(client.execute(), f"{base}/executed.ipynb")
"""
"""Runs nbclient with a stock kernel, as a program of its own: both leave sockets and warnings behind."""


def masked(output: Any) -> Any:
    if isinstance(output, dict):
        return {key: masked(value) for key, value in output.items()}
    if isinstance(output, list):
        return [masked(value) for value in output]
    if isinstance(output, str):
        for pattern, instead in MASKS:
            output = pattern.sub(instead, output)
    return output


def shown(executed: NotebookNode) -> Outputs:
    """What each cell showed; two pieces of one stream that follow each other are one."""
    found: Outputs = {}
    for name, cell in zip(RUN, executed.cells, strict=True):
        outputs: list[dict[str, Any]] = []
        for output in cell.outputs:
            if outputs and output.output_type == "stream" and outputs[-1].get("name") == output.name:
                outputs[-1]["text"] += output.text
            else:
                outputs.append(dict(output))
        found[name] = masked(outputs)
    return found


@pytest.fixture(scope="module")
def stock() -> Outputs:
    with tempfile.TemporaryDirectory(prefix="stock-") as base:
        home, folder = Path(base, "at-home"), Path(base, "work")
        for path in (home, folder):
            path.mkdir()
        for name, text in FILES.items():
            (folder / name).write_text(text)
        Path(base, "cells.ipynb").write_text(writes(notebook(*RUN.values())))
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PY", "JUPYTER", "MPL"))}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", STOCK, base, str(folder)], check=True, cwd=base, timeout=60,
            env={**clean, "HOME": str(home), "IPYTHONDIR": str(home), "TMPDIR": str(home)},
        )  # fmt: skip
        return shown(read(Path(base, "executed.ipynb"), 4))


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    folder = tmp_path_factory.mktemp("forked")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "06_layers.ipynb").write_text(writes(notebook(*RUN.values())))
    (submission,) = collected(folder, "layers")
    with session_of(submission, Limits(cell_seconds=20), level="auto") as live:
        assert live.notebook.status in ("ok", "failed"), live.notebook
        assert live.notebook.executed is not None
        return shown(live.notebook.executed)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_shows_the_same(name: str, stock: Outputs, forked: Outputs) -> None:
    if name not in RUN:
        pytest.skip("matplotlib is not installed")
    if name not in DIFFERENT:
        assert forked[name] == stock[name]
        return
    if isolation.resolve("auto").level not in ("full", "landlock"):
        pytest.skip("what is refused needs a sandbox")
    text, reason = DIFFERENT[name]
    assert forked[name] != stock[name], f"it does not differ, though it should: {reason}"
    assert text in str(forked[name])


def test_the_cells_are_enough_and_say_something(stock: Outputs) -> None:
    assert len(CELLS) - len(DIFFERENT) >= 50
    assert set(DIFFERENT) <= set(CELLS)
    kinds = {output["output_type"] for outputs in stock.values() for output in outputs}
    assert kinds == {"stream", "execute_result", "display_data", "error"}
    assert sum(map(bool, stock.values())) > 0.8 * len(stock)
