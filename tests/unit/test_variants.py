"""Personal variants: what is drawn of whom, what follows from it in stubs, kits, cases and keys, and who is told of it."""

from __future__ import annotations

import ast
import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from results import a_result
from rich.console import Console, RenderableType

from grader.bank import (
    UNITS,
    Whose,
    catalogue,
    common_stub,
    personal_exercises,
    personal_stub,
    prompt_of,
    public_data,
    stub_source,
    unit_for,
)
from grader.batch.errands import Errand
from grader.batch.sinks import Before
from grader.batch.work import Piece
from grader.course import read_course
from grader.errors import UsageError
from grader.grading import keys_of
from grader.judging import Bench, Exercise, Personal, VariantBench
from grader.judging.recognise.mutants import mutants
from grader.release import make_kit
from grader.release.kit import notebook_of, sheet
from grader.report import details, student_page
from grader.result import CheckResult, ItemResult, as_json
from grader.shown import Rule, Rules, may_see
from grader.submission import HandIn, Hint
from grader.submission.untouched import is_unattempted, stub_nodes
from grader.validation.ground import Ground
from grader.validation.variants import holes_in_variants

SALT = "autumn"
ADA, BEN = Whose("ada", SALT), Whose("ben", SALT)
CHECKOUT = Path(__file__).parents[2]
PERSONAL = [exercise for unit in UNITS for exercise in personal_exercises(catalogue().unit(unit))]
HAVE = [unit for unit in UNITS if any(exercise.unit == unit for exercise in PERSONAL)]
WITH_VALUES = [exercise for exercise in PERSONAL if exercise.personal is not None and exercise.personal.parameters]
Run = Callable[..., tuple[int, str, str]]


def named(exercise: Exercise) -> str:
    return exercise.name


def variant_of(name: str, whose: Whose) -> Exercise:
    return next(e for e in unit_for(name.partition(".")[0], whose).exercises if e.name == name)


# ------------------------------------------------------------------------------------- what is drawn
def test_one_id_always_draws_the_same() -> None:
    # A draw that a version of Python decides, or the order of a set, would be another one here some day: kits are out by then.
    assert variant_of("graphs.product_graph", ADA).values == {"operation": "subtract", "shared": "b", "number": 601}
    assert variant_of("mlp.tanh_slope", ADA).values == {"height": 2.06, "rate": 0.5}
    assert variant_of("layers.huber_loss", ADA).values == {"planted": "forgets_the_mean"}


def test_another_salt_and_another_id_draw_others() -> None:
    own = [variant_of(e.name, ADA).values for e in WITH_VALUES]
    assert own != [variant_of(e.name, Whose("ada", "spring")).values for e in WITH_VALUES]
    assert all(a != b for a, b in zip(own, [variant_of(e.name, BEN).values for e in WITH_VALUES], strict=True))


@pytest.mark.slow
def test_without_a_salt_nothing_is_drawn() -> None:
    for unit in UNITS:
        assert unit_for(unit, Whose("ada", "")) is catalogue().unit(unit)
        assert personal_stub(unit, Whose("ada", "")) == (CHECKOUT / "exercises" / f"{unit}.py").read_text(
            encoding="utf-8"
        )


