"""What a command imports, and that what it spares is there for whoever asks."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from nbformat.v4 import writes
from samples import notebook

OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": ""},
    "worksheets": [
        {"cells": [{"cell_type": "code", "input": ["x = 1"], "outputs": [], "language": "python"}], "metadata": {}}
    ],
}
START = """
import json, sys
from grader.runtime.light import import_lightly
import_lightly()
import grader.grading.many, grader.runtime.life.session
from grader.submission.reading import read_notebook
def spared():
    return [name for name in ("jsonschema", "fastjsonschema", "ssl") if name not in sys.modules]
"""


def run(code: str, *given: str) -> list[object]:
    """What the code prints as JSON, one value a line, in a process that begins as a command does."""
    ran = subprocess.run([sys.executable, "-c", START + code, *given], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_a_notebook_of_today_is_read_and_written_without_a_schema() -> None:
    code = """
read = read_notebook(sys.argv[1].encode())
import nbformat
from grader.runtime.cells.run import stripped
written = nbformat.v4.writes(stripped(read))
print(json.dumps([read_notebook(written.encode()).cells == read.cells, type(read) is nbformat.NotebookNode]))
print(json.dumps(spared()))
"""
    assert run(code, writes(notebook("x = 1"))) == [[True, True], ["jsonschema", "fastjsonschema", "ssl"]]


def test_an_old_notebook_brings_the_rest_in() -> None:
    code = """
read = read_notebook(sys.argv[1].encode())
print(json.dumps([read.cells[0].source, read.nbformat]))
print(json.dumps(spared()))
"""
    assert run(code, json.dumps(OLD)) == [["x = 1", 4], ["ssl"]]


def test_whoever_asks_for_more_of_it_gets_all_of_it() -> None:
    code = """
import nbformat, ssl
from nbformat import ValidationError, validate
try:
    validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [], "more": 1})
except ValidationError as error:
    print(json.dumps("'more' was unexpected" in str(error)))
from nbformat.notebooknode import NotebookNode
print(json.dumps([nbformat.reads(sys.argv[1], 4).cells[0].source, NotebookNode is nbformat.NotebookNode, ssl.SSLContext.__name__]))
"""
    assert run(code, writes(notebook("x = 1"))) == [True, ["x = 1", True, "SSLContext"]]


def test_what_is_there_already_stays_as_it_is() -> None:
    code = """
import nbformat, asyncio, ssl, sys
there = dict(sys.modules)
from grader.runtime.light import import_lightly
import_lightly()
print(all(sys.modules[name] is module for name, module in there.items()))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


@pytest.mark.parametrize("name", ["no_such_name", "__no_such_name__"])
def test_a_name_that_is_nowhere_is_said_to_be_nowhere(name: str) -> None:
    code = f"""
import nbformat
try:
    nbformat.{name}
except AttributeError as error:
    print(json.dumps({name!r} in str(error)))
"""
    assert run(code) == [True]
