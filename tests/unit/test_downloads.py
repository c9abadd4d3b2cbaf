"""Downloads of platforms: each layout is recognised and read, and nothing that only looks like one is taken for it."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import downloads as d
import pytest

from grader.errors import UsageError
from grader.submission import LAYOUTS, Found, HandIn, Submission, collect, find, submissions_of
from grader.submission import files as files_module
from grader.submission.downloads import hand_in as hand_in_module
from grader.submission.downloads import tree as tree_module
from grader.submission.downloads.places import OnDisk
from grader.submission.downloads.times import instant

VARIANTS: dict[str, d.Files] = {
    **d.LAYOUTS,
    "anonymous": d.canvas_anonymous(),
    "without _": d.moodle(""),
    "flat": d.moodle_flat(),
    "blind": d.moodle_blind(),
    "no sheet": d.gradescope(None),
    "inbound": d.inbound(),
    "classroom50": d.classroom50(),
}
TOLD = {
    "canvas": "Canvas download: 8 files of 7 students, 2 late",
    "moodle": "Moodle download: 7 files of 5 students",
    "gradescope": "Gradescope export: 3 submissions of 4 students",
    "nbgrader": "nbgrader's submissions: 4 folders of 3 students",
    "repositories": "cloned repositories: 2 repositories of 2 students, times are those of last commits",
    "folders": "plain folders: 4 folders of 4 students",
    "files": "plain files: 6 files of 5 students",
    "anonymous": "Canvas download: 3 files of 2 students, 1 late",
    "without _": "Moodle download: 7 files of 5 students",
    "flat": "Moodle download: 3 files of 2 students",
    "blind": "Moodle download: 3 files of 3 students, blind: the students have no names",
    "no sheet": "Gradescope export: 3 submissions of 3 students, without submission_metadata.yml: nobody has a name",
    "inbound": "nbgrader's submissions: 2 folders of 2 students",
    "classroom50": "classroom50 download: 2 repositories of 2 students, 1 late",
}


def submitted(hand_in: HandIn, assignment: str | None = None) -> list[Submission]:
    return submissions_of(hand_in, assignment, d.UNITS, d.STUBS)


def by_text(found: Found) -> dict[str, HandIn]:
    return {hint.text: hand_in for hand_in in found.hand_ins for hint in hand_in.hints}


def at(folder: Path, files: Mapping[str, bytes], **more: str) -> Found:
    return find([d.in_folder(folder, files)], units=d.UNITS, **more)


# ------------------------------------------------------------------------------------------- layouts
@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize(
    "form", ["folder", "zip", "zip of a Mac", "zip in a folder", "zip in a zip", "folder in a zip"]
)
def test_a_layout_is_recognised_in_whatever_it_comes(tmp_path: Path, name: str, form: str) -> None:
    """Rejects a form that is read otherwise than the folder it was packed from: by its line, students, files and their bytes."""
    files = VARIANTS[name]
    plain = find([d.in_folder(tmp_path / "dl", files)], units=d.UNITS)
    other = {
        "folder": lambda: tmp_path / "dl",
        "zip": lambda: d.in_zip(tmp_path / "a" / "dl.zip", files),
        "zip of a Mac": lambda: d.in_zip(tmp_path / "a" / "dl.zip", files, flag=False),
        "zip in a folder": lambda: d.in_zip(tmp_path / "b" / "dl.zip", files).parent,
        "zip in a zip": lambda: d.in_zip(tmp_path / "a" / "all.zip", {"dl.zip": d.zipped(files)}),
        "folder in a zip": lambda: d.in_zip(tmp_path / "a" / "dl.zip", {f"x/y/{n}": data for n, data in files.items()}),
    }[form]()
    found = find([other], units=d.UNITS)
    assert found.layout == plain.layout == TOLD[name]
    assert {(h.hint.text, h.sha256, h.submitted, h.late_mark) for h in found.hand_ins} == {
        (h.hint.text, h.sha256, h.submitted, h.late_mark) for h in plain.hand_ins
    }


@pytest.mark.parametrize("name", VARIANTS)
def test_all_that_was_handed_in_is_a_submission_and_nothing_raises(tmp_path: Path, name: str) -> None:
    """Rejects a hand-in that is dropped, and one whose work is not found: those that have none are broken, typed or a PDF."""
    found = at(tmp_path / "dl", VARIANTS[name])
    got = [s for hand_in in found.hand_ins for s in submitted(hand_in)]
    assert {s.id for s in got} == {h.hint.as_id for h in found.hand_ins}
    without = {s.id for s in got if s.problem}
    assert without == {
        "canvas": {"ngzoë_107", "obrienmaryann_106"},
        "folders": {"smith"},
        "files": {"broken", "lovelace"},
    }.get(name, set())


def test_the_names_of_layouts_are_known_to_the_option(tmp_path: Path) -> None:
    from grader.cli import collect as command

    assert sorted(command.LAYOUTS) == sorted(("auto", *LAYOUTS))
    with pytest.raises(UsageError, match="no layout 'blackboard'; there are collected, "):
        find([tmp_path], "blackboard")


LOOK_ALIKES: dict[str, tuple[d.Files, str]] = {
    "a week and a day are no ids of Canvas, in a student's own folder": (
        {"week_1_2_layers.ipynb": d.work("a"), "exercises/layers.py": b""}, "student"
    ),
    "one file of Canvas's among many others": (
        {"bob_1_2_layers.ipynb": d.work("m"), **{f"{n}.ipynb": d.work(n) for n in ("ada", "jm", "zoe")}}, "files"
    ),
    "folders that are named as Canvas names files": (
        {"bob_1_2_x/layers.ipynb": d.work("a"), "eve_1_3_x/layers.ipynb": d.work("b")}, "folders"
    ),
    "a file of Moodle's in a download of Canvas": (
        {**d.canvas(), "mallory_6_7_Bob B_5_assignsubmission_file_x.ipynb": d.work("m")}, "canvas"
    ),
    "a file of Canvas's in a download of Moodle": (
        {**d.moodle_flat(), "Mal L_9_assignsubmission_file_bob_1_2_x.ipynb": d.work("m")}, "moodle"
    ),
    "a folder of Moodle's within a student's": (
        {"ada/Bob B_5_assignsubmission_file_/x.ipynb": d.work("m"), "jm/layers.ipynb": d.work("j")}, "folders"
    ),
    "one folder of Gradescope's among others": (
        {"submission_1/layers.ipynb": d.work("m"), "ada/layers.ipynb": d.work("a")}, "folders"
    ),
    "a sheet of Gradescope's without its folders": (
        {"submission_metadata.yml": b"a: 1", "ada/layers.ipynb": d.work("a"), "jm/layers.ipynb": b""}, "folders"
    ),
    "a time of nbgrader's in one student's folder": (
        {"mal/hw/timestamp.txt": b"", "mal/hw/layers.ipynb": b"", "ada/layers.ipynb": b"", "jm/layers.ipynb": b""}, "folders"
    ),
    "a folder submitted in a student's own": (
        {"submitted/a/b/x.ipynb": d.work("a"), "exercises/layers.py": b""}, "student"
    ),
    "one clone": ({f"layers-ada/.git/{n}": data for n, data in d.git_files(5).items()} | {"layers-ada/x.py": b""}, "student"),
    "a record of a class within a student's folder": (
        {"ada/handed-in.json": b'{"schema": "gradmark/handed-in/1", "hand_ins": []}', "jm/layers.ipynb": b""}, "folders"
    ),
    "a record that is none": ({"handed-in.json": b"[]", "jm/layers.ipynb": b"", "ada/layers.ipynb": b""}, "folders"),
    "files that are named after units": ({"06_layers.ipynb": b"", "optimizers.py": b""}, "student"),
    "a template beside files of students": ({"06_layers.ipynb": b"", **{f"{n}.ipynb": b"" for n in "abcd"}}, "files"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_looks_like_a_layout_is_not_taken_for_it(tmp_path: Path, name: str) -> None:
    files, layout = LOOK_ALIKES[name]
    assert at(tmp_path / "dl", files).name == layout


def test_a_student_cannot_hand_in_what_looks_like_somebody_elses(tmp_path: Path) -> None:
    """Rejects recognising a download in what one of several paths, or one of several archives, holds."""
    forged = {"lovelaceada_101_1_layers.ipynb": d.work("mallory")}
    mallory = d.in_folder(tmp_path / "class" / "mallory", forged)
    zoe = d.in_folder(tmp_path / "class" / "zoe", {"layers.ipynb": d.work("zoe")})
    zips = d.in_folder(tmp_path / "zips", {"mallory.zip": d.zipped(forged), "zoe.zip": d.zipped({"layers.ipynb": b""})})
    for paths in ([mallory, zoe], [zips]):
        assert [h.hint.text for h in find(paths, units=d.UNITS).hand_ins] == ["mallory", "zoe"]
    two = d.in_folder(tmp_path / "b", d.moodle())
    assert "b looks like a class: give it alone" in find([two, zoe], units=d.UNITS).layout


def test_several_downloads_are_read_one_by_one(tmp_path: Path) -> None:
    one, two = d.in_folder(tmp_path / "a", d.canvas_anonymous()), d.in_zip(tmp_path / "b.zip", d.moodle_flat())
    found = find([one, two])
    assert (found.layout, len(found.hand_ins)) == (f"{TOLD['anonymous']}; {TOLD['flat']}", 4)
    assert len({hand_in.download for hand_in in found.hand_ins}) == 2


def test_a_layout_that_is_named_is_taken(tmp_path: Path) -> None:
    """Rejects the guess where the user knows better, and a name that fits nothing there."""
    files = {"ada_1_2_layers.ipynb": d.work("a"), "notes/x.ipynb": b"", "hw.ipynb": b""}
    assert at(tmp_path / "dl", files).name == "folders"
    forced = at(tmp_path / "dl", files, layout="canvas")
    assert (forced.name, [h.hint.text for h in forced.hand_ins], forced.left) == (
        "canvas",
        ["ada_1", "hw.ipynb"],
        ["notes/"],
    )
    with pytest.raises(UsageError, match="holds nothing that is named as a moodle download names it"):
        find([tmp_path / "dl"], "moodle")
    assert [h.hint.text for h in find([tmp_path / "dl"], "student").hand_ins] == ["dl"]


def test_a_path_with_nothing_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is nothing at"):
        find([tmp_path / "gone"])


# ----------------------------------------------------------------------------------------- platforms
def test_canvas_gives_files_their_names_back(tmp_path: Path) -> None:
    """Rejects a module that cannot be imported for the -2 in its name, and a table that is not found under the name it had."""
    files = {"x_1_2_helper-1.py": b"a", "x_1_3_table-3.csv": b"b", "x_1_4_hw-1.ipynb": b"c", "x_1_5_hw.ipynb": b"d"}
    (only,) = at(tmp_path / "dl", files).hand_ins
    assert only.raw() == {
        "helper.py": b"a",
        "table-3.csv": b"b",
        "table.csv": b"b",
        "hw-1.ipynb": b"c",
        "hw.ipynb": b"d",
    }


def test_canvas_has_ids_late_marks_and_dates_that_are_hints(tmp_path: Path) -> None:
    found = by_text(find([d.in_zip(tmp_path / "dl.zip", d.canvas())]))
    late = found["müllerjörg_102"]
    assert (late.hint.ids, late.hint.joined, late.late_mark, late.submitted) == ({"canvas": "102"}, True, True, None)
    assert late.dated == datetime(2026, 10, 2, 12)
    assert found["smithjohn_105"].late_mark, "in small letters too"
    assert not found["lovelaceada_101"].late_mark
    assert by_text(at(tmp_path / "x", d.canvas_anonymous()))["anon_b7Qr2"].late_mark
    name = by_text(at(tmp_path / "y", {"late_5_6_x.ipynb": b"", "late_late_7_8_x.ipynb": b""}))
    assert {text: h.late_mark for text, h in name.items()} == {"late_5": False, "late_7": True}


def test_moodle_keeps_a_students_folders_and_what_was_typed(tmp_path: Path) -> None:
    found = by_text(at(tmp_path / "dl", d.moodle("")))
    ada = found["Ada Lovelace_7001"]
    assert sorted(file.name for file in ada.files) == ["06_layers.ipynb", "exercises/layers.py", "onlinetext.html"]
    (only,) = submitted(ada)
    assert (only.problem, only.attempts["relu_forward"]) == (None, "attempted")
    assert found["Zoë Ng_7005"].hint.name == "Zoë Ng", "a name of a Mac is the same name"
    team = at(
        tmp_path / "team",
        {"Group A_31_assignsubmission_file_/x.ipynb": b"", "Default team_assignsubmission_file/x.py": b""},
    )
    assert sorted(by_text(team)) == ["Default team", "Group A_31"]


def test_gradescope_has_groups_times_and_older_attempts(tmp_path: Path) -> None:
    """Rejects a number of a student read as a number, a time of Ruby's own, and an export that one bad value makes unreadable."""
    found = at(tmp_path / "dl", d.gradescope())
    ada, group = found.hand_ins[:2]
    assert ada.submitted == datetime(2026, 10, 2, 16, 1, 2, 123456, UTC)
    assert ada.earlier == (datetime(2026, 10, 1, 9, tzinfo=UTC), datetime(2026, 10, 2, 6, 30, tzinfo=UTC))
    assert [(h.name, h.ids.get("sis"), h.as_id) for h in group.hints] == [
        ("Jörg Müller", None, "jm@uni.example"), ("Mary-Ann O'Brien", "00123", "00123")
    ]  # fmt: skip
    assert group.submitted == datetime(2026, 10, 3, 0, 30, tzinfo=UTC)
    assert found.left == ["submission_5009 (only in submission_metadata.yml: its files are not there)"]


