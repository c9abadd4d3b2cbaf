"""The lines of a TOML file on which its values stand, which tomllib does not tell: every refusal of a course file names one."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from grader.errors import UsageError

__all__ = ["Key", "Places", "lines_of"]

Key = tuple[str | int, ...]
"""The way to a value: names of tables and settings, and numbers from 0 in lists."""
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PART = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+')
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_PLAIN = re.compile(r"[^\s,\]}#][^,\]}#\n]*")


class Places:
    """A course file, and where its values stand in it.

    Args:
        path: of the file, as it was given.
        text: the file's, which tomllib has read.

    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._lines = lines_of(text)

    def line(self, *key: str | int) -> int:
        """Return the line of a value; of one that is not there, the line of the nearest table that should hold it."""
        for length in range(len(key), 0, -1):
            wanted = key[:length]
            if wanted in self._lines:
                return self._lines[wanted]
            inside = next((line for full, line in self._lines.items() if full[:length] == wanted), None)
            if inside is not None:
                return inside
        return 1

    def __contains__(self, key: Key) -> bool:
        """Return True if a value stands in the file under exactly this name."""
        return key in self._lines

    def at(self, *key: str | int) -> str:
        """Return ``file:line`` of a value."""
        return f"{self.path}:{self.line(*key)}"

    def refusal(self, key: Key, says: str) -> UsageError:
        """Return the refusal of a value: file, line, its name, and what is said of it."""
        return UsageError(f"{self.at(*key)}: {name_of(key)} {says}" if key else f"{self.at()}: {says}")


def name_of(key: Key) -> str:
    """Return a key as people write it: ``assignment.layers.late.steps[2]``, counted from 1."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


def lines_of(text: str) -> dict[Key, int]:
    """Return the line, from 1, of each table, setting and entry of a list in a text that is TOML."""
    found: dict[Key, int] = {}
    for key, line in _Scan(text).all():
        found.setdefault(key, line)
    return found


class _Scan:
    """A walk over a text that tomllib has accepted; it does not look for faults again."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.ends = [match.start() for match in re.finditer("\n", text)]

    def line(self) -> int:
        return bisect_right(self.ends, self.at - 1) + 1

    def skip(self) -> None:
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it matches nothing at all, too

    def next(self) -> str:
        self.skip()
        return self.text[self.at : self.at + 1]

    def key(self) -> Key:
        """Read ``a."b".c``."""
        parts: list[str | int] = []
        while (self.next() or "#") and (part := _PART.match(self.text, self.at)):
            self.at = part.end()
            quoted = part[0][0] in "\"'"
            parts.append(tomllib.loads(f"k = {part[0]}")["k"] if quoted else part[0])
            if self.next() != ".":
                break
            self.at += 1
        return tuple(parts)

    def all(self) -> Iterator[tuple[Key, int]]:
        table: Key = ()
        entries: dict[Key, int] = {}  # how many tables a list has had so far
        while here := self.next():
            line, before = self.line(), self.at
            if here == "[":
                listed = self.text.startswith("[[", self.at)
                self.at += 2 if listed else 1
                table = _within(entries, self.key())
                if listed:
                    entries[table] = entries.get(table, -1) + 1
                    table = (*table, entries[table])
                self.at += 1
                self.skip()
                self.at += 1 if listed else 0
                yield table, line
            else:
                yield from self.setting(table)
            if self.at == before:
                return

    def setting(self, table: Key) -> Iterator[tuple[Key, int]]:
        line = self.line()
        key = (*table, *self.key())
        yield key, line
        self.next()
        self.at += 1  # the sign of equality
        yield from self.value(key)

    def value(self, key: Key) -> Iterator[tuple[Key, int]]:
        match self.next():
            case "[":
                self.at += 1
                number = 0
                while self.next() not in ("]", ""):
                    yield (*key, number), self.line()
                    yield from self.value((*key, number))
                    number += 1
                    self.at += self.next() == ","
                self.at += 1
            case "{":
                self.at += 1
                while self.next() not in ("}", ""):
                    yield from self.setting(key)
                    self.at += self.next() == ","
                self.at += 1
            case _:
                found = _TEXT.match(self.text, self.at) or _PLAIN.match(self.text, self.at)
                self.at = found.end() if found else len(self.text)


def _within(entries: dict[Key, int], key: Key) -> Key:
    """Return where the table of a header is: in the latest entry of each list of tables on its way."""
    way: Key = ()
    for part in key[:-1]:
        way = (*way, part)
        way = (*way, entries[way]) if way in entries else way
    return (*way, *key[-1:])
