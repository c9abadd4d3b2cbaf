"""Shards: parts of a class that machines grade without knowing of each other, each written as documents with a manifest."""

from __future__ import annotations

import hashlib
from pathlib import Path

from grader.batch.documents import Manifest, document_name
from grader.batch.run import Grader
from grader.batch.work import Piece, Work
from grader.errors import UsageError

__all__ = ["begin_shard", "part_of"]


def part_of(work: Work, shard: tuple[int, int]) -> tuple[Piece, ...]:
    """Return every N-th hand-in in the stable order, from the I-th on."""
    return work.pieces[shard[0] - 1 :: shard[1]]


def begin_shard(folder: Path, work: Work, shard: tuple[int, int], grader: Grader) -> None:
    """Write the manifest of a shard, before its documents: whoever merges knows what has to be there.

    Raises:
        UsageError: it cannot be written.

    """
    told = hashlib.sha256()
    for piece in work.pieces:
        told.update("\0".join([*piece.key, piece.hand_in.source, ""]).encode("utf-8", "surrogateescape"))
    manifest = Manifest(
        shard=shard[0],
        of=shard[1],
        total=len(work.pieces),
        hand_ins=told.hexdigest(),
        environment=grader.environment(),
        documents=[document_name(piece) for piece in part_of(work, shard)],
        unmatched=work.unmatched,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest.write(folder)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None