@pytest.mark.parametrize(
    "sheet", ["a: [", "- 1", "\x00", "submission_5001: 3", "submission_5001:\n  :submitters: {a: 1}", "x: &a [*a]"]
)
def test_a_sheet_that_is_broken_leaves_folders_without_names(tmp_path: Path, sheet: str) -> None:
    found = at(tmp_path / "dl", d.gradescope(sheet))
    assert [h.hint.text for h in found.hand_ins] == ["submission_5001", "submission_5002", "submission_5003"]


def test_a_sheet_makes_no_objects(tmp_path: Path) -> None:
    """Rejects a loader that builds what a tag names."""
    sheet = f"submission_5001:\n  :submitters:\n  - :name: !!python/object/apply:os.system ['touch {tmp_path}/gone']\n"
    found = at(tmp_path / "dl", d.gradescope(sheet))
    assert found.hand_ins[0].hint.name == ""
    assert not (tmp_path / "gone").exists()


def test_nbgrader_has_assignments_and_times_and_keeps_its_sheet_out_of_the_work(tmp_path: Path) -> None:
    found = at(tmp_path / "course", {**d.nbgrader(), "source/layers/06_layers.ipynb": b"", "gradebook.db": b""})
    times = {(h.hint.text, h.assignment): h.submitted for h in found.hand_ins}
    assert times == {
        ("ada", "layers"): datetime(2026, 10, 2, 13, 58, 23, 948203, UTC),
        ("ada", "optimizers"): datetime(2026, 10, 9, 15, 58, 23, 948203, UTC),
        ("jm", "layers"): datetime(2026, 10, 2, 15, 58, 23, tzinfo=UTC),
        ("zoe", "layers"): None,
    }
    assert all(file.name != "timestamp.txt" for h in found.hand_ins for file in h.files)
    assert (
        at(tmp_path / "x" / "submitted", {n.split("/", 1)[1]: data for n, data in d.nbgrader().items()}).name
        == "nbgrader"
    )