def test_at_least_eight_units_have_variants_and_the_guide_names_them_and_their_exercises() -> None:
    """Rejects a guide that promises variants where everybody gets the same, or that is silent of some."""
    guide = (CHECKOUT / "docs/how-to/personal-variants.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", guide, re.MULTILINE)
    assert {unit: {f"{unit}.{name}" for name in re.findall(r"`(\w+)`", names)} for unit, names in rows} == {
        unit: {exercise.name for exercise in PERSONAL if exercise.unit == unit} for unit in HAVE
    }
    without = re.search(r"^The other units, (.*?) have no variants", guide, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", without[1] if without else "")) == set(UNITS) - set(HAVE)
    assert len(HAVE) >= 8


@pytest.mark.parametrize("unit", HAVE)
def test_two_students_hardly_share_all_variants_of_a_unit(unit: str) -> None:
    sizes = []
    for exercise in personal_exercises(catalogue().unit(unit)):
        personal = exercise.personal or Personal()
        of_values = math.prod(len(values) for values in personal.parameters.values())
        sizes.append(of_values * max(1, len(personal.planted)))
        if personal.parameters:
            assert of_values >= 250, f"{exercise.name} has {of_values} variants"
    assert math.prod(sizes) > 1000


@pytest.mark.parametrize("exercise", PERSONAL, ids=named)
def test_nobody_draws_what_is_declared(exercise: Exercise) -> None:
    defaults = getattr(exercise.answer(), "__kwdefaults__", None) or {}
    for number in range(300):
        values = Whose(f"s{number}", SALT).values_of(exercise)
        drawn = {name: value for name, value in values.items() if name != "planted"}
        assert not drawn or drawn != defaults
        assert "planted" not in values or values["planted"] != exercise.planted


# ------------------------------------------------------------------------------ the exercise and its text
@pytest.mark.slow
@pytest.mark.parametrize("exercise", PERSONAL, ids=named)
def test_what_holds_of_the_exercise_holds_of_its_variants(exercise: Exercise) -> None:
    ground = Ground(catalogue().unit(exercise.unit).exercises, seeds=(0,))
    assert list(holes_in_variants(exercise, ground)) == []


def holes(personal: Personal, name: str = "mlp.tanh_slope") -> list[str]:
    exercise = replace(catalogue().exercise(name), personal=personal)
    return [hole.what for hole in holes_in_variants(exercise, Ground([exercise], seeds=(0,)))]


@pytest.mark.slow
def test_validation_finds_variants_that_are_none() -> None:
    declared = catalogue().exercise("mlp.tanh_slope").personal or Personal()
    assert any("prompt is the same" in hole for hole in holes(replace(declared, says={})))
    assert any("the answer as it is declared passes too" in hole for hole in holes(Personal({"depth": (2, 3)})))
    assert any(
        "neither prompt nor mistakes" in h for h in holes(replace(declared, says={**declared.says, "sinus": "x"}))
    )
    assert any("none of the declared" in hole for hole in holes(replace(declared, without=("nobody_makes_it",))))
    said = holes(replace(declared, without=()))  # a mistake that is one for the default alone
    assert said == [] or all("named" in hole or "is right" in hole for hole in said)


@pytest.mark.parametrize("unit", HAVE)
def test_a_stub_is_a_students_own_and_gives_no_answer(unit: str) -> None:
    own, declared = personal_stub(unit, ADA), stub_source(unit)
    assert own != declared != personal_stub(unit, BEN) != own
    assert own == personal_stub(unit, Whose("ada", SALT))
    ours, theirs = stub_nodes(own), stub_nodes(declared)
    assert ours.keys() == theirs.keys()
    for name, node in ours.items():
        exercise = next((e for e in PERSONAL if e.unit == unit and e.function == name), None)
        if exercise is None:
            assert ast.dump(node) == ast.dump(theirs[name])  # nothing else moves
        else:
            assert not getattr(node, "args", ast.arguments([], [], None, [], [], None, [])).kwonlyargs
    for exercise in (e for e in WITH_VALUES if e.unit == unit):
        variant = variant_of(exercise.name, ADA)
        assert prompt_of(variant)[1].split()[-1] in own
        if exercise.form == "formula":
            assert str(variant.answer()()) not in own
    assert all(piece in own for piece in common_stub(unit).splitlines())


@pytest.mark.parametrize("exercise", [e for e in PERSONAL if e.planted is not None], ids=named)
def test_the_fault_that_was_planted_for_a_student_is_untouched_and_another_ones_is_not(exercise: Exercise) -> None:
    others = (Whose(f"s{number}", SALT) for number in range(60))
    own, other = next((w, v) for w in [ADA] for v in others if w.values_of(exercise) != v.values_of(exercise))
    node = stub_nodes(personal_stub(exercise.unit, own))[exercise.function]
    assert is_unattempted(node, stub_nodes(personal_stub(exercise.unit, own))[exercise.function])
    assert not is_unattempted(node, stub_nodes(personal_stub(exercise.unit, other))[exercise.function])
    assert not is_unattempted(node, stub_nodes(stub_source(exercise.unit))[exercise.function])


def test_codes_of_mistakes_do_not_depend_on_the_variant() -> None:
    for exercise in WITH_VALUES:
        variant = variant_of(exercise.name, ADA)
        codes = {exercise.code_of(mistake) for mistake in exercise.mistakes}
        assert {variant.code_of(mistake) for mistake in variant.mistakes} <= codes


def test_slips_of_a_variant_are_slips_from_its_own_values() -> None:
    variant = variant_of("reverse_mode.prediction_broadcast", ADA)
    made = {mutant.answer() for mutant in mutants(variant.answer())}
    rows, columns, entry = variant.values.values()
    assert rows * columns in made  # a factor is lost
    assert rows * columns * entry not in made
    assert 2 * 3 not in made  # as it would be of what is declared


# ---------------------------------------------------------------------------------------------- kits
@pytest.mark.parametrize("exercise", PERSONAL, ids=named)
def test_what_a_notebook_quotes_is_there_to_be_replaced(exercise: Exercise) -> None:
    cells = ["".join(c["source"]) for c in sheet(notebook_of(catalogue().unit(exercise.unit), ()))["cells"]]
    personal = exercise.personal or Personal()
    for fragment in personal.notebook:
        assert any(fragment in cell for cell in cells), fragment
    whole = "\n".join(cells)
    told = personal.told(ADA.values_of(exercise))
    for fragment in personal.notebook:
        assert personal.in_notebook(fragment, ADA.values_of(exercise)) == personal.notebook[fragment].format_map(told)
        assert personal.notebook[fragment].format_map(told) not in whole


@pytest.mark.slow
def test_a_kit_agrees_with_itself_on_the_variant() -> None:
    kit = make_kit(["mlp"], student="ada", variants=SALT).files
    values = variant_of("mlp.tanh_slope", ADA).values
    said = f"{values['height']:g}·tanh({values['rate']:g}·z)"
    assert said in kit["exercises/mlp.py"].decode()
    assert f"h = {values['height']:g}\\tanh({values['rate']:g}" in "".join(
        "".join(cell["source"]) for cell in json.loads(kit["notebooks/07_mlp.ipynb"])["cells"]
    )
    public = {e["name"]: e for e in json.loads(kit["grader/student/units/mlp.json"])["exercises"]}
    theirs = {e["name"]: e for e in json.loads(public_data(catalogue().unit("mlp")))["exercises"]}
    changed = {name for name in public if public[name] != theirs[name]}
    assert changed == {"mlp.tanh_slope"}  # a question has nothing public that depends on the answer
    assert json.loads(kit["gradmark.json"])["variants"] is True
    assert SALT not in "".join(data.decode() for data in kit.values())


# ------------------------------------------------------------------------------------- cases and keys
def test_a_bench_of_variants_shares_all_that_is_not_one_students() -> None:
    unit = unit_for("graphs", ADA)
    shared = Bench(catalogue().unit("graphs").exercises)
    bench = VariantBench(shared, unit.exercises)
    plain, own = catalogue().exercise("graphs.cubic_log_graph"), variant_of("graphs.product_graph", ADA)
    assert bench.cases(plain) is shared.cases(plain)
    assert bench.of(plain) is shared
    assert bench.of(own) is bench
    first, declared = bench.cases(own)[0], shared.cases(catalogue().exercise(own.name))[0]
    assert first.inputs == declared.inputs
    assert first.expected[0].value != declared.expected[0].value  # type: ignore[index]
    assert len(bench.cases(own)) < len(shared.cases(catalogue().exercise(own.name)))


def test_a_planted_fault_has_one_truth_for_all() -> None:
    shared = Bench(catalogue().unit("layers").exercises)
    bench = VariantBench(shared, unit_for("layers", ADA).exercises)
    assert bench.of(variant_of("layers.huber_loss", ADA)) is shared


def test_the_same_bytes_of_two_students_are_two_submissions() -> None:
    # A result that is kept by the bytes alone would give the second one who hands them in the verdicts of the first.
    assert (
        keys_of("ab", ["mlp.cost"], "f", "ada")
        != keys_of("ab", ["mlp.cost"], "f", "ben")
        != keys_of("ab", ["mlp.cost"], "f")
    )
    pieces = [Piece(HandIn(hint=Hint(text="x"), student=who), "mlp", {"mlp": None}, "mlp") for who in ("ada", "ben")]
    for personal in (True, False):
        ada, ben = (Errand(piece, Before(), personal=personal) for piece in pieces)
        assert (ada.sameness() == ben.sameness()) is not personal


# ----------------------------------------------------------------------------------- who is told of it
def rendered(page: RenderableType) -> str:
    console = Console(width=160, file=io.StringIO())
    with console.capture() as capture:
        console.print(page)
    return capture.get()


def test_no_student_reads_whose_variant_an_answer_fits() -> None:
    item = ItemResult(
        exercise="mlp.tanh_slope",
        status="wrong",
        score=0.0,
        max_score=1.0,
        checks=[CheckResult(name="value", kind="value", visibility="hidden", status="wrong", score=0.0, max_score=1.0)],
        fits="fits the variant of ben",
    )
    told = a_result(item, assignment="mlp")
    for rules in (Rules(), Rules({"": Rule(default="full")}), Rules({"": Rule(default="score")})):
        seen = may_see(told, rules, datetime.now(UTC))
        assert [i.fits for i in seen.items] == [""]
        assert "ben" not in as_json(seen) + student_page(seen)
    assert "For graders: fits the variant of ben" in rendered(details(told))


# ------------------------------------------------------------------------------------------- the course
def test_variants_need_a_salt(tmp_path: Path) -> None:
    file = tmp_path / "gradmark.toml"
    for salt in ("", 'salt = " "\n'):
        file.write_text(f"{salt}variants = true\n")
        with pytest.raises(UsageError, match=r"gradmark.toml:\d: variants: they are drawn from the salt"):
            read_course(file)
    file.write_text('salt = "x"\nvariants = true\n')
    assert read_course(file).variant_salt == "x"
    file.write_text('salt = "x"\n')
    assert read_course(file).variant_salt == ""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "roster.csv").write_text("id,name\nada,Ada\nben,Ben\n")
    (tmp_path / "gradmark.toml").write_text(f'salt = "{SALT}"\nvariants = true\nroster = "roster.csv"\n')
    return tmp_path


