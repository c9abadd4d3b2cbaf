"""Who handed in what: ids are taken, names are proposals, and nobody is guessed."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import downloads as d
import pytest

from grader.course import ASIDE, Matched, match, read_matches, write_matches
from grader.errors import UsageError
from grader.people import Person
from grader.submission import HandIn, Hint


def hand_in(text: str, download: str = "dl", **hint: Any) -> HandIn:
    return HandIn(hint=Hint(text=text, **hint), download=download, source=text)


def of(*hand_ins: HandIn, roster: d.Roster = d.CLASS, **more: Any) -> Matched:
    found = match(hand_ins, roster, **more)
    kept = [h for own in found.of.values() for h in own] + found.unmatched + found.aside
    assert len(kept) == sum(len(h.hints) for h in hand_ins), "something was dropped"
    return found


def students(found: Matched) -> dict[str, str]:
    return {h.hint.text: student for student, own in found.of.items() for h in own}


# --------------------------------------------------------------------------------------------- sure
@pytest.mark.parametrize(
    ("hint", "who"),
    [
        ({"text": "ada"}, "ada"),
        ({"text": "ADA"}, "ada"),
        ({"text": "lovelace"}, "ada"),
        ({"text": "Ada@Uni.example"}, "ada"),
        ({"text": "x", "ids": {"canvas": "101"}}, "ada"),
        ({"text": "layers-ada-l", "login": "ada-l"}, "ada"),
        ({"text": "x", "ids": {"sis": "00123"}, "name": "Somebody Else"}, "mary"),
        ({"text": "x", "ids": {"sis": "jose"}}, "jose"),
        ({"text": "x", "email": "JM@uni.example"}, "jm"),
    ],
)
def test_an_id_an_account_and_an_address_are_taken(hint: dict[str, Any], who: str) -> None:
    found = of(hand_in(**hint))
    assert students(found) == {hint["text"]: who}
    assert found.proposals == []
    assert found.of[who][0].student == who
    assert [person.id for person in found.missing] == [p.id for p in d.CLASS.people if p.id != who]


@pytest.mark.parametrize(
    "hint",
    [
        {"text": "x", "ids": {"canvas": "1010"}},
        {"text": "x", "ids": {"gradescope_number": "ada"}},
        {"text": "101", "ids": {"sis": "101"}},
        {"text": "ada_1", "ids": {"canvas": "1"}, "name": "x", "joined": True},
        {"text": "x", "ids": {"canvas_anonymous": "101"}},
    ],
)
def test_a_number_of_something_else_is_nobodys(hint: dict[str, Any]) -> None:
    """Rejects an id of one platform that is taken for another's."""
    assert students(of(hand_in(**hint))) == {}


def test_ids_that_contradict_each_other_are_nobodys() -> None:
    found = of(hand_in("x", ids={"canvas": "101"}, email="zoe@uni.example"))
    assert found.reasons == ["it is two people's: canvas says ada, e-mail says zoe"]


def test_a_participants_number_needs_the_name() -> None:
    """Rejects the number of one assignment as a person's: in another assignment, or on another site, it is somebody else's."""
    roster = d.Roster(Person(id="ada", name="Ada Lovelace", platforms={"moodle": "77"}), Person(id="jm", name="Jo M"))
    sure = of(hand_in("Lovelace Ada_77", ids={"moodle_participant": "77"}, name="Lovelace Ada"), roster=roster)
    assert (students(sure), sure.proposals) == ({"Lovelace Ada_77": "ada"}, [])
    other = of(hand_in("Jo M_77", ids={"moodle_participant": "77"}, name="Jo M"), roster=roster)
    assert (students(other), other.proposals[0].how) == ({"Jo M_77": "jm"}, "by name")
    blind = of(hand_in("Participant_77", ids={"moodle_blind": "77"}), roster=roster)
    assert (students(blind), blind.reasons) == ({}, ["perhaps ada"])
    assert students(of(hand_in("Participant_77", ids={"moodle_blind": "77"}), roster=roster, accept=True)) == {
        "Participant_77": "ada"
    }


# --------------------------------------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("name", "joined", "who"),
    [
        ("Ada Lovelace", False, "ada"),
        ("LOVELACE, Ada", False, "ada"),
        ("Jorg Muller", False, "jm"),
        ("Joerg Mueller", False, "jm"),
        ("Jörg Mueller", False, "jm"),
        (d.nfd("Müller Jörg"), False, "jm"),
        ("Pena Garcia Jose", False, "jose"),
        ("Mary Ann O’Brien", False, "mary"),
        ("Zoe NG", False, "zoe"),
        ("lovelaceada", True, "ada"),
        ("müllerjörg", True, "jm"),
        ("muellerjoerg", True, "jm"),
        ("peñagarcíajosé", True, "jose"),
        ("penagarciajose", True, "jose"),
        ("obrienmaryann", True, "mary"),
        (d.nfd("ngzoë"), True, "zoe"),
    ],
)
def test_a_name_that_is_one_persons_alone_is_taken_and_shown(name: str, joined: bool, who: str) -> None:
    found = of(hand_in("x_9", ids={"canvas": "999"}, name=name, joined=joined))
    assert students(found) == {"x_9": who}
    assert [(p.person.id, p.how, p.taken) for p in found.proposals] == [(who, "by name", True)]


