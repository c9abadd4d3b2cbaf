"""The merging of shards: what several machines wrote, each for itself, becomes one gradebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.documents import Document, Manifest, read_document, read_manifests
from grader.batch.outcome import State
from grader.batch.sinks import BookSink, told_of
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.grading import differences, fingerprint

__all__ = ["Merged", "Shards", "merge", "read_shards"]

AT_ONCE = 32


@dataclass(frozen=True)
class Shards:
    """The shards of one run, as far as they are there.

    Args:
        manifests: of each shard one, or several where it was graded in several folders: each may have what another lacks.
        total: the number of hand-ins of the whole run.
        of: the number of shards of the whole run.
        missing: the numbers of the shards that are not there.
        unmatched: lines on the hand-ins that are nobody's.

    """

    manifests: tuple[Manifest, ...]
    total: int
    of: int
    missing: tuple[int, ...]
    unmatched: tuple[str, ...]


@dataclass
class Merged:
    """The account of a merge.

    Args:
        total: the number of hand-ins of the whole run.
        documents: how many were read.
        written: how many attempts were new to the gradebook.
        states: of each hand-in: its student, where it came from, and how it stands.
        absent: by shard the number of documents that are not there yet, or cannot be read.

    """

    total: int
    documents: int = 0
    written: int = 0
    states: list[tuple[str, str, State]] = field(default_factory=list)
    absent: dict[int, int] = field(default_factory=dict)


def read_shards(folders: Sequence[Path]) -> Shards:
    """Read the manifests of folders, and check that they are of one run.

    Raises:
        UsageError: there is none in a folder, or they are of different runs; the message names two of them and what differs.

    """
    manifests: list[Manifest] = []
    for folder in folders:
        try:
            found = read_manifests(folder)
        except (OSError, ValueError) as error:
            raise UsageError(f"cannot read {folder}: {error}") from None
        if not found:
            raise UsageError(f"{folder} holds no shard: name the folders that batch --shard I/N --out DIR wrote")
        for manifest in found:
            _check_alike(manifests[0] if manifests else manifest, manifest)
            manifests.append(manifest)
    one = manifests[0]
    there = {manifest.shard for manifest in manifests}
    missing = tuple(number for number in range(1, one.of + 1) if number not in there)
    in_order = tuple(sorted(manifests, key=lambda manifest: manifest.shard))
    return Shards(in_order, one.total, one.of, missing, tuple(one.unmatched))


def _check_alike(one: Manifest, other: Manifest) -> None:
    """Refuse shards that do not go together.

    Raises:
        UsageError: they were graded under other settings, or are parts of another class.

    """
    where = f"{one.path} and {other.path} are not of one run"
    differ = differences(one.environment, other.environment)
    if differ:
        raise UsageError(f"{where}: {'; '.join(differ)}. Grade all shards with one installation and the same options")
    if one.of != other.of:
        raise UsageError(f"{where}: the one is of {one.of} shards, the other of {other.of}")
    if (one.total, one.hand_ins) != (other.total, other.hand_ins):
        raise UsageError(
            f"{where}: the hand-ins are not the same ({one.total} and {other.total}): give all shards the same paths"
        )


def merge(shards: Shards, book: Gradebook, by: str, told: Callable[[Merged], None] = lambda _: None) -> Merged:
    """Write what shards hold into a gradebook, in small transactions; what is there already is not written again.

    Args:
        shards: of one run.
        book: the gradebook, open.
        by: who, for the trail.
        told: called with the account so far after each transaction.

    Raises:
        UsageError: the gradebook cannot be written to.

    """
    merged = Merged(shards.total)
    held: list[_Read] = []
    for manifest, read in _documents(shards):
        if read is None:
            merged.absent[manifest.shard] = merged.absent.get(manifest.shard, 0) + 1
            continue
        held.append(read)
        if len(held) == AT_ONCE:
            _write(held, merged, book, by)
            held = []
            told(merged)
    _write(held, merged, book, by)
    told(merged)
    return merged


_Read = tuple[Document, tuple[Attempt, ...], dict[str, str]]


def _documents(shards: Shards) -> Iterator[tuple[Manifest, _Read | None]]:
    """Yield what each shard has to hold; None where it is not there, or cannot be read, or is of another run."""
    shard: dict[int, list[Manifest]] = {}
    for manifest in shards.manifests:
        shard.setdefault(manifest.shard, []).append(manifest)
    for alike in shard.values():
        for name in alike[0].documents:
            found = (read for manifest in alike if (read := _read(manifest, name)) is not None)
            yield alike[0], next(found, None)


def _read(manifest: Manifest, name: str) -> _Read | None:
    """Read a document of a shard; None as :func:`_documents` has it."""
    # A name is joined to the folder and must not lead out of it.
    document = read_document(manifest.path.parent / Path(name).name)
    if document is None or not document.attempts or not _of_run(document, manifest):
        return None
    with suppress(ValueError):
        return (document, *document.read())
    return None


def _of_run(document: Document, manifest: Manifest) -> bool:
    """Return False for what an earlier run left in the folder, of other options or other exercises, until this one comes to it."""
    parts = document.parts
    asked = parts is None or not parts.isdisjoint(manifest.exercises)
    return document.fingerprint == fingerprint(manifest.environment) and asked


def _write(documents: Sequence[_Read], merged: Merged, book: Gradebook, by: str) -> None:
    if not documents:
        return
    sink, kept = BookSink(book, by), dict[str, str]()
    found: list[tuple[Attempt, str, str]] = []
    states: list[tuple[str, str, State]] = []
    for document, attempts, entries in documents:
        kept |= entries
        stands = told_of(document.state, document.parts)
        found += [(attempt, stands, document.fingerprint) for attempt in attempts]
        states.append((attempts[0].student, attempts[0].source, document.state))
    book.keep(kept)
    merged.written += sink.record(found)
    sink.note((document.done, document.state, document.parts, attempts) for document, attempts, _ in documents)
    merged.documents += len(documents)
    merged.states += states
