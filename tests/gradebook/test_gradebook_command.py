"""``gradmark gradebook``: what it prints, its exit codes, and where it looks for the gradebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import entry_point
import pytest
from book_samples import an_attempt

from grader.cli import options
from grader.cli.gradebook import gradebook
from grader.gradebook import Gradebook
from grader.grades import Mark

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs ``gradmark gradebook`` in an empty folder; returns the exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.delenv("GRADMARK_GRADEBOOK", raising=False)
    return partial(entry_point.ran, monkeypatch, capsys, "gradebook")


def filled(path: Path) -> None:
    with Gradebook.open(path, create=True) as book:
        book.record([an_attempt()], by="grace")
        mark = Mark(student="ada", assignment="layers", exercise="layers.relu_forward", points=1)
        book.mark([mark], by="al\x1b[31man", why="::error:: on paper\nand more")


def test_a_gradebook_is_made_once(run: Run, tmp_path: Path) -> None:
    assert run("init") == (0, "the gradebook gradebook.db is ready\n", "")
    filled(tmp_path / "gradebook.db")
    assert run("init") == (0, "the gradebook gradebook.db is ready; its trail has 2 lines already\n", "")


def test_without_one_every_command_says_how_to_make_it(run: Run) -> None:
    for name in ("trail", "undo", "rebuild", "check"):
        code, out, err = run(name)
        assert (code, out) == (2, "")
        assert (
            err
            == "gradmark: there is no gradebook gradebook.db: name another one, or make it with gradmark gradebook init\n"
        )


def test_it_is_beside_the_course_file_or_where_it_is_said_to_be(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course").mkdir()
    run("init", "--course", "course/gradmark.toml")
    assert (tmp_path / "course" / "gradebook.db").exists()
    monkeypatch.setenv("GRADMARK_GRADEBOOK", "sqlite:///of-the-environment.db")
    run("init", "--course", "course/gradmark.toml")
    assert (tmp_path / "of-the-environment.db").exists()
    run("init", "--gradebook", "named.db")
    assert (tmp_path / "named.db").exists()
    assert not (tmp_path / "gradebook.db").exists()


def test_the_trail_is_shown_cleaned_and_with_what_is_undone(run: Run, tmp_path: Path) -> None:
    assert run("init")[0] == 0
    assert run("trail")[1] == "the trail is empty: nothing was written yet\n"
    filled(tmp_path / "gradebook.db")
    code, out, _ = run("undo", "--by", "grace", "--why", "a slip")
    assert (code, out.splitlines()[0]) == (
        0,
        "line 3: line 2 is taken back: 1 mark: ada layers.relu_forward; to go back: gradmark gradebook undo 3",
    )
    _, out, _ = run("trail")
    assert "\x1b" not in out
    assert not any(line.startswith("::") for line in out.splitlines())
    assert "mark: 1 mark: ada layers.relu_forward (undone by line 3)" in out
    assert "a slip" in out
    code, out, _ = run("trail", "--json", "--limit", "1")
    (line,) = json.loads(out)
    assert (line["number"], line["by"], line["takes_back"]) == (3, "grace", 2)
    assert line["at"].endswith("+00:00")
    assert len(json.loads(run("trail", "--json", "--all")[1])) == 3


def test_what_cannot_be_undone_is_one_line_and_exit_code_2(run: Run, tmp_path: Path) -> None:
    filled(tmp_path / "gradebook.db")
    assert run("undo", "9")[::2] == (2, "gradmark: the trail has no line 9: see gradmark gradebook trail\n")
    assert run("undo", "0")[0] == 2


def test_backup_check_rebuild_and_restore(run: Run, tmp_path: Path) -> None:
    filled(tmp_path / "gradebook.db")
    assert run("backup", "kept.db")[0] == 0
    assert run("restore", "kept.db", "--gradebook", "new.db")[:2] == (0, "restored into new.db: 2 lines of the trail\n")
    assert run("restore", "kept.db")[0] == 2
    assert run("check") == (0, "no fault: documents, 2 lines of the trail, and the present fit\n", "")
    with Gradebook.open("gradebook.db") as book, book._store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM marks")
    code, out, _ = run("check")
    assert (code, out.splitlines()[-1]) == (1, "1 fault")
    assert "the table marks is not what the trail says" in out
    assert run("rebuild") == (0, "made anew from the 2 lines of the trail\n", "")
    assert run("check")[0] == 0


def test_every_command_and_every_flag_has_help() -> None:
    for name, one in gradebook.commands.items():
        assert one.help, name
        for parameter in one.params:
            assert parameter.param_type_name == "argument" or parameter.help, f"{name} {parameter.name}"  # type: ignore[attr-defined]


def test_who_it_was_is_known_even_where_nobody_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert options.login_name() == "somebody"