@pytest.mark.parametrize(
    "around", ["layers-submissions/", "some/where/", "dl26-layers_submissions_2026_10_03_T_10_00_00/"]
)
def test_logins_are_what_the_names_of_clones_do_not_share(tmp_path: Path, around: str) -> None:
    found = at(tmp_path / "dl", d.repositories(around))
    assert [(h.hint.login, h.assignment) for h in found.hand_ins] == [("Ada-L", "layers"), ("joergm", "layers")]


def test_classroom50_has_times_of_its_own_and_late_marks(tmp_path: Path) -> None:
    """Rejects the commit's time where the platform's is there."""
    ada, jm = at(tmp_path / "dl", d.classroom50()).hand_ins
    assert (ada.submitted, ada.late_mark) == (datetime(2026, 10, 2, 12, tzinfo=UTC), True)
    assert (jm.submitted, jm.late_mark) == (datetime.fromtimestamp(1_790_086_400, UTC), False)


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("2026-10-02 16:01:02.5 UTC", datetime(2026, 10, 2, 16, 1, 2, 500000, UTC)),
        ("2026-10-02T16:01:02Z", datetime(2026, 10, 2, 16, 1, 2, tzinfo=UTC)),
        ("2026-10-02 16:01:02 -0330", datetime(2026, 10, 2, 16, 1, 2, tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
        ("2026-10-02 16:01:02 America/New_York", datetime(2026, 10, 2, 20, 1, 2, tzinfo=UTC)),
        ("2026-10-02 16:01:02", None), ("2026-13-02 16:01:02 Z", None), ("2026-10-02 16:01 Mars/Base", None), (None, None),
        ("2026-10-02 16:01:02 PST", None),
    ],
)  # fmt: skip
def test_a_time_without_a_known_zone_is_none(said: str | None, when: datetime | None) -> None:
    """Rejects a guess at a zone, which could make a hand-in late."""
    assert instant(said) == when


