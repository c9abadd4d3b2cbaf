"""``gradmark collect``: what is told, what is written, and that what was laid out is read back as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import downloads as d
import entry_point
import pytest
from entry_point import Ran

from grader.course import match
from grader.errors import UsageError
from grader.submission import HandIn, Hint, check_into, collect, find, lay_out, submissions_of

ROSTER = "id,name,email,login,canvas,github,sis\n" + "".join(
    ",".join([p.id, p.name, p.email, p.login, *(p.platforms.get(key, "") for key in ("canvas", "github", "sis"))])
    + "\n"
    for p in d.CLASS.people
)


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command line in a folder with a course file and a roster."""
    monkeypatch.chdir(tmp_path)
    Path("gradmark.toml").write_text('roster = "roster.csv"\nzone = "Europe/Berlin"\n')
    Path("roster.csv").write_text(ROSTER)
    return partial(entry_point.ran, monkeypatch, capsys)


# ------------------------------------------------------------------------------------------ the command
def test_a_download_is_told_in_a_line_a_table_and_what_is_open(run: Run, tmp_path: Path) -> None:
    """Rejects a name that is taken unseen, a hand-in that is nobody's and not told, and lines that a terminal breaks."""
    d.in_zip(tmp_path / "canvas.zip", d.canvas())
    ran = run("collect", "canvas.zip")
    lines = ran.out.splitlines()
    assert (ran.code, lines[0]) == (1, "Canvas download: 8 files of 7 students, 2 late")
    assert max(map(len, lines)) <= 80
    assert any(
        line.split()[:3] == ["jm", "Jörg", "Müller"] and line.rstrip().endswith("1  late, by name") for line in lines
    )
    assert "  müllerjörg_102 is jm (Jörg Müller), by name" in lines
    assert "  smithjohn_105: 2 people have this name: john1, john2" in lines
    assert "1 handed in nothing: john2" in lines
    assert sorted(p.name for p in tmp_path.iterdir()) == ["canvas.zip", "gradmark.toml", "roster.csv"]


def test_the_help_fits_a_terminal_and_names_the_layouts(run: Run) -> None:
    ran = run("collect", "--help")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert all(name in ran.out for name in ("auto", "canvas", "repositories"))


def test_times_are_in_the_zone_of_the_course(run: Run, tmp_path: Path) -> None:
    d.in_folder(tmp_path / "dl", d.gradescope())
    assert "2026-10-02 18:01" in run("collect", "dl").out


def test_the_document_has_everything(run: Run, tmp_path: Path) -> None:
    d.in_folder(tmp_path / "dl", d.gradescope())
    ran = run("collect", "dl", "--json")
    read = json.loads(ran.out)
    assert (read["schema"], read["layout"]) == ("gradmark/collected/1", "gradescope")
    assert {one["student"]: one["hand_ins"][0]["submitted"] for one in read["students"]} == {
        "ada": "2026-10-02T16:01:02.123456+00:00", "jm": "2026-10-03T00:30:00+00:00", "mary": "2026-10-03T00:30:00+00:00",
    }  # fmt: skip
    assert [(one["hand_in"], one["reason"]) for one in read["unmatched"]] == [
        ("submission_5003", "nobody of the roster")
    ]
    assert read["missing"] == ["jose", "john1", "john2", "zoe"]


