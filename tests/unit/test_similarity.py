"""Similar work: the same undiagnosed wrong answers, shared syntax under other names, and what everybody has is no evidence."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from unit.made_grades import HOSTILE_NAMES, a_result

from grader.bank import catalogue, common_texts
from grader.report import similar_json, similar_lines, similar_page
from grader.result import Diagnosis, ItemResult, Result
from grader.similarity import Handed, compare, dolos_zip, grams, same_answers, tokens, winnowed

NAME = "layers.affine_backward"
OWN = """def affine_backward(dout, cache):
    x, w, b = cache
    total = np.zeros(w.shape)
    for row in range(len(x)):
        total = total + np.outer(x[row].ravel(), dout[row])
    back = np.empty((len(x), w.shape[0]))
    for row in range(len(x)):
        back[row] = [sum(dout[row, j] * w[i, j] for j in range(w.shape[1])) for i in range(w.shape[0])]
    return back.reshape(x.shape), total, np.einsum("ij->j", dout)
"""
RENAMED = '''def affine_backward(upstream, saved):
    """My own work."""
    inputs, weights, bias = saved

    acc = np.zeros(weights.shape)  # from nothing
    for k in range(len(inputs)):
        acc = acc + np.outer(inputs[k].ravel(), upstream[k])
    out = np.empty((len(inputs), weights.shape[0]))
    for k in range(len(inputs)):
        out[k] = [sum(upstream[k, q] * weights[p, q] for q in range(weights.shape[1])) for p in range(weights.shape[0])]
    return out.reshape(inputs.shape), acc, np.einsum("ab->b", upstream)
'''
PLAIN = """def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.sum(axis=0)
"""
OTHER = """def affine_backward(dout, cache):
    x, w, b = cache
    flat = np.array([example.flatten() for example in x])
    dw = np.tensordot(flat, dout, axes=(0, 0))
    dx = np.stack([np.dot(w, one) for one in dout], axis=0)
    if dx.size != x.size:
        raise ValueError(dx.shape)
    dx.shape = x.shape
    return dx, dw, np.add.reduce(dout, 0)
