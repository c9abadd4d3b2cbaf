"""The documents that shards write: one for each hand-in, and a manifest that says which part of which run it is.

Schemas ``gradmark/attempt/1`` and ``gradmark/shard/1``. They are written and read by the grader's own processes; whoever merges a
folder trusts whoever wrote it, as they would a gradebook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from grader.batch.outcome import STATES, Outcome, State
from grader.batch.work import Piece
from grader.grades import Attempt
from grader.grading import NOTEBOOK
from grader.result import Result, compact, read_as
from grader.writing import write_whole

__all__ = ["ENDING", "Document", "Manifest", "document_name", "read_document", "read_manifests", "write_document"]

ENDING = ".attempt.json"
SCHEMA, SHARD = "gradmark/attempt/1", "gradmark/shard/1"
READABLE = 40


@dataclass(frozen=True)
class Document:
    """The content of a document, its results unread.

    Args:
        attempts: as plain data.
        done: the key under which it is noted that this was graded.
        state: how it stands.
        parts: the exercises that it has results of, where that is not all that was wanted.
        kept: by exercise the key of its item.
        ran: by key how a notebook ran, as JSON text.
        fingerprint: of the environment in which it was graded.

    """

    attempts: tuple[Mapping[str, Any], ...]
    done: str
    state: State
    parts: frozenset[str] | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    ran: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""

    def read(self) -> tuple[tuple[Attempt, ...], dict[str, str]]:
        """Read its attempts, and the items to be kept, by key.

        Raises:
            ValueError: they are none.

        """
        attempts = tuple(_attempt(plain) for plain in self.attempts)
        items = {item.exercise: item for a in attempts for result in a.results for item in result.items}
        entries = {key: compact(items[name]) for name, key in self.kept.items() if name in items}
        return attempts, {**entries, **self.ran}


def document_name(piece: Piece) -> str:
    """Return the name of a hand-in's document: another one's is another, also on a disk that takes ``Ada`` for ``ada``."""
    key = hashlib.sha256("\0".join([*piece.key, piece.hand_in.source]).encode("utf-8", "surrogateescape")).hexdigest()
    readable = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in piece.hand_in.id)
    return f"{readable[:READABLE]}-{key[:16]}{ENDING}"


def write_document(path: Path, outcome: Outcome) -> None:
    """Write the document of a hand-in that was graded, whole or not at all.

    Raises:
        OSError: it cannot be written.

    """
    items = {item.exercise for attempt in outcome.attempts for result in attempt.results for item in result.items}
    plain = {
        "schema": SCHEMA,
        "done": outcome.done,
        "fingerprint": outcome.fingerprint,
        "state": outcome.state,
        "parts": sorted(outcome.parts) if outcome.parts is not None else None,
        "kept": {name: key for name, key in outcome.kept.items() if name in items},
        "ran": {key: outcome.entries[key] for name, key in outcome.kept.items() if name.partition(".")[2] == NOTEBOOK},
        "attempts": [
            {**vars(a), "submitted": a.submitted.isoformat() if a.submitted else None} for a in outcome.attempts
        ],
    }
    write_whole(path, compact(plain))


def read_document(path: Path) -> Document | None:
    """Read a document; None if there is none, or it is not whole or something else."""
    try:
        plain = json.loads(path.read_bytes())
        if plain["schema"] != SCHEMA or plain["state"] not in STATES:
            return None
        parts = None if plain["parts"] is None else frozenset(map(str, plain["parts"]))
        return Document(
            tuple(plain["attempts"]),
            str(plain["done"]),
            cast("State", plain["state"]),
            parts,
            dict(plain["kept"]),
            dict(plain["ran"]),
            str(plain["fingerprint"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _attempt(plain: Mapping[str, Any]) -> Attempt:
    try:
        when = plain["submitted"]
        results = tuple(read_as(Result, json.dumps(result)) for result in plain["results"])
        rest = {name: str(plain[name]) for name in ("student", "assignment", "sha256", "source")}
        submitted = datetime.fromisoformat(when) if when else None
        return Attempt(**rest, submitted=submitted, results=results, late_mark=bool(plain["late_mark"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is no attempt: {error}") from None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One shard of a run.

    Args:
        shard: its number, from 1.
        of: the number of shards.
        total: the number of hand-ins of all shards.
        hand_ins: a digest over them, in their order: shards of one run have the same.
        environment: see :func:`grader.grading.environment`.
        documents: the names of this shard's documents.
        unmatched: lines on the hand-ins that are nobody's; each shard has all of them.
        exercises: those alone that the run is to grade; empty for all.
        path: of the file itself.

    """

    shard: int
    of: int
    total: int
    hand_ins: str
    environment: Mapping[str, Any]
    documents: Sequence[str]
    unmatched: Sequence[str] = ()
    exercises: Sequence[str] = ()
    path: Path = Path()

    @property
    def name(self) -> str:
        """Return the name of its file."""
        return f"shard-{self.shard}-of-{self.of}.json"

    def write(self, folder: Path) -> None:
        """Write it.

        Raises:
            OSError: it cannot be written.

        """
        plain = {name: value for name, value in vars(self).items() if name != "path"}
        write_whole(folder / self.name, json.dumps({"schema": SHARD, **plain}, indent=1, default=list))


def read_manifests(folder: Path) -> list[Manifest]:
    """Read the manifests in a folder, in the order of their shards.

    Raises:
        ValueError: one is none.

    """
    found = []
    for path in sorted(folder.glob("shard-*-of-*.json")):
        try:
            plain = json.loads(path.read_bytes())
            if plain.pop("schema") != SHARD:
                raise ValueError("it is of another schema")
            found.append(Manifest(**plain, path=path))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"{path} is no manifest of a shard: {error}") from None
    return sorted(found, key=lambda manifest: (manifest.of, manifest.shard))