# --------------------------------------------------------------------------------------- plain paths
def test_files_of_one_student_are_one_hand_in(tmp_path: Path) -> None:
    d.in_folder(
        tmp_path,
        {"ada_layers.ipynb": d.work("a"), "ada-optimizers.py": b"", "forward_mode_jm.py": b"", "notes.md": b""},
    )
    found = find(sorted(tmp_path.iterdir()), units=[*d.UNITS, "forward_mode"])
    assert [(h.hint.text, len(h.files)) for h in found.hand_ins] == [("ada", 2), ("jm", 1)]
    assert found.left == ["notes.md"]


def test_a_file_that_is_named_as_the_course_names_it_is_its_folders(tmp_path: Path) -> None:
    d.in_folder(tmp_path, {"ada/notebooks/06_layers.ipynb": d.work("a"), "jm/06_layers.ipynb": d.work("j")})
    found = find([tmp_path / "ada/notebooks/06_layers.ipynb", tmp_path / "jm/06_layers.ipynb"], units=d.UNITS)
    assert [h.hint.text for h in found.hand_ins] == ["ada", "jm"]


def test_a_folder_of_one_student_is_one_hand_in_however_deep(tmp_path: Path) -> None:
    (only,) = at(
        tmp_path / "ada", {"hw3/upload/06_layers.ipynb": d.work("a"), "hw3/upload/exercises/layers.py": b""}
    ).hand_ins
    assert (only.hint.text, only.hint.others, only.source) == ("ada", ("hw3",), "ada")


