"""Blind mode: nobody is named, everybody keeps their pseudonym, and no number is altered."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import Any

import pytest
from made_grades import a_class, a_grade, a_person, a_result, an_attempt, an_exercise

from grader.blind import blinded, pseudonyms
from grader.export import exercises_csv, students_csv
from grader.result import FITS_NOBODY

SALT = "course-2026"


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [t for part in value.values() for t in texts(part)]
    if isinstance(value, (list, tuple)):
        return [t for part in value for t in texts(part)]
    return [value] if isinstance(value, str) else []


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [n for part in value.values() for n in numbers(part)]
    if isinstance(value, (list, tuple)):
        return [n for part in value for n in numbers(part)]
    return [value] if isinstance(value, (int, float)) else []


def test_a_blinded_grade_names_nobody_anywhere() -> None:
    said = "Ada Lovelace (ada@example.org, ADA99) wrote to s-12ab; Lovelace, Ada signs"
    person = a_person(platforms={"canvas": "81234", "sis": "s-12ab"})
    result = a_result("ada", message=said)
    grade = a_grade(
        person,
        comments=(said,),
        exercises=(an_exercise(message=said, comments=(said,)),),
        attempt=an_attempt(person, result),
    )
    (hidden,) = blinded([grade], SALT)
    for text in texts(asdict(hidden)):
        assert not re.search(r"lovelace|ada99|example\.org|81234|s-12ab|\bada\b", text, re.IGNORECASE), text
    assert hidden.person.name in hidden.comments[0]
    assert (hidden.person.email, hidden.person.login, hidden.person.section, hidden.person.platforms) == (
        "",
        "",
        "",
        {},
    )


def test_no_number_is_altered() -> None:
    before = sorted(a_class(), key=lambda g: pseudonyms([p.person for p in a_class()], SALT)[g.person.id].id)
    after = blinded(a_class(), SALT)
    assert [numbers(asdict(g)) for g in before] == [numbers(asdict(g)) for g in after]
    person = a_person("12", "Ann 7", login="3.14", platforms={"canvas": "2"})
    (hidden,) = blinded([a_grade(person, comments=("12 of 12; 3.14 is off by 2",))], SALT)
    assert hidden.comments == ("12 of 12; 3.14 is off by 2",)


def test_a_pseudonym_stays_and_tells_nothing_without_the_salt() -> None:
    people = [g.person for g in a_class()]
    one, other = pseudonyms(people, SALT), pseudonyms(people[::-1], SALT)
    assert one == other
    assert re.fullmatch(r"Student [0-9a-f]{4}", one["ada"].name)
    assert one["ada"].id == one["ada"].name.lower().replace(" ", "-")
    assert pseudonyms(people, "another")["ada"] != one["ada"]
    assert blinded(a_class()[:1], SALT)[0].person == one["ada"]
    with pytest.raises(ValueError, match="salt"):
        pseudonyms(people, "")


def test_two_that_agree_in_four_digits_are_told_apart() -> None:
    many = pseudonyms([a_person(str(n), "") for n in range(3000)], SALT)
    assert len({p.id for p in many.values()}) == 3000
    assert len({p.name for p in many.values()}) == 3000
    assert {len(p.name) for p in many.values()} <= {12, 13, 14, 15, 16}
    assert any(len(p.name) > 12 for p in many.values())


def test_the_order_tells_nothing_either() -> None:
    hidden = [g.person.id for g in blinded(a_class(), SALT)]
    assert hidden == sorted(hidden)
    assert [g.person.id for g in blinded(a_class()[::-1], SALT)] == hidden


def test_blinded_tables_name_nobody() -> None:
    grades = blinded([replace(g, comments=(f"{g.person.name} did it",)) for g in a_class()], SALT)
    for text in (students_csv(grades), exercises_csv(grades)):
        for grade in a_class():
            assert grade.person.name not in text
            assert grade.person.email not in text
            assert grade.person.login not in text


@pytest.mark.parametrize(
    "said",
    [
        "name 'undefined_ada99' is not defined",
        "no module named ada_lovelace",
        "in adalovelace99_layers.py or AdaLovelace_hw1.ipynb",
        "LOVELACE.Ada, ada-lovelace",
        "ada@example.org_old",
    ],
)
def test_a_name_within_an_identifier_is_hidden_too(said: str) -> None:
    """A NameError on ``ada_lovelace`` and the name of a file in a message told who it was."""
    person = a_person(platforms={"moodle": "adalovelace99"})
    (hidden,) = blinded([a_grade(person, attempt=an_attempt(person, a_result("ada", message=said)))], SALT)
    for text in texts(asdict(hidden)):
        assert not re.search(r"lovelace|ada99|example", text, re.IGNORECASE), text


def test_who_is_named_by_another_is_hidden_under_their_own_pseudonym() -> None:
    """A copied file has the name of whoever wrote it first."""
    ada, eve = a_person("ada", "Ada Lovelace"), a_person("eve", "Eve O'Neil-Bohr")
    said = "by Ada Lovelace, ada@example.org; ada_lovelace; Bohr and Eve: a lovelace"
    grades = [a_grade(ada, comments=("Eve O'Neil-Bohr helped",)), a_grade(eve, comments=(said,))]
    shown = pseudonyms([ada, eve], SALT)
    hidden = {grade.person.id: grade.comments[0] for grade in blinded(grades, SALT)}
    one = shown["ada"].name
    assert hidden[shown["eve"].id] == f"by {one}, {one}; {one}; Bohr and Eve: a lovelace"
    assert hidden[shown["ada"].id] == f"{shown['eve'].name} helped"


def test_a_login_that_is_a_word_of_ours_alters_no_exercise() -> None:
    person = a_person(login="layers", platforms={"github": "relu_backward"})
    grade = a_grade(person)
    (hidden,) = blinded([grade], SALT)
    assert [e.exercise for e in hidden.exercises] == [e.exercise for e in grade.exercises]
    assert hidden.attempt is not None
    assert hidden.attempt.results[0].items[0].exercise == "layers.relu_backward"
    assert hidden.attempt.results[0].assignment == "layers"


def test_an_answer_to_what_is_declared_is_not_told_as_somebody_elses() -> None:
    """Rejects a suspicion that blind mode makes up: the exercise as it is declared is nobody's variant."""
    told = {"fits the variant of ben": "fits the variant of somebody else", FITS_NOBODY: FITS_NOBODY, "": ""}
    grades = [a_grade(a_person(f"s{n}"), exercises=(an_exercise(fits=fits),)) for n, fits in enumerate(told)]
    assert sorted(g.exercises[0].fits for g in blinded(grades, SALT)) == sorted(told.values())
