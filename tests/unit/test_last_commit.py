"""The time of a clone's last commit: read without git, from whatever a student's ``.git`` holds."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import downloads as d
import pytest

from grader.submission import find
from grader.submission.downloads.git import last_commit
from grader.submission.downloads.tree import from_path

WHEN = 1_790_000_000


def told(folder: Path, files: d.Files) -> datetime | None:
    return last_commit(d.in_folder(folder / ".git", files))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("zone", [("+0200", 120), ("-0930", -570)])
def test_it_is_found_loose_and_packed_as_a_change_of_another(
    tmp_path: Path, packed: bool, zone: tuple[str, int]
) -> None:
    """Rejects the author's time, and a line of the message that reads like the committer's."""
    when = datetime.fromtimestamp(WHEN, timezone(timedelta(minutes=zone[1])))
    files = d.git_files(WHEN, zone[0], packed=packed)
    found = told(tmp_path, files)
    assert found == when
    assert found is not None
    assert found.utcoffset() == when.utcoffset()
    archive = d.in_zip(
        tmp_path / "a.zip", {f"repo/.git/{name}": data for name, data in files.items()} | {"repo/x.py": b""}
    )
    git = from_path(archive).git["repo"]
    assert last_commit(git) == when


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
@pytest.mark.parametrize("packed", [False, True])
def test_git_and_we_agree(tmp_path: Path, packed: bool) -> None:
    """On a history whose last commit stands in a pack between others, under a branch and with a head that is detached."""
    dates = [f"{WHEN + 60 * number} +0530" for number in range(12)]
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    who = {f"GIT_{role}_{key}": f"{key}@x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}

    def git(*arguments: str, date: str = dates[0]) -> str:
        given = {**env, **who, "GIT_AUTHOR_DATE": dates[0], "GIT_COMMITTER_DATE": date}
        run = subprocess.run(
            ["git", "-C", str(tmp_path), *arguments], env=given, capture_output=True, text=True, check=True
        )
        return run.stdout.strip()

    git("init", "-q", "-b", "feature/a-b")
    for date in dates:
        git("commit", "-q", "--allow-empty", "-m", "a message " * 20, date=date)
    if packed:
        git("gc", "-q", "--aggressive")
    assert last_commit(tmp_path / ".git") == datetime.fromisoformat(git("log", "-1", "--format=%cI"))
    git("checkout", "-q", "--detach", "HEAD~3")
    assert last_commit(tmp_path / ".git") == datetime.fromisoformat(git("log", "-1", "--format=%cI"))


HOSTILE: dict[str, d.Files] = {
    "nothing": {},
    "a head that climbs": {"HEAD": b"ref: refs/../../secret"},
    "a head that is absolute": {"HEAD": b"ref: /etc/passwd"},
    "no such branch": {"HEAD": b"ref: refs/heads/main"},
    "no such commit": {"HEAD": b"1" * 40},
    "an object that is no zlib": {"HEAD": b"1" * 40, "objects/11/" + "1" * 38: b"commit"},
    "a pack that is cut off": {
        n: data[:40] if n.endswith(".pack") else data for n, data in d.git_files(5, packed=True).items()
    },
    "an index that is cut off": {
        n: data[:1040] if n.endswith(".idx") else data for n, data in d.git_files(5, packed=True).items()
    },
    "a pack of zeros": {
        n: bytes(99) if n.endswith(".pack") else data for n, data in d.git_files(5, packed=True).items()
    },
    "a year that no calendar has": d.git_files(99_999_999_999),
    "a zone that no clock has": d.git_files(5, "+9999"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_damaged_or_hostile_repository_has_no_time(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("1" * 40)
    assert told(tmp_path, HOSTILE[name]) is None


def test_a_change_of_itself_ends(tmp_path: Path) -> None:
    """Rejects following a delta that is its own base."""
    files = d.git_files(WHEN, packed=True)
    pack = bytearray(files["objects/pack/pack-1.pack"])
    at = pack.rfind(b"x\x9c") - 1
    pack[at] = 0  # the base lies no byte before it
    assert told(tmp_path, {**files, "objects/pack/pack-1.pack": bytes(pack)}) is None


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    """Rejects following links, and the objects of another repository that a student names."""
    files = d.git_files(WHEN)
    elsewhere = d.in_folder(tmp_path / "elsewhere", files)
    for name in ("HEAD", "refs", "objects"):
        linked = d.in_folder(
            tmp_path / f"with {name}", {n: data for n, data in files.items() if not n.startswith(name)}
        )
        (linked / name).symlink_to(elsewhere / name)
        assert last_commit(linked) is None
    named = {n: data for n, data in files.items() if not n.startswith("objects")}
    alternate = {**named, "objects/info/alternates": f"{elsewhere}/objects".encode()}
    assert told(tmp_path / "named", alternate) is None
    repos = tmp_path / "repos"
    for who in ("a-ada", "a-jm"):
        d.in_folder(repos / who, {"layers.ipynb": d.work(who)})
        (repos / who / ".git").symlink_to(elsewhere)
    assert [h.submitted for h in find([repos]).hand_ins] == [None, None]


def test_a_repository_of_one_student_has_a_time_too(tmp_path: Path) -> None:
    d.in_folder(
        tmp_path / "ada", {f".git/{n}": data for n, data in d.git_files(WHEN).items()} | {"layers.ipynb": d.work("a")}
    )
    (only,) = find([tmp_path / "ada"]).hand_ins
    assert only.submitted == datetime.fromtimestamp(WHEN, UTC)
