"""Gradebooks of older versions: each is migrated from a file that its version wrote, and nothing of it is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from book_samples import HOSTILE, an_attempt, graded_again, scores
from sqlalchemy import Column, MetaData, Table, insert, inspect

from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.gradebook.store import Store
from grader.gradebook.tables import METADATA, VERSIONS
from grader.gradebook.versions import upgrade
from grader.grades import Comment, Mark, Request, RubricItem

HERE = Path(__file__).parent
RELU = "layers.relu_forward"


def written_by(version: str, path: Path) -> None:
    """Make the file that a version wrote."""
    connection = sqlite3.connect(path)
    connection.executescript((HERE / f"version-{version}.sql").read_text(encoding="utf-8"))
    connection.close()


def put_into_postgresql(version: str, path: Path, url: str) -> None:
    """Make in PostgreSQL what a version wrote: its tables by its migration, and its rows."""
    store = Store(url)
    there = sqlite3.connect(path)
    with store.writing() as connection:
        upgrade(connection, version)
        known = MetaData()
        known.reflect(connection)
        for table in known.sorted_tables:
            if table.name == "gradebook_version":
                continue
            names = [column.name for column in table.columns]
            quoted = ", ".join(f'"{name}"' for name in names)
            order = " ORDER BY number" if table.name == "trail" else ""
            for row in there.execute(f"SELECT {quoted} FROM {table.name}{order}"):
                values = dict(zip(names, row, strict=True))
                for name in ("late_mark", "honour", "excused", "active"):
                    if name in values:
                        values[name] = bool(values[name])
                connection.execute(insert(Table(table.name, MetaData(), *map(Column, names))), values)
    there.close()
    store.close()


@pytest.fixture(params=VERSIONS[:-1])
def older(request: pytest.FixtureRequest, place: str, tmp_path: Path) -> str:
    """A gradebook of an older version; its place."""
    if "://" not in place:
        written_by(request.param, Path(place))
    else:
        written_by(request.param, tmp_path / "older.db")
        put_into_postgresql(request.param, tmp_path / "older.db", place)
    return place


def test_a_gradebook_of_an_older_version_is_migrated_with_all_that_it_holds(older: str) -> None:
    told: list[str] = []
    with Gradebook.open(older, told=told.append) as book:
        assert told == [book.migrated]
        assert "was migrated from version 0001 to 0002" in book.migrated
        assert book.check() == []
        assert scores(book.attempts()) == [4.0, 3.0, 3.0]
        assert [attempt.student for attempt in book.attempts()] == ["ada", "bob", "zoë"]
        assert book.attempts()[0] == graded_again(an_attempt(), 4.0) or book.attempts()[0].key == an_attempt().key
        assert book.attempts(student="zoë")[0].results[0].items[0].checks[0].message == HOSTILE
        (mark,) = book.marks()
        assert (mark.points, mark.rubric, mark.comments, mark.honour) == (2.5, ("r1",), ("see page 3",), True)
        assert book.rubric() == [RubricItem(id="r1", exercise=RELU, points=-1, text="no mask")]
        assert book.comments() == [Comment(exercise=RELU, mistake="m", text="the mask")]
        assert [line.undone_by for line in book.trail()] == [None, None, None, None, 7, None, None]
        # And it goes on: what it wrote can be undone, and what is new be written.
        book.undo(7, by="alan")
        assert book.marks(student="bob")[0].excused
        book.add_request(Request(id="q", student="ada", assignment="layers", exercise=RELU, text="please"), by="ada")
        book.mark([Mark(student="bob", assignment="layers", points=1)], by="alan", why="")
        assert book.check() == []
    with Gradebook.open(older, told=told.append) as book:
        assert len(told) == 1
        assert len(book.trail()) == 10


def test_a_file_is_kept_beside_as_it_was_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    written_by("0001", path)
    with Gradebook.open(path) as book:
        assert book.migrated.endswith(f"as it was it is kept in {path}.version-0001")
    kept = sqlite3.connect(f"{path}.version-0001")
    assert kept.execute("SELECT version_num FROM gradebook_version").fetchall() == [("0001",)]
    assert kept.execute("SELECT count(*) FROM trail").fetchall() == [(7,)]
    kept.close()


def test_a_migration_that_fails_leaves_the_gradebook_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gradebook.db"
    written_by("0001", path)

    def failing(_: object) -> None:
        raise UsageError("no room")

    monkeypatch.setattr("grader.gradebook.versions.make_anew", failing)
    with pytest.raises(UsageError, match="no room"):
        Gradebook.open(path)
    monkeypatch.undo()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM gradebook_version").fetchall() == [("0001",)]
    connection.close()
    with Gradebook.open(path) as book:
        assert book.check() == []


def test_a_backup_of_an_older_version_is_restored_and_stays_as_it_is(place: str, tmp_path: Path) -> None:
    kept = tmp_path / "old backup.db"
    written_by("0001", kept)
    before = kept.read_bytes()
    assert Gradebook.restore(kept, place) == 7
    assert kept.read_bytes() == before
    with Gradebook.open(place) as book:
        assert book.check() == []


def test_the_migrations_lead_to_the_tables_that_the_code_knows(book: Gradebook) -> None:
    with book._store.reading() as connection:
        seen = inspect(connection)
        assert {*METADATA.tables, "gradebook_version"} == set(seen.get_table_names())
        for name, table in METADATA.tables.items():
            found = {column["name"]: column["nullable"] for column in seen.get_columns(name)}
            assert found == {column.name: column.nullable for column in table.columns}, name
            assert seen.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key], name
            keys = {column.name for column in table.columns if column.foreign_keys}
            assert {key["constrained_columns"][0] for key in seen.get_foreign_keys(name)} == keys, name


def test_every_version_before_this_one_has_left_a_file() -> None:
    assert {path.stem for path in HERE.glob("version-*.sql")} == {f"version-{version}" for version in VERSIONS[:-1]}
    migrations = Path(upgrade.__code__.co_filename).parent / "migrations" / "versions"
    assert [path.stem[1:5] for path in sorted(migrations.glob("m*.py"))] == list(VERSIONS)