@pytest.mark.parametrize(
    ("name", "joined", "how"),
    [
        ("A. Lovelace", False, "with initials"),
        ("Ada K. Lovelace", False, "with fewer words"),
        ("Lovelace", False, "with fewer words"),
        ("alovelace", True, "with initials"),
        ("lovelaceadaking", True, "with fewer words"),
        ("Ada Lovelase", False, "spelled alike"),
        ("lovelaseada", True, "spelled alike"),
    ],
)
def test_a_near_name_is_proposed_and_taken_only_if_accepted(name: str, joined: bool, how: str) -> None:
    """Rejects taking the likeliest of the class silently."""
    near = hand_in("x", ids={"canvas": "999"}, name=name, joined=joined)
    found = of(near)
    assert (students(found), [(p.person.id, p.how, p.taken) for p in found.proposals]) == ({}, [("ada", how, False)])
    assert found.reasons == ["perhaps ada"]
    accepted = of(near, accept=True)
    assert (students(accepted), accepted.proposals[0].taken, accepted.missing[0].id) == ({"x": "ada"}, True, "jm")


@pytest.mark.parametrize("name", ["Adam Lovejoy", "Grace Hopper", "A", "", "l", "Jo", "恩 志", "\x00", "a" * 100_000])
def test_a_name_that_is_nobodys_is_proposed_to_nobody(name: str) -> None:
    found = of(hand_in("x", ids={"canvas": "999"}, name=name or " "), accept=True)
    assert (students(found), found.proposals, found.reasons) == ({}, [], ["nobody of the roster"])


@pytest.mark.parametrize(
    ("hint", "how"),
    [
        ({"text": "pena"}, "by the name in front of the address"),
        ({"text": "jose_hw3"}, "by a part of its name"),
        ({"text": "upload", "others": ("jose",)}, "by a part of its name"),
        ({"text": "layers-x-joergm", "login": "x-joergm", "others": ("x-joergm", "joergm")}, "by a part of its name"),
    ],
)
def test_what_a_path_says_besides_is_a_proposal(hint: dict[str, Any], how: str) -> None:
    found = of(hand_in(**hint))
    assert (students(found), [p.how for p in found.proposals]) == ({}, [how])


def test_people_of_one_name_are_never_told_apart_by_a_guess() -> None:
    """Rejects taking the first, or the one that is left when the other is known; accepting changes nothing."""
    known = hand_in("smithjohn_104", ids={"canvas": "104"}, name="smithjohn", joined=True)
    other = hand_in("smithjohn_105", ids={"canvas": "105"}, name="smithjohn", joined=True)
    for accept in (False, True):
        found = of(known, other, accept=accept)
        assert students(found) == {"smithjohn_104": "john1"}
        assert found.reasons == ["2 people have this name: john1, john2"]
        assert [p.id for p in found.missing if p.id.startswith("john")] == ["john2"]


def test_two_accounts_of_one_name_are_not_one_persons() -> None:
    """Rejects two students' work under the one of this name who is in the roster."""
    one, two = (hand_in(f"lovelaceada_{n}", ids={"canvas": n}, name="lovelaceada", joined=True) for n in ("7", "8"))
    found = of(one, two)
    assert (students(found), len(found.unmatched)) == ({}, 2)
    assert found.reasons[0] == "lovelaceada_8 is ada too"
    sure = hand_in("x", ids={"canvas": "101"})
    assert students(of(sure, one)) == {"x": "ada"}
    elsewhere = hand_in("lovelaceada_7", "other", ids={"canvas": "7"}, name="lovelaceada", joined=True)
    assert students(of(one, elsewhere)) == {"lovelaceada_7": "ada"}, "the same account in two downloads"
    apart = hand_in("lovelaceada_8", "other", ids={"canvas": "8"}, name="lovelaceada", joined=True)
    assert students(of(one, apart)) == {}, "other accounts in two downloads"


def test_umlauts_written_out_are_another_persons_if_there_is_one() -> None:
    roster = d.Roster(Person(id="a", name="Anna Müller"), Person(id="b", name="Anna Mueller"))
    for name, who in (("Anna Müller", "a"), ("Anna Mueller", "b"), ("Anna Muller", "a")):
        assert students(of(hand_in("x", name=name), roster=roster)) == {"x": who}
    both = of(
        hand_in("1", name="Anna Müller"),
        hand_in("2", name="Anna Mueller"),
        hand_in("3", name="Anna Muller"),
        roster=roster,
    )
    assert students(both) == {"2": "b"}


