"""What a kernel says is an output: kept if it has the form of one, refused if not."""

from __future__ import annotations

import re
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, output_from_msg

from grader.runtime.cells.outputs import FORMS, OutputError, output_of

RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("stream", {"name": "stdout", "text": "a\nb"}),
    ("stream", {"name": "stderr", "text": ["a\n", "b"]}),
    ("display_data", {"data": {"text/plain": "x", "image/png": "aGk="}, "metadata": {"isolated": True}}),
    ("display_data", {"data": {"application/json": {"a": [1]}, "application/geo+json": 3}, "metadata": {}, "transient": {}}),
    ("execute_result", {"data": {"text/plain": ["x"]}, "metadata": {}, "execution_count": 3}),
    ("execute_result", {"data": {}, "metadata": {}, "execution_count": None}),
    ("error", {"ename": "E", "evalue": "", "traceback": ["a", "b"]}),
]  # fmt: skip
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("stream", {"name": "stdout"}, "text of stream"),
    ("stream", {"name": "stdout", "text": 3}, "text of stream"),
    ("stream", {"name": None, "text": ""}, "name of stream"),
    ("stream", {"name": "stdout", "text": ["a", 3]}, "text of stream"),
    ("display_data", {"data": {"text/plain": {"a": 1}}, "metadata": {}}, "data of display_data"),
    ("display_data", {"data": {"text/json": {}}, "metadata": {}}, "data of display_data"),
    ("display_data", {"data": [], "metadata": {}}, "data of display_data"),
    ("display_data", {"data": {}, "metadata": []}, "metadata of display_data"),
    ("execute_result", {"data": {}, "metadata": {}, "execution_count": -1}, "execution_count of"),
    ("execute_result", {"data": {}, "metadata": {}, "execution_count": True}, "execution_count of"),
    ("execute_result", {"data": {}, "metadata": {}, "execution_count": "1"}, "execution_count of"),
    ("error", {"ename": "E", "evalue": "", "traceback": "a"}, "traceback of error"),
    ("error", {"ename": "E", "evalue": 3, "traceback": []}, "evalue of error"),
]


@pytest.mark.parametrize(("kind", "content"), RIGHT)
def test_an_output_is_kept_as_nbformat_keeps_it(kind: str, content: dict[str, Any]) -> None:
    found = output_of(kind, content)
    assert found == output_from_msg({"header": {"msg_type": kind}, "content": content})
    nbformat.validate(new_notebook(cells=[new_code_cell(outputs=[found])]))


@pytest.mark.parametrize(("kind", "content", "named"), WRONG)
def test_what_has_not_the_form_of_one_is_refused_by_name(kind: str, content: dict[str, Any], named: str) -> None:
    with pytest.raises((nbformat.ValidationError, KeyError)):
        output_from_msg({"header": {"msg_type": kind}, "content": content})
    with pytest.raises(OutputError, match=re.escape(named)):
        output_of(kind, content)


def test_other_messages_are_no_outputs() -> None:
    assert output_of("status", {"execution_state": "busy"}) is None
    assert {kind for kind, _ in RIGHT} == set(FORMS) == {kind for kind, *_ in WRONG}
