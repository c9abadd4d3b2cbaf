"""The command line as a process: what it imports, and what it says on a stream that is closed, full, narrow or read by a CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text

from grader.cli import terminal


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, grader.cli as c\n"
        "try: c.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'rich', 'pydantic', 'nbformat', 'jinja2', 'hypothesis', 'junitparser'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Exit codes:" in ran.stdout


def test_a_terminal_without_unicode_does_no_harm() -> None:
    entry = [sys.executable, "-c", "from grader.cli import command; command()", "list"]
    ascii_only = subprocess.run(
        entry, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=False
    )
    assert (ascii_only.returncode, ascii_only.stderr) == (0, b"")


@pytest.mark.parametrize("flags", [["list"], ["list", "--json"]])
def test_a_reader_that_leaves_is_neither_a_fault_nor_a_verdict(flags: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    entry = [sys.executable, "-c", "from grader.cli import command; command()", *flags]
    left = subprocess.run(entry, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (left.returncode, left.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("flags", [["list"], ["list", "--json"]])
def test_a_disk_that_is_full_is_said_in_one_line(flags: list[str]) -> None:
    entry = [sys.executable, "-c", "from grader.cli import command; command()", *flags]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(entry, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, "gradmark: cannot print on stdout: No space left on device\n")


@pytest.mark.skipif(sys.platform == "win32", reason="closes a stream as a shell does")
@pytest.mark.parametrize("flags", ["list", "list --json"])
def test_a_closed_stdout_is_said_in_one_line(flags: str) -> None:
    entry = f'"{sys.executable}" -c "from grader.cli import command; command()" {flags} >&-'
    ran = subprocess.run(["sh", "-c", entry], stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, "gradmark: cannot print on stdout: it is closed\n")


def test_the_end_of_a_command_does_what_was_registered_for_it() -> None:
    code = "import atexit; from grader.cli import command; atexit.register(print, 'done'); command()"
    for flags, status in ((["--version"], 0), (["nonsense"], 2)):
        ran = subprocess.run([sys.executable, "-c", code, *flags], capture_output=True, text=True, check=False)
        assert ran.returncode == status
        assert ran.stdout.endswith("done\n")


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("::error::x", ": :error::x"),
        ("a\n   ::set-output", "a\n   : :set-output"),
        ("\t##[error]x", "\t## [error]x"),
        ("x[:, ::2] and a::b", "x[:, ::2] and a::b"),
        ("\u2003::notice", "\u2003: :notice"),
    ],
)
def test_no_line_is_taken_for_a_command_by_a_ci(printed: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines of student output that begin so, after trimming, set outputs and annotations of the workflow that grades."""
    terminal.echo(printed)
    assert capsys.readouterr().out == shown + "\n"


def test_a_line_that_begins_where_a_text_is_wrapped_is_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_on_terminal(Text("word " * 15 + "::error::x " * 40))
    out = capsys.readouterr().out
    assert "error::x" in out
    assert not [line for line in out.splitlines() if line.strip().startswith("::")]
