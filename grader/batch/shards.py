"""Shards: parts of a class that machines grade without knowing of each other, each written as documents with a manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.batch.documents import Manifest, document_name
from grader.batch.work import Piece, Work, distinct
from grader.errors import UsageError

__all__ = ["begin_shard", "part_of"]


def part_of(work: Work, shard: tuple[int, int]) -> list[Piece]:
    """Return the hand-ins of every N-th student in the stable order, from the I-th on.

    A student's hand-ins stay together: the order of those without times is that in which they are written.
    """
    pieces = distinct(work.pieces)
    number = {student: at for at, student in enumerate(dict.fromkeys(piece.hand_in.id for piece in pieces))}
    return [piece for piece in pieces if number[piece.hand_in.id] % shard[1] == shard[0] - 1]


def begin_shard(
    folder: Path, work: Work, shard: tuple[int, int], environment: Mapping[str, Any], exercises: frozenset[str]
) -> None:
    """Write the manifest of a shard, before its documents: whoever merges knows what has to be there.

    Raises:
        UsageError: it cannot be written.

    """
    pieces, told = distinct(work.pieces), hashlib.sha256(repr(sorted(exercises)).encode())
    for piece in pieces:
        wanted = [(unit, names and sorted(names)) for unit, names in piece.wanted.items()]
        told.update(repr((*piece.key, piece.hand_in.source, wanted)).encode("utf-8", "surrogateescape"))
    manifest = Manifest(
        shard=shard[0],
        of=shard[1],
        total=len(pieces),
        hand_ins=told.hexdigest(),
        environment=environment,
        documents=[document_name(piece) for piece in part_of(work, shard)],
        unmatched=work.unmatched,
        exercises=sorted(exercises),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest.write(folder)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None
