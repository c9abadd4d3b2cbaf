"""A batch: a class from its downloads into a gradebook, by the processes of this machine, by shards, or by a cluster."""

from grader.batch.again import AgainSink, pieces_again
from grader.batch.documents import Manifest
from grader.batch.errands import Choice, asking_for
from grader.batch.local import Local, grader_at
from grader.batch.merging import Merged, Shards, merge, read_shards
from grader.batch.outcome import STATES, State
from grader.batch.running import Grader, Summary, run
from grader.batch.shards import begin_shard, part_of
from grader.batch.sinks import BookSink, FolderSink, Sink, WithNotebooks
from grader.batch.work import Asked, Piece, Work, find_work, papers_of, wanted_of

__all__ = [
    "STATES",
    "AgainSink",
    "Asked",
    "BookSink",
    "Choice",
    "FolderSink",
    "Grader",
    "Local",
    "Manifest",
    "Merged",
    "Piece",
    "Shards",
    "Sink",
    "State",
    "Summary",
    "WithNotebooks",
    "Work",
    "asking_for",
    "begin_shard",
    "find_work",
    "grader_at",
    "merge",
    "papers_of",
    "part_of",
    "pieces_again",
    "read_shards",
    "run",
    "wanted_of",
]