# ----------------------------------------------------------------------------------- all together
def test_a_group_is_each_of_its_members() -> None:
    group = HandIn(
        hint=Hint(text="5:a", email="ada@uni.example"),
        others=(Hint(text="5:j", email="jm@uni.example"), Hint(text="5:n")),
    )
    found = of(group)
    assert students(found) == {"5:a": "ada", "5:j": "jm"}
    assert [h.hint.text for h in found.unmatched] == ["5:n"]


def test_hand_ins_of_a_student_stand_in_the_order_of_their_times() -> None:
    days = [HandIn(hint=Hint(text="ada"), submitted=datetime(2026, 10, day, tzinfo=UTC)) for day in (3, 1, 2)]
    found = of(*days, HandIn(hint=Hint(text="ada")))
    assert [h.submitted and h.submitted.day for h in found.of["ada"]] == [None, 1, 2, 3]


def test_what_was_decided_is_not_asked_again() -> None:
    other = hand_in("smithjohn_105", ids={"canvas": "101"}, name="smithjohn", joined=True)
    assert students(of(other, overrides={"smithjohn_105": "john2"})) == {"smithjohn_105": "john2"}
    aside = of(other, overrides={"smithjohn_105": ASIDE})
    assert (aside.of, aside.unmatched, len(aside.aside)) == ({}, [], 1)
    assert students(of(other.of("zoe"))) == {"smithjohn_105": "zoe"}, "when it was collected"
    assert students(of(other.of("left the course"))) == {"smithjohn_105": "ada"}


def test_without_a_roster_everybody_is_who_the_download_says() -> None:
    for roster in (None, d.Roster()):
        found = match([hand_in("a_1", id="ada"), hand_in("b"), hand_in("b", "other")], roster)
        assert {student: len(own) for student, own in found.of.items()} == {"ada": 1, "b": 2}
        assert (found.unmatched, found.missing) == ([], [])


@pytest.mark.slow
def test_a_class_of_strangers_is_looked_through() -> None:
    """Rejects comparing each name with each letter by letter: a thousand and a thousand took a minute."""
    roster = d.Roster(*(Person(id=str(n), name=f"Given{n * 7919 % 1000} Family{n}") for n in range(1000)))
    found = of(*(hand_in(f"other{n} stranger{n * 31 % 997}") for n in range(100)), roster=roster)
    assert found.of == {}


# --------------------------------------------------------------------------------- a file of matches
def test_matches_are_written_decided_and_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "matches.csv"
    hostile = hand_in('=HYPERLINK("x")', ids={"canvas": "9"}, name="nobody")
    several = [hand_in("smithjohn_105", ids={"canvas": "105"}, name="smithjohn", joined=True), hostile, hand_in("ada")]
    write_matches(path, of(*several, hand_in("A Lovelace_3", ids={"canvas": "3"}, name="A Lovelace")))
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows == [
        ["hand_in", "student", "proposed", "how"],
        ['\'=HYPERLINK("x")', "", "", "nobody of the roster"],
        ["A Lovelace_3", "", "ada", "perhaps ada"],
        ["smithjohn_105", "", "", "2 people have this name: john1, john2"],
        ["ada", "ada", "", "sure"],
    ]
    assert read_matches(path, d.CLASS) == {"ada": "ada"}
    text = (
        path.read_text(encoding="utf-8").replace("smithjohn_105,,", "smithjohn_105,john2,").replace('"")",,', '"")",-,')
    )
    path.write_text(text, encoding="utf-8-sig")
    decided = read_matches(path, d.CLASS)
    assert decided == {"ada": "ada", "smithjohn_105": "john2", '=HYPERLINK("x")': ASIDE}
    assert students(of(*several, overrides=decided)) == {"ada": "ada", "smithjohn_105": "john2"}


def test_a_spreadsheet_of_another_country_is_read(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("Student;note;HAND_IN\r\nzoe;;x, y\r\n;;z\r\n")
    assert read_matches(tmp_path / "m.csv", d.CLASS) == {"x, y": "zoe"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"a,b\n", ":1: the columns hand_in and student are needed"),
        (b"hand_in,student\nx,ada\n\ny,nobody\n", ":4: there is no student 'nobody' in the roster"),
        (b"hand_in,student\nx,ada\nx,zoe\n", ":3: 'x' is ada's in line 2"),
        (b"hand_in,student\n,ada\n", ":2: ada has no hand-in"),
        (b"hand_in,student\n\xff,ada\n", "are no UTF-8 text"),
        (None, "cannot be read: No such file"),
    ],
)
def test_what_is_wrong_in_a_file_of_matches_is_told_with_its_line(
    tmp_path: Path, text: bytes | None, says: str
) -> None:
    path = tmp_path / "m.csv"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(UsageError) as raised:
        read_matches(path, d.CLASS)
    assert says in str(raised.value)