"""


def a_class(*texts: str) -> list[Handed]:
    return [Handed(f"s{i}", f"Student {i}", {NAME: text}) for i, text in enumerate(texts)]


def test_other_names_constants_comments_and_layout_are_the_same_text() -> None:
    assert [token.kind for token in tokens(OWN)] == [token.kind for token in tokens(RENAMED)]
    assert [token.kind for token in tokens(OWN)] != [token.kind for token in tokens(OTHER)]


def test_what_is_done_is_not_normalised_away() -> None:
    pairs = [("a.sum(axis=0)", "a.mean(axis=0)"), ("a + b", "a - b"), ("f(a)", "g(a)"), ("f(axis=a)", "f(out=a)")]
    for one, other in pairs:
        assert [token.kind for token in tokens(one)] != [token.kind for token in tokens(other)]


def test_winnowing_keeps_its_promise() -> None:
    """Every stretch of GRAM + WINDOW - 1 shared tokens shows, wherever it stands and whatever is around it."""
    shared = "".join(f"a{i} = b{i} * c.sum(axis={i})\n" for i in range(4))
    for before in range(6):
        one = tokens("".join(f"x{i} = f(y) - 1\n" for i in range(before)) + shared)
        other = tokens(shared + "while z:\n    z -= h(z, k=3)\n")
        assert winnowed(grams(one)).keys() & winnowed(grams(other)).keys()


def test_only_a_part_of_the_grams_is_kept() -> None:
    all_of_them = grams(tokens(OWN))
    assert len(winnowed(all_of_them)) < 0.6 * len(all_of_them)


def test_a_renamed_copy_is_found_with_its_lines_and_work_of_ones_own_is_not() -> None:
    handed = a_class(OWN, PLAIN, RENAMED, OTHER)
    found = compare(handed, {NAME: common_texts(catalogue().exercise(NAME))})
    assert [pair.who for pair in found.pairs] == [(0, 2)]
    (part,) = found.pairs[0].parts
    assert min(part.shares) > 0.8
    assert {3, 4, 5} <= part.lines[0]
    assert {5, 6, 7} <= part.lines[1], "lines of the second text, which has others between"


def test_what_the_bank_knows_is_no_evidence() -> None:
    exercise = catalogue().exercise(NAME)
    known = common_texts(exercise)
    assert len(known) > len(exercise.mistakes), "stub, model answer and each mistake"
    model = next(text for text in known if "def affine_backward" in text and "NotImplementedError" not in text)
    assert compare(a_class(model, model), {}).pairs != ()
    assert compare(a_class(model, model), {NAME: known}).pairs == ()


def test_what_many_share_is_no_evidence() -> None:
    assert compare(a_class(*[OWN] * 3, OTHER), {}, common=20).pairs != ()
    assert compare(a_class(*[OWN] * 20, OTHER), {}, common=20).pairs == ()


def test_one_short_function_alone_makes_no_pair_and_two_do() -> None:
    """Five of fifteen who write a mean of squares in four lines were ten pairs, each with 90 % and nothing else in common."""
    short = "def f(y, t):\n    d = y - t\n    n = d.size\n    grad = 2 * d / n\n    return np.sum(d * d) / n, grad\n"
    other = "def g(z):\n    out = np.maximum(z, 0)\n    kept = np.where(z > 0, 1.0, 0.0)\n    return out, (z, kept)\n"
    assert max(len(tokens(short)), len(tokens(other))) < 45
    handed = [Handed(f"s{i}", f"s{i}", {"layers.e": short}) for i in range(5)]
    assert compare(handed, {}).pairs == ()
    two = {"layers.e": short, "layers.f": other}
    assert len(compare([Handed("a", "a", two), Handed("b", "b", two)], {}).pairs) == 1


def test_a_helper_of_many_exercises_counts_once() -> None:
    one = [Handed(h.id, h.name, {NAME: h.texts[NAME]}) for h in a_class(OWN, RENAMED, OTHER, PLAIN)]
    five = [Handed(h.id, h.name, {f"layers.e{i}": h.texts[NAME] for i in range(5)}) for h in one]
    assert compare(five, {}).pairs[0].weight == compare(one, {}).pairs[0].weight


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        "x = " + "(" * 5000 + ")" * 5000,
        "x = " + "-" * 50_000 + "1",
        "\x00",
        "a" * 200_000,
        "",
        "def f():\n  'a'",
    ],
    ids=["broken", "nested", "signs", "null", "long", "empty", "docstring"],
)
def test_hostile_sources_cost_nothing(text: str) -> None:
    assert len(tokens(text)) <= 5000
    assert compare(a_class(text, text), {}).pairs == ()


# ----------------------------------------------------------------------------------- behaviour
def wrong(fingerprint: str | None, mistake: str = "", status: Any = "wrong") -> Result:
    result = a_result()
    check = result.items[0].checks[0]
    diagnosis = Diagnosis(mistake=mistake, text="", certainty="exact") if mistake else None
    item: ItemResult = replace(
        result.items[0], fingerprint=fingerprint, status=status, checks=[replace(check, diagnosis=diagnosis)]
    )
    return replace(result, items=[item])


def test_few_who_share_an_unexplained_wrong_answer_are_found() -> None:
    results = [[wrong(f)] for f in ("a", "b", "a", "c", "d")]
    (found,) = same_answers(results)
    assert (found.who, found.fingerprint, found.exercise) == ((0, 2), "a", "layers.relu_backward")


@pytest.mark.parametrize(
    "result",
    [wrong("a", "averages_db"), wrong("a", status="passed"), wrong("a", status="raised"), wrong(None)],
    ids=["diagnosed", "passed", "raised", "no answers"],
)
def test_what_many_would_do_is_no_evidence(result: Result) -> None:
    assert same_answers([[result], [result]]) == []


def test_a_wrong_answer_of_many_is_a_mistake_nobody_has_named() -> None:
    assert same_answers([[wrong("a")]] * 6, few=5) == []
    assert len(same_answers([[wrong("a")]] * 5, few=5)) == 1


def test_questions_are_left_out() -> None:
    assert same_answers([[wrong("a")], [wrong("a")]], left_out={"layers.relu_backward"}) == []


def test_answers_come_before_texts() -> None:
    handed = [
        *a_class(OWN, RENAMED),
        *(Handed(f"t{i}", "", {NAME: t}, (wrong("a"),)) for i, t in enumerate((PLAIN, OTHER))),
    ]
    found = compare(handed, {})
    assert [pair.who for pair in found.pairs][:2] == [(2, 3), (0, 1)]
    assert found.pairs[0].answers == ("layers.relu_backward",)


# ------------------------------------------------------------------------------------- reports
def hostile() -> list[Handed]:
    bad = "</pre><script>alert(1)</script>\u202e\x1b[31m"
    text = OWN.replace("total", "tot") + f"# {bad}\n" + "# x\n" * 500 + f"y = {bad!r}\n"
    return [Handed(name, name, {NAME: text}, (wrong("a"),)) for name in (*HOSTILE_NAMES, bad)]


def test_pages_and_lines_say_that_it_is_no_verdict() -> None:
    handed = a_class(OWN, RENAMED, OTHER)
    found = compare(handed, {})
    for text in (
        similar_page(found, handed, "layers"),
        "\n".join(similar_lines(found, handed)),
        similar_json(found, handed),
    ):
        assert "not a verdict" in text
        for word in ("plagiar", "cheat", "copied", "guilt"):
            assert word not in text.lower()


def test_the_page_has_both_sides() -> None:
    handed = a_class(OWN, RENAMED, OTHER)
    text = similar_page(compare(handed, {}), handed, "layers")
    assert "<mark>        acc = acc + np.outer(inputs[k].ravel(), upstream[k])</mark>" in text
    assert "<mark>        total = total + np.outer(x[row].ravel(), dout[row])</mark>" in text


def test_hostile_texts_and_names_are_shown_as_text_and_bounded() -> None:
    handed = hostile()
    found = compare(handed, {}, few=50, common=50)
    page = similar_page(found, handed, "<b>")
    assert found.pairs
    assert "<script" not in page
    assert "\u202e" not in page
    assert len(page) < 1_500_000
    lines = list(similar_lines(found, handed))
    assert not any(character in line for line in lines for character in "\x1b\u202e\n\r")


def test_the_json_names_students_by_id() -> None:
    handed = a_class(OWN, RENAMED, OTHER)
    document = json.loads(similar_json(compare(handed, {}), handed))
    assert document["schema"] == "gradmark/similar/1"
    assert document["pairs"][0]["who"] == ["s0", "s1"]


def test_dolos_reads_one_file_a_student_and_what_is_said_of_it() -> None:
    handed = [*hostile(), Handed("Zoe", "Zoe Lovelace", {NAME: OWN}, submitted="2026-10-01T12:00:00+00:00")]
    handed += [Handed("zoe", "Another Zoe", {NAME: OWN}), Handed("none", "Nobody", {})]
    data = dolos_zip(handed, "layers")
    assert data == dolos_zip(handed, "layers")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        rows = list(csv.DictReader(io.StringIO(archive.read("info.csv").decode())))
        assert [row["filename"] for row in rows] == [name for name in names if name != "info.csv"]
        assert len({name.lower() for name in names}) == len(names) == len(handed)
        assert OWN.strip() in archive.read("Zoe.py").decode()
    assert list(rows[0]) == ["filename", "label", "created_at", "full_name"]
    assert rows[-2] == {
        "filename": "Zoe.py",
        "label": "layers",
        "created_at": "2026-10-01T12:00:00+00:00",
        "full_name": "Zoe Lovelace",
    }
    assert not any("/" in name or name.startswith(".") for name in names)
    assert not any(row["full_name"].startswith(("=", "+", "-", "@")) for row in rows)
