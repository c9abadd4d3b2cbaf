"""A runner of GitHub Actions, as far as it reads what a step prints and writes: by the published rules, not by our own writer.

A line is a command if it begins, once blanks are taken off, with ``::name`` of a known name; else if it has ``##[name`` of such a
name anywhere in it. ``stop-commands`` names a token, and until ``::token::`` comes nothing is a command.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

__all__ = ["Command", "commands", "read_outputs"]

KNOWN = {
    "error",
    "warning",
    "notice",
    "debug",
    "set-output",
    "set-env",
    "add-path",
    "add-mask",
    "save-state",
    "group",
    "endgroup",
    "echo",
}
OF_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
OF_PROPERTIES = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
OF_OLD = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%"))


@dataclass
class Command:
    name: str
    properties: dict[str, str] = field(default_factory=dict)
    data: str = ""


def commands(printed: str) -> list[Command]:
    """Return the commands that a runner carries out, stop-commands and its end left out."""
    found: list[Command] = []
    stopped: str | None = None
    # A .NET reader of lines ends them at CR, LF and both together.
    for line in io.StringIO(printed, newline=None).read().split("\n"):
        known = KNOWN | {"stop-commands"} | ({stopped} if stopped else set())
        command = _new(line, known) or _old(line, known)
        if command is None:
            continue
        if stopped is not None:
            stopped = None if command.name == stopped else stopped
        elif command.name == "stop-commands":
            stopped = command.data
        else:
            found.append(command)
    assert stopped is None, "commands were stopped for good"
    return found


def _new(line: str, known: set[str]) -> Command | None:
    line = line.lstrip()
    head, sign, data = line[2:].partition("::")
    name, _, rest = head.partition(" ")
    if not line.startswith("::") or not sign or name.lower() not in known:
        return None
    return Command(name.lower(), _properties(rest.strip(), ",", OF_PROPERTIES), _unescaped(data, OF_DATA))


def _old(line: str, known: set[str]) -> Command | None:
    _, sign, rest = line.partition("##[")
    head, closed, data = rest.partition("]")
    name, _, rest = head.partition(" ")
    if not sign or not closed or name.lower() not in known:
        return None
    return Command(name.lower(), _properties(rest, ";", OF_OLD), _unescaped(data, OF_OLD))


def _properties(text: str, between: str, escapes: tuple[tuple[str, str], ...]) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in text.split(between) if part)
    return {pair[0]: _unescaped(pair[1], escapes) for pair in pairs if len(pair) == 2 and all(pair)}


def _unescaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for written, meant in escapes:
        text = text.replace(written, meant)
    return text


def read_outputs(text: str) -> dict[str, str]:
    """Read a file of outputs, or of an environment: ``NAME=VALUE``, or ``NAME<<END``, lines, ``END``."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, begins = line.find("="), line.find("<<")
        if equals >= 0 and (begins < 0 or equals < begins):
            name, _, found_value = line.partition("=")
            found[name] = found_value
            continue
        assert begins > 0, f"no output: {line!r}"
        name, _, end = line.partition("<<")
        value: list[str] = []
        for inner in lines:
            if inner == end:
                break
            value.append(inner)
        else:
            raise AssertionError(f"{name} does not end")
        found[name] = "\n".join(value)
    return found
