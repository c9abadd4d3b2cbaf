"""The action, the workflows, the template and the container file: what they run exists, and is none of a student's files."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from ci_files import ACTION, CHECKOUT, CLASS, EXPRESSION, GITLAB, ONE, commands_in, filled, read, steps

from grader.cli import cli
from grader.export import OUTPUTS

WORKFLOWS = (ONE, CLASS)
NUMBERS = ("FAIL_UNDER", "GRADMARK_FAIL_UNDER")
CHOICES = {"ISOLATION": "auto"}


def scripts() -> dict[str, str]:
    found = {path.name: "\n".join(step.get("run", "") for step in steps(path)) for path in (ACTION, *WORKFLOWS)}
    container = (CHECKOUT / "Containerfile").read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"run .* (gradmark grade .*)", container))
    hooks = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {
        **found,
        "gitlab.yml": "\n".join(read(GITLAB)["gradmark"]["script"]),
        "Containerfile": examples,
        "hooks": "\n".join(f"{hook['entry']} exercises/layers.py" for hook in hooks),
    }


def value(word: str) -> str:
    """A value for a variable of the shell: what a number or a choice is for is known by its name."""

    def of(match: re.Match[str]) -> str:
        name = match[1]
        return "60" if name in NUMBERS else CHOICES.get(name, "x")

    return re.sub(r"\$\{?(\w+)\}?", of, word)


@pytest.mark.parametrize("file", ["action.yml", "grade-class.yml", "gitlab.yml", "Containerfile", "hooks"])
def test_every_command_there_is_one_of_ours_with_flags_that_it_has(file: str) -> None:
    found = list(commands_in(scripts()[file]))
    assert found
    for name, *arguments in found:
        cli.commands[name].make_context(name, [value(word) for word in arguments])


def test_a_flag_that_no_command_has_is_seen() -> None:
    (words,) = commands_in(
        'arguments=(--ci github)\n[ -z "$X" ] || arguments+=(--nonsense "$X")\ngradmark grade "${arguments[@]}" -- "$Y"\n'
    )
    assert words == ["grade", "--ci", "github", "--nonsense", "$X", "--", "$Y"]
    with pytest.raises(click.UsageError, match="nonsense"):
        cli.commands["grade"].make_context("grade", words[1:])


def test_the_action_declares_the_outputs_that_are_written_and_uses_all_inputs() -> None:
    action = read(ACTION)
    assert tuple(action["outputs"]) == OUTPUTS
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.grade.outputs.{name} }}}}"
    text = ACTION.read_text(encoding="utf-8")
    assert {name for name in action["inputs"] if f"inputs.{name} " not in text} == set()
    assert all(given["description"] and isinstance(given["default"], str) for given in action["inputs"].values())
    assert action["runs"]["using"] == "composite"
    assert all(step.get("shell") == "bash" for step in action["runs"]["steps"] if "run" in step)


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_no_input_becomes_a_part_of_a_script(path: Path) -> None:
    for step in steps(path):
        assert not EXPRESSION.search(step.get("run", "")), step


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS, GITLAB], ids=lambda path: path.name)
def test_every_interpreter_there_is_isolated_from_the_folder_it_stands_in(path: Path) -> None:
    text = (
        "\n".join(read(GITLAB)["gradmark"]["script"])
        if path == GITLAB
        else "\n".join(s.get("run", "") for s in steps(path))
    )
    started = re.findall(r'(?:"\$PYTHON"|python"?)(?= )(.{4})', text)
    assert all(flag.startswith(" -I ") for flag in started), started
    assert started or path == ONE


def test_the_container_is_isolated_and_no_root() -> None:
    text = (CHECKOUT / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert '"-I"' in re.findall(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[0]
    copied = {source for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for source in line.split()[:-1]}
    assert {source for source in copied if not (CHECKOUT / source).exists()} == set()
    built = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(built["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]) <= copied


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_alone_ends_in_time_and_keeps_no_credentials(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow["on"]) == {"workflow_call"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 120
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(
        step["with"]["persist-credentials"] == "false" or step["with"]["persist-credentials"] is False
        for step in checkouts
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_names_only_inputs_secrets_and_outputs_that_there_are(path: Path) -> None:
    workflow = read(path)
    call = workflow["on"]["workflow_call"]
    named = set(
        re.findall(r"(inputs|secrets)\.([\w-]+)", " ".join(EXPRESSION.findall(path.read_text(encoding="utf-8"))))
    )
    known = {(kind, name) for kind in ("inputs", "secrets") for name in call.get(kind, {})}
    example = {("secrets", "SUBMISSIONS_TOKEN")}  # in the comment at its top
    assert named - example == known
    action = read(ACTION)
    for step in steps(path):
        if step.get("uses") == "./gradmark":
            assert set(step["with"]) <= set(action["inputs"])
    for output in call.get("outputs", {}).values():
        assert output["value"].split(".")[-1].strip(" }") in OUTPUTS


def test_the_template_of_gitlab_asks_for_the_files_that_are_written() -> None:
    job: dict[str, Any] = read(GITLAB)["gradmark"]
    script = "\n".join(job["script"])
    for report in job["artifacts"]["reports"].values():
        assert report in script
    assert set(re.findall(r"\$(GRADMARK_\w+)", script)) <= set(job["variables"])


def test_the_template_of_gitlab_hands_on_all_its_variables(tmp_path: Path) -> None:
    """With a course file that only a variable can name, since in a CI no other counts."""
    (script,) = read(GITLAB)["gradmark"]["script"]
    variables = {
        "GRADMARK_PATH": "work",
        "GRADMARK_ASSIGNMENT": "mlp",
        "GRADMARK_FAIL_UNDER": "60",
        "GRADMARK_COURSE": "a b.toml",
    }
    assert set(variables) | {"GIT_DEPTH"} == set(read(GITLAB)["gradmark"]["variables"])
    told = script.replace("/opt/gradmark/bin/python -I /opt/gradmark/bin/gradmark", "printf '%s\\n'")
    ran = subprocess.run(
        ["sh", "-e", "-c", told], env={**os.environ, **variables}, capture_output=True, text=True, check=True
    )
    asked = ran.stdout.splitlines()
    assert asked[0] == "grade"
    assert asked[asked.index("--fail-under") + 1 :] == [
        "60",
        "--assignment",
        "mlp",
        "--course",
        "a b.toml",
        "--",
        "work",
    ]
    empty = {**variables, "GRADMARK_ASSIGNMENT": "", "GRADMARK_COURSE": ""}
    ran = subprocess.run(
        ["sh", "-e", "-c", told], env={**os.environ, **empty}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-3:] == ["60", "--", "work"]


def test_the_plugin_of_pytest_is_declared() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"gradmark": "grader.pytest_plugin"}


# -------------------------------------------------------------------------- cloning a class, for real
def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def cloned(tmp_path: Path, listed: str) -> subprocess.CompletedProcess[str]:
    """Run the step of grade-class.yml that clones, with repositories on this disk in the place of the host's."""
    (step,) = [step for step in steps(CLASS) if step.get("name") == "Clone the class"]
    (tmp_path / "course").mkdir(exist_ok=True)
    (tmp_path / "course" / "list.txt").write_text(listed)
    values = {"inputs.repositories": "list.txt", "secrets.submissions-token": "very secret"}
    given = {name: filled(text, values) for name, text in step["env"].items()}
    environment = {
        **os.environ,
        **given,
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_SERVER_URL": f"file://{tmp_path}/host",
    }
    script = tmp_path / "step.sh"
    script.write_text(step["run"])
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_class_is_cloned_and_one_that_is_gone_costs_no_other_anything(tmp_path: Path) -> None:
    work = tmp_path / "host" / "org" / "one.git"
    work.mkdir(parents=True)
    git(work, "init", "--quiet")
    (work / "layers.py").write_text("x = 1\n")
    (work / "link").symlink_to("/etc/passwd")
    git(work, "add", "-A")
    git(work, "commit", "--quiet", "-m", "x")
    ran = cloned(tmp_path, "# the class\nada org/one\n\nbob org/gone\neve org/one\r\n\r\nfay org/one \r\n")
    assert ran.returncode == 0, ran.stderr
    clones = tmp_path / "temp" / "class"
    assert (clones / "ada" / "layers.py").read_text() == "x = 1\n"
    assert (clones / "eve" / "layers.py").exists()  # the list may have been written under Windows
    assert sorted(path.name for path in clones.iterdir()) == ["ada", "eve", "fay"]
    assert not (clones / "bob").exists()
    assert not (clones / "ada" / "link").is_symlink()
    assert "::warning file=list.txt,line=4::" in ran.stdout
    assert "1 repositories could not be cloned" in ran.stdout
    assert "secret" not in ran.stdout + ran.stderr + (clones / "ada" / ".git" / "config").read_text()


LINES = ("../up org/one", "ada ../../x", "ada org/one --quiet", "-x org/one", "ada --upload-pack=x", "ada")


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_no_repository_ends_it(tmp_path: Path, line: str) -> None:
    ran = cloned(tmp_path, line)
    assert ran.returncode == 2
    assert "::error file=list.txt,line=1::a line of the list is: id owner/name" in ran.stdout