@pytest.mark.parametrize("assignment", [None, "layers", "optimizers"])
def test_what_is_found_in_a_hand_in_is_what_is_found_at_its_path(tmp_path: Path, assignment: str | None) -> None:
    """Rejects a student of a class who is graded otherwise than alone: by kind, layout, name and unit of what was handed in."""
    sgd = b"def sgd(w, dw, config=None):\n    return w\n"
    students: dict[str, d.Files] = {
        "a": {"06_layers.ipynb": d.work("a")},
        "b": {
            "notebooks/06_layers.ipynb": d.book("from exercises.layers import *"),
            "exercises/layers.py": d.RELU.encode(),
        },
        "c": {"hw.ipynb": d.work("c")},
        "d": {"optimizers.py": sgd},
        "e": {"x/y/exercises/layers.py": d.RELU.encode(), "x/y/exercises/optimizers.py": sgd},
        "f": {"layers.ipynb": d.work("f"), "layers (1).ipynb": d.work("g")},
        "g": {"essay.pdf": b""},
        "h": {"hw/layers.py": d.RELU.encode(), "hw/layers.ipynb": d.book("from exercises.layers import relu_forward")},
    }
    for who, files in students.items():
        for path in (d.in_folder(tmp_path / who, files), d.in_zip(tmp_path / "zips" / f"{who}.zip", files)):
            (only,) = find([path], units=d.UNITS).hand_ins
            alone, in_class = collect(path, assignment, d.UNITS, d.STUBS), submitted(only, assignment)
            told = [
                [(s.id, s.assignment, s.problem, s.files, s.attempts, s.where, s.notes) for s in of]
                for of in (alone, in_class)
            ]
            if who != "c" or assignment != "optimizers":
                assert told[0] == told[1], (who, path.suffix)