def test_a_kit_of_nobody_is_refused_where_variants_are_personal(run: Run, course: Path) -> None:
    code, _, err = run("release", "graphs", "--out", "kit")
    assert code == 2
    assert "--student ID" in err
    code, _, err = run("release", "graphs", "--student", "zoe", "--out", "kit")
    assert code == 2
    assert "'zoe' is not in the roster" in err
    assert not (course / "kit").exists()


@pytest.mark.slow
def test_everybody_gets_a_kit_at_once_the_one_that_they_would_get_alone(run: Run, course: Path) -> None:
    """Rejects a kit of one student in the folder of another, and a name that is no folder or a formula in the list."""
    (course / "roster.csv").write_text("id,name\nada,Ada\n../b,Ben\n=1+1,Cy\ncon,Dee\n")
    code, out, err = run("release", "graphs", "--all", "--out", "kits")
    assert (code, err) == (0, "")
    assert out == "written: kits (4 kits, each kit.zip in a folder of its student; kits.csv has whose is where)\n"
    with (course / "kits/kits.csv").open() as file:
        folders = {row["student"]: row["folder"] for row in csv.DictReader(file)}
    assert (list(folders), folders["ada"]) == (["ada", "../b", "'=1+1", "con"], "ada")
    assert {path.name for path in (course / "kits").iterdir()} == {*folders.values(), "kits.csv"}
    assert not any(re.search(r"^con$|[^\w-]|^-", folder) for folder in folders.values())
    for student in ("ada", "../b"):
        assert run("release", "graphs", "--student", student, "--out", "alone/kit.zip")[0] == 0
        alone = (course / "alone/kit.zip").read_bytes()
        assert alone == (course / "kits" / folders[student] / "kit.zip").read_bytes()
        (course / "alone/kit.zip").unlink()
    assert run("release", "graphs", "--all", "--single-file", "--out", "kits.zip")[0] == 0
    with zipfile.ZipFile(course / "kits.zip") as archive:
        assert sorted(archive.namelist()) == sorted(
            ["kits/kits.csv", *(f"kits/{folder}/graphs.ipynb" for folder in folders.values())]
        )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--all", "--student", "ada"], "leave one of them out"),
        (["--all", "--exam"], "leave --all out"),
        (["--all", "--out", "kits.ipynb"], "there are 2 students"),
        (["--all", "nope", "--out", "kits"], "there is no assignment 'nope'"),
        (["--all", "graphs", "--out", "."], "is there already"),
    ],
)
def test_kits_for_all_that_make_no_sense_are_refused_and_nothing_is_written(
    run: Run, course: Path, arguments: list[str], says: str
) -> None:
    code, _, err = run("release", *arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert says in err
    assert sorted(path.name for path in course.iterdir()) == ["gradmark.toml", "roster.csv"]


def test_kits_for_all_need_a_roster(run: Run, course: Path) -> None:
    (course / "gradmark.toml").write_text("")
    code, _, err = run("release", "graphs", "--all")
    assert (code, "`roster` in the course file" in err) == (2, True)


@pytest.mark.slow
def test_commands_know_whose_variant_is_meant(run: Run, course: Path) -> None:
    assert run("release", "graphs", "--student", "ada", "--out", "kit")[0] == 0
    number = variant_of("graphs.product_graph", ADA).values["number"]
    assert str(number) in run("show", "product_graph", "--student", "ada")[1]
    assert str(number) not in run("show", "product_graph")[1]
    code, _, err = run("check", "kit")
    assert (code, "python -m grader.student" in err) == (2, True)
    assert run("hook", "kit/exercises/graphs.py", "--student", "ada")[0] == 0
    code, out, _ = run("hook", "kit/exercises/graphs.py", "--student", "ben")
    assert (code, "docstring of product_graph" in out) == (1, True)
    (course / "gradmark.toml").unlink()
    assert run("hook", "kit/exercises/graphs.py")[0] == 0  # without a salt what is personal is left alone
    assert run("show", "product_graph", "--student", "ada")[0] == 2
