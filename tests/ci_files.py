"""The files of a CI that this project gives away, read as their hosts read them: steps, inputs, and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ACTION", "CHECKOUT", "CLASS", "GITLAB", "ONE", "commands_in", "filled", "read", "steps"]

CHECKOUT = Path(__file__).parents[1]
ACTION = CHECKOUT / "action.yml"
ONE = CHECKOUT / ".github" / "workflows" / "grade.yml"
CLASS = CHECKOUT / ".github" / "workflows" / "grade-class.yml"
GITLAB = CHECKOUT / "ci" / "gitlab.yml"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class _Loader(yaml.SafeLoader):
    """YAML in which ``on`` is a word, as GitHub reads it, and no truth value."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    """Return the steps of an action, or of the jobs of a workflow."""
    document = read(path)
    if "runs" in document:
        return list(document["runs"]["steps"])
    return [step for job in document["jobs"].values() for step in job["steps"]]


def filled(text: str, values: dict[str, str]) -> str:
    """Put values in the place of expressions; one that is not known is an error."""
    return EXPRESSION.sub(lambda match: values[match[1]], text)


def commands_in(script: str) -> Iterator[list[str]]:
    """Yield the arguments of each ``gradmark`` in a shell script, with the flags that were put into its list before."""
    joined = re.sub(r"\\\n\s*", " ", script)
    added: list[str] = []
    for line in joined.splitlines():
        for group in re.findall(r"arguments\+?=\((.*?)\)|set -- (.*?)(?:;|$)", line):
            added += [word for word in shlex.split(group[0] or group[1]) if word != "$@"]
        found = re.search(r"(?:^|[\s/])gradmark\"? (?=[a-z])(.*)", line)
        if found and not line.lstrip().startswith("#"):
            words = shlex.split(found[1])
            at = next((i for i, word in enumerate(words) if word in ("${arguments[@]}", "$@")), None)
            yield words if at is None else [*words[:at], *added, *words[at + 1 :]]