# ------------------------------------------------------------------------------------------- bounds
def test_a_member_that_cannot_be_read_is_its_students_problem_and_nobody_elses(tmp_path: Path) -> None:
    """Rejects refusing a class for one member: a link, one that climbs, one that is there twice, one that lies about its size."""
    files = {f"{who}/layers.ipynb": d.work(who) for who in ("ada", "jm", "zoe", "twice")}
    data = d.zipped({**files, "../eve/layers.ipynb": b"", "/etc/layers.ipynb": b""}, links={"jm/exercises": "/etc"})
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = _with_again(data, "twice/layers.ipynb")
    (tmp_path / "dl.zip").write_bytes(twice)
    found = find([tmp_path / "dl.zip"], units=d.UNITS)
    problems = {h.hint.text: submitted(h)[0].problem for h in found.hand_ins}
    assert {who: problem is None for who, problem in problems.items()} == {
        "ada": True,
        "jm": False,
        "zoe": True,
        "twice": False,
    }
    assert "link" in str(problems["jm"])
    assert "name of another" in str(problems["twice"])
    assert len(found.left) == 2
    assert "climbs" in found.left[0]


def _with_again(data: bytes, name: str) -> bytes:
    import io
    import zipfile

    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, b"other")
    return stream.getvalue()


def test_a_bomb_is_its_students_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (hand_in_module, files_module):
        monkeypatch.setattr(module, "MOST_BYTES", 1 << 20)
    zeros = d.zipped({"x.ipynb": bytes(2 << 20)})
    lying = zeros.replace((2 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    found = at(tmp_path / "dl", {"ada.zip": zeros, "jm.zip": lying, "zoe.ipynb": d.work("zoe")})
    assert [bool(submitted(h)[0].problem) for h in found.hand_ins] == [True, True, False]


def test_too_much_of_one_student_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_in_module, "MOST_FILES", 5)
    many = {f"ada/{n}.txt": b"" for n in range(5)}
    found = at(tmp_path / "dl", {**many, "ada/x.ipynb": b"", "jm/layers.ipynb": d.work("jm")})
    ada, jm = (submitted(h)[0] for h in found.hand_ins)
    assert "more than 5 files" in str(ada.problem)
    assert jm.problem is None


def test_a_class_with_too_many_entries_is_a_problem_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_module, "MOST_ENTRIES", 5)
    for path in (d.in_folder(tmp_path / "dl", d.canvas()), d.in_zip(tmp_path / "dl.zip", d.canvas())):
        (only,) = find([path]).hand_ins
        assert re.search("more than 5 (entries|members)", str(submitted(only)[0].problem))


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects holding a class in memory to list it."""
    path = d.in_folder(tmp_path / "dl", d.canvas())
    opened: list[Path] = []
    honest = OnDisk.open
    monkeypatch.setattr(OnDisk, "open", lambda self: (opened.append(self.path), honest(self))[1])
    found = find([path])
    assert opened == []
    submitted(found.hand_ins[0])
    assert {p.name for p in opened} == {file.place.path.name for file in found.hand_ins[0].files}  # type: ignore[union-attr]


def test_hand_ins_travel_to_other_processes(tmp_path: Path) -> None:
    found = find([d.in_zip(tmp_path / "all.zip", {"dl.zip": d.zipped(d.moodle())})])
    for hand_in in found.hand_ins:
        assert submitted(pickle.loads(pickle.dumps(hand_in)))[0].sha256 == hand_in.sha256


def test_an_archive_that_was_uploaded_is_unpacked_beside_the_rest(tmp_path: Path) -> None:
    """Rejects leaving out the functions that a notebook needs, and a broken archive that costs a good notebook its points."""
    packed = d.zipped({"exercises/layers.py": d.RELU.encode(), ".DS_Store": b"", "06_layers.ipynb": b"other"})
    files = {"x_1_2_06_layers.ipynb": d.book("from exercises.layers import relu_forward"), "x_1_3_rest.zip": packed}
    files |= {"y_2_4_06_layers.ipynb": d.work("y"), "y_2_5_more.zip": b"broken", "z_3_6_hw.rar": b"Rar!"}
    x, y, z = at(tmp_path / "dl", files).hand_ins
    assert sorted(x.contents()) == ["06_layers.ipynb", "rest/06_layers.ipynb", "rest/exercises/layers.py"]
    (only,) = submitted(y)
    assert (only.problem, only.notes[0][:20]) == (None, "not read: more.zip: ")
    assert "hw.rar, and of archives only .zip is read" in str(submitted(z)[0].problem)


def test_an_archive_in_a_students_own_folder_is_data(tmp_path: Path) -> None:
    found = at(
        tmp_path / "dl",
        {
            "ada/layers.ipynb": d.work("a"),
            "ada/data.zip": b"anything",
            "jm/hw.zip": d.zipped({"layers.ipynb": d.work("j")}),
        },
    )
    ada, jm = found.hand_ins
    assert set(ada.contents()) == {"layers.ipynb", "data.zip"}
    assert set(jm.contents()) == {"layers.ipynb"}


# ----------------------------------------------------------------------------- grading by mistake
@pytest.mark.parametrize("name", ["canvas", "moodle", "gradescope", "nbgrader", "repositories"])
def test_a_download_is_not_graded_as_one_submission(tmp_path: Path, name: str) -> None:
    """Rejects grading one of a class, and asking which of its notebooks it is."""
    of: dict[str, Callable[[], Path]] = {
        "folder": lambda: d.in_folder(tmp_path / "dl", d.LAYOUTS[name]),
        "zip": lambda: d.in_zip(tmp_path / "dl.zip", d.LAYOUTS[name]),
    }
    for make in of.values():
        (only,) = collect(path := make(), "layers", d.UNITS, d.STUBS)
        said = f"students: use `gradmark batch {path.name}`, or `gradmark collect {path.name} --into CLASS`"
        assert str(only.problem).startswith("this is a")
        assert said in str(only.problem)


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_a_line_break_in_a_files_name_makes_it_nobody_elses(tmp_path: Path, name: str) -> None:
    """Rejects a student's file that is taken for a stranger's, and with some of them a download that is known no more."""
    stem = {"canvas": "evil_666_{}_", "moodle": "Eve Il_666_assignsubmission_file_/"}[name]
    own = {f"{stem.format(n)}lay{n}\ners.ipynb": b"{}" for n in range(30)}
    laid = {"canvas": d.canvas, "moodle": d.moodle}[name]()
    found = find([d.in_zip(tmp_path / "x.zip", {**laid, **own})])
    assert found.name == name
    (eve,) = [hand_in for hand_in in found.hand_ins if "666" in hand_in.hint.ids.values()]
    assert len(eve.files) == 30