def test_without_a_roster_all_are_who_the_download_says(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").unlink()
    d.in_folder(tmp_path / "dl", d.canvas())
    ran = run("collect", "dl")
    assert ran.code == 0
    assert {"lovelaceada_101", "smithjohn_104", "smithjohn_105"} <= {
        line.split(" ")[0] for line in ran.out.splitlines()
    }
    assert "nobody" not in ran.out


def test_who_is_who_is_decided_in_a_file(run: Run, tmp_path: Path) -> None:
    """Rejects writing over what somebody decided."""
    d.in_folder(tmp_path / "dl", d.canvas())
    assert run("collect", "dl", "--write-matches", "m.csv").code == 1
    path = tmp_path / "m.csv"
    path.write_text(path.read_text().replace("smithjohn_105,,", "smithjohn_105,john2,"))
    again = run("collect", "dl", "--write-matches", "m.csv")
    assert (again.code, "m.csv is there already: read it too, with --matches m.csv" in again.err) == (2, True)
    assert run("collect", "dl", "--matches", "m.csv", "--write-matches", "m.csv").code == 0
    assert "smithjohn_105,john2," in path.read_text()


def test_near_names_are_taken_with_accept(run: Run, tmp_path: Path) -> None:
    d.in_folder(tmp_path / "dl", {"A Lovelace.ipynb": d.work("ada"), "jm.ipynb": d.work("jm")})
    assert run("collect", "dl").code == 1
    ran = run("collect", "dl", "--accept")
    assert (ran.code, "A Lovelace is ada (Ada Lovelace), with initials" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("gone",), "there is nothing at gone"),
        (("dl", "--layout", "moodle"), "holds nothing that is named as a moodle download names it"),
        (("dl", "--into", "roster.csv"), "roster.csv is not a folder"),
        (("dl", "--into", "dl"), "dl holds something that was not collected"),
        (("dl", "--matches", "gone.csv"), "the matches gone.csv cannot be read"),
        (("dl", "--layout", "blackboard"), "'blackboard' is not one of"),
    ],
)
def test_wrong_usage_is_told_in_a_line(run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    d.in_folder(tmp_path / "dl", d.canvas())
    ran = run("collect", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_names_of_students_cannot_act_on_a_terminal(run: Run, tmp_path: Path) -> None:
    name = "\x1b[2J\u202eeve\n::error::x"
    d.in_folder(tmp_path / "dl", {f"{name}.ipynb": d.work("eve"), "ada.ipynb": d.work("a"), f"{name}.md": b""})
    ran = run("collect", "dl")
    assert ran.code == 1
    assert not set("\x1b\u202e") & set(ran.out + ran.err)
    assert not [line for line in ran.out.splitlines() if line.lstrip().startswith("::")]


# -------------------------------------------------------------------------------------- laying out
def told(hand_ins: Iterable[HandIn]) -> list[tuple[object, ...]]:
    """Return what must not change when hand-ins are laid out."""
    return sorted(
        (h.student, h.hint.text, h.sha256, h.submitted, h.earlier, h.dated, h.late_mark, h.assignment, h.source)
        for h in hand_ins
    )  # fmt: skip


@pytest.mark.parametrize("name", d.LAYOUTS)
def test_what_was_laid_out_is_read_back_as_it_was(tmp_path: Path, name: str) -> None:
    """Rejects a time, a mark, an attempt or a byte that is lost; also of what is broken, and of what is nobody's."""
    first = match(find([d.in_folder(tmp_path / "dl", d.LAYOUTS[name])], units=d.UNITS).hand_ins, d.CLASS)
    lay_out(tmp_path / "class", first.of, first.unmatched)
    found = find([tmp_path / "class"], units=d.UNITS)
    assert found.name == "collected"
    again = match(found.hand_ins, d.CLASS)
    assert told(h for own in again.of.values() for h in own) == told(h for own in first.of.values() for h in own)
    assert told(again.unmatched) == told(first.unmatched)
    for hand_in in found.hand_ins:
        before = next(
            h
            for h in (*(one for own in first.of.values() for one in own), *first.unmatched)
            if h.sha256 == hand_in.sha256
        )
        ours, theirs = (submissions_of(h, None, d.UNITS, d.STUBS) for h in (hand_in, before))
        assert [(s.assignment, s.problem, s.files) for s in ours] == [
            (s.assignment, s.problem, s.files) for s in theirs
        ]


def test_each_folder_is_graded_as_it_lies_there(tmp_path: Path) -> None:
    """Rejects a layout of our own that ``gradmark grade DIR/*`` cannot read, and a record in the reach of students."""
    first = match(find([d.in_folder(tmp_path / "dl", d.canvas())]).hand_ins, d.CLASS)
    problems = lay_out(tmp_path / "class", first.of, first.unmatched)
    assert [problem.split(": ")[0] for problem in problems] == ["dl/ngzoë_107_9007_layers.zip"]
    there = sorted(path.name for path in (tmp_path / "class").iterdir() if not path.name.startswith("."))
    assert there == ["ada", "handed-in.json", "jm", "john1", "jose", "mary", "zoe"]
    for student in ("ada", "jm", "jose", "john1"):
        (only,) = collect(tmp_path / "class" / student, "layers", d.UNITS, d.STUBS)
        assert (only.id, only.problem, only.attempts["relu_forward"]) == (student, None, "attempted")


def test_a_later_download_adds_attempts_and_loses_none(tmp_path: Path) -> None:
    """Rejects doubling what is there, and taking the later file for the later attempt."""
    into = tmp_path / "class"

    def handed(day: int, source: str) -> dict[str, bytes]:
        stamp = f"2026-10-{day:02} 12:00:00 UTC".encode()
        return {"submitted/ada/layers/layers.ipynb": d.work(source), "submitted/ada/layers/timestamp.txt": stamp}

    for number, (day, source) in enumerate([(5, "third"), (3, "first"), (5, "third"), (4, "second"), (6, "first")]):
        found = match(find([d.in_folder(tmp_path / f"dl{number}", handed(day, source))]).hand_ins, None)
        assert lay_out(into, found.of, found.unmatched) == []
        known = [h.submitted.day for h in match(find([into]).hand_ins, None).of["ada"] if h.submitted]
        assert known == [[5], [3, 5], [3, 5], [3, 4, 5], [3, 4, 5, 6]][number]
    assert (into / "ada" / "layers.ipynb").read_bytes() == d.work("first")
    last = match(find([into]).hand_ins, None).of["ada"]
    assert [h.contents()["layers.ipynb"] for h in last] == [d.work(s) for s in ("first", "second", "third", "first")]


@pytest.mark.parametrize(
    "odd",
    [
        {"n" * 198 + "ü.ipynb": b"{}"},
        {"ü" * 125 + ".ipynb": b"{}"},
        {"n" * 300 + ".py": b""},
        {"sub": b"a file", "sub/x.py": b"in it"},
        {"X.py": b"1", "x.py": b"2"},
        {"big.py": b"0" * (65 << 20)},
    ],
    ids=["200", "251", "300", "both", "case", "large"],
)
def test_what_cannot_lie_in_a_folder_is_the_problem_of_one_student(tmp_path: Path, odd: dict[str, bytes]) -> None:
    """Rejects a class that stops at one student's file names, and a hand-in that is doubled each time it is collected."""
    own = {f"eve/{name}": data for name, data in {**odd, "layers.ipynb": d.work("eve")}.items()}
    archive = d.in_zip(tmp_path / "dl.zip", {**own, "zoe/layers.ipynb": d.work("zoe")})
    into = tmp_path / "class"
    for _ in range(3):
        found = match(find([archive]).hand_ins, None)
        lay_out(into, found.of, found.unmatched)
        known = match(find([into]).hand_ins, None).of
        assert [[h.sha256 for h in known[who]] for who in ("eve", "zoe")] == [
            [h.sha256 for h in found.of[who]] for who in ("eve", "zoe")
        ]
        assert known["eve"][0].problem
    assert (into / "eve" / "layers.ipynb").read_bytes() == d.work("eve")
    assert (into / "zoe" / "layers.ipynb").read_bytes() == d.work("zoe")


def test_no_file_of_a_student_is_taken_for_one_of_ours(tmp_path: Path) -> None:
    """Rejects writing ``x.py`` by way of ``x.py.part``, where the student has a file of that name."""
    files = {"layers.ipynb.part": b"mine", "layers.ipynb": d.work("x")}
    (only,) = find([d.in_folder(tmp_path / "x", files)]).hand_ins
    lay_out(tmp_path / "class", {"x": [only]}, ())
    assert {p.name: p.read_bytes() for p in (tmp_path / "class" / "x").iterdir()} == files


def test_collecting_that_was_stopped_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects a folder that is refused since the run that made it did not come to its end; and a record that is lost."""
    found = match(find([d.in_folder(tmp_path / "dl", d.canvas_anonymous())]).hand_ins, None)
    into, read = tmp_path / "class", HandIn.contents
    (last,) = list(found.of.values())[-1]

    def full(hand_in: HandIn) -> dict[str, bytes]:
        if hand_in.id == last.id:
            raise OSError(28, "No space left on device")
        return read(hand_in)

    monkeypatch.setattr(HandIn, "contents", full)
    with pytest.raises(UsageError, match="No space left"):
        lay_out(into, found.of, ())
    monkeypatch.undo()
    assert lay_out(into, found.of, ()) == []
    assert {who: len(own) for who, own in match(find([into]).hand_ins, None).of.items()} == dict.fromkeys(found.of, 1)
    record = into / "handed-in.json"
    record.write_text(record.read_text()[:-30])
    with pytest.raises(UsageError, match="cannot be read: take it from a copy"):
        lay_out(into, found.of, ())


def test_what_was_nobodys_moves_to_its_student_when_it_is_decided(tmp_path: Path) -> None:
    into = tmp_path / "class"
    first = match(find([d.in_folder(tmp_path / "dl", d.canvas())]).hand_ins, d.CLASS)
    lay_out(into, first.of, first.unmatched)
    assert len(list((into / ".unmatched").iterdir())) == 1
    decided = match(find([into]).hand_ins, d.CLASS, {"smithjohn_105": "john2"})
    assert lay_out(into, decided.of, decided.unmatched) == []
    assert not (into / ".unmatched").exists()
    (john2,) = match(find([into]).hand_ins, d.CLASS).of["john2"]
    assert (john2.late_mark, john2.contents()) == (True, {"layers.ipynb": d.work("john2")})


def test_what_somebody_puts_beside_is_a_hand_in_and_is_not_written_over(tmp_path: Path) -> None:
    into = tmp_path / "class"
    first = match(find([d.in_folder(tmp_path / "dl", d.canvas_anonymous())]).hand_ins, None)
    lay_out(into, first.of, ())
    d.in_folder(into / "zoe", {"layers.ipynb": d.work("by e-mail")})
    assert "zoe" in match(find([into]).hand_ins, d.CLASS).of
    other = HandIn(
        hint=Hint(text="zoe"), files=find([d.in_folder(tmp_path / "zoe", {"x.ipynb": b"new"})]).hand_ins[0].files
    )
    lay_out(into, {"zoe": [other]}, ())
    assert (into / "zoe" / "x.ipynb").read_bytes() == b"new"
    assert [p.read_bytes() for p in (into / ".attempts" / "zoe").rglob("*.ipynb")] == [d.work("by e-mail")]


@pytest.mark.parametrize(
    "student", ["../eve", "/etc", "a/b", ".", "..", ".attempts", "Ada", "ada", "con\n", "", "é" * 300, "handed-in.json"]
)
def test_an_id_is_a_folders_name_only_if_it_can_be_one(tmp_path: Path, student: str) -> None:
    """Rejects writing beside the folder, over the record, and two students into one folder."""
    (only,) = find([d.in_folder(tmp_path / "x", {"layers.ipynb": d.work("x")})]).hand_ins
    into = tmp_path / "deep" / "class"
    lay_out(into, {student or "?": [only], "ada": [only], "ADA": [only]}, ())
    found = match(find([into]).hand_ins, None)
    assert set(found.of) == {student or "?", "ada", "ADA"}
    assert sorted(p.name for p in (tmp_path / "deep").iterdir()) == ["class"]
    folders = [p.name for p in into.iterdir() if p.is_dir()]
    assert len({name.casefold() for name in folders}) == len(found.of)


def test_a_student_keeps_the_folder_when_another_of_almost_that_name_comes(tmp_path: Path) -> None:
    (one,) = find([d.in_folder(tmp_path / "x", {"layers.ipynb": d.work("x")})]).hand_ins
    (two,) = find([d.in_folder(tmp_path / "y", {"layers.ipynb": d.work("y")})]).hand_ins
    lay_out(tmp_path / "class", {"ada": [one]}, ())
    lay_out(tmp_path / "class", {"Ada": [two]}, ())
    found = match(find([tmp_path / "class"]).hand_ins, None)
    assert {who: [h.contents() for h in own] for who, own in found.of.items()} == {
        "ada": [one.contents()],
        "Ada": [two.contents()],
    }
    assert (tmp_path / "class" / "ada" / "layers.ipynb").read_bytes() == d.work("x")


def test_a_folder_that_was_not_collected_is_not_written_into(tmp_path: Path) -> None:
    d.in_folder(tmp_path / "home", {"thesis.tex": b""})
    with pytest.raises(UsageError, match="was not collected"):
        lay_out(tmp_path / "home", {}, ())
    check_into(tmp_path / "new")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "gradmark/handed-in/1", "hand_ins": 3}', "\x00"])
def test_a_record_that_is_broken_is_no_record(tmp_path: Path, text: str) -> None:
    d.in_folder(
        tmp_path / "class", {"handed-in.json": text.encode(), "ada/layers.ipynb": d.work("a"), "jm/layers.ipynb": b""}
    )
    assert [h.hint.text for h in find([tmp_path / "class"]).hand_ins] == ["ada", "jm"]


def test_a_record_of_what_is_gone_and_of_odd_values_is_read(tmp_path: Path) -> None:
    records = [
        3,
        {"folder": "../ada"},
        {"folder": "gone", "student": "gone", "hint": 3, "submitted": "x", "earlier": 5, "notes": None},
    ]
    d.in_folder(tmp_path / "ada", {"layers.ipynb": b""})
    record = json.dumps({"schema": "gradmark/handed-in/1", "hand_ins": records}).encode()
    found = find([d.in_folder(tmp_path / "class", {"handed-in.json": record})])
    assert [h.problem for h in found.hand_ins] == ["its files are not there any more"] * 2
