"""The words of ``gradmark batch``: what was found, how far it is and how long it will take, and how the class stands at the end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.cli.terminal import echo, say

if TYPE_CHECKING:
    from grader.batch import Merged, Shards, State, Summary, Work

__all__ = ["Said", "exit_code", "line_of", "tell_merged"]

EVERY_SECONDS = 5.0
"""Seconds between two lines of progress where stderr is no terminal."""
MOST_LISTED = 20
WORDS: Mapping[State, str] = {
    "graded": "graded",
    "partly": "graded in part: something is missing or cannot be read, ran out of time, or ended the process",
    "not_gradable": "could not be graded",
    "needs_person": "needs a person: the grader failed",
}
SHORT: Mapping[State, str] = {
    "graded": "graded",
    "partly": "graded in part",
    "not_gradable": "not gradable",
    "needs_person": "need a person",
}


class Said:
    """The voice of a batch: of what it does on stderr, the summary on stdout."""

    def __init__(self, work: Work, *, quiet: bool) -> None:
        self.work, self.quiet = work, quiet
        self.summary: Summary | None = None
        self._began = self._last = time.monotonic()
        if not quiet:
            for line in _shortened(work.told):
                say(line)

    @contextmanager
    def progress(self) -> Iterator[Callable[[Summary], None]]:
        """Yield what is told of each progress: a bar on a terminal, else a line now and then."""
        if self.quiet or not sys.stderr.isatty():
            yield self._line
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}"),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("grading", total=None, counts="")

            def told(summary: Summary) -> None:
                self.summary = summary
                bar.update(task, total=summary.total, completed=summary.done, counts=counts(summary))

            yield told

    def _line(self, summary: Summary) -> None:
        first, self.summary = self.summary is None, summary
        now = time.monotonic()
        if self.quiet or now - self._last < EVERY_SECONDS:
            return
        self._last = now
        say(line_of(summary, now - self._began, first=first))

    def close(self) -> None:
        """Say how the class stands: all of it, or as far as it came."""
        summary = self.summary
        if summary is None:
            return
        if not self.quiet:
            echo(closing_of(summary))
        _tell(summary.stopped, self.work.unmatched)

    @property
    def states(self) -> Mapping[State, int]:
        """Return how many hand-ins stand how, so far."""
        return self.summary.states if self.summary is not None else {}


def tell_merged(merged: Merged, shards: Shards, *, quiet: bool) -> None:
    """Say what was merged, and what is missing."""
    if not quiet:
        states = Counter(state for _, _, state in merged.states)
        known = f"{merged.documents} of {merged.total} hand-ins: {_counted(states)}"
        echo(f"{known}; {merged.written} were new to the gradebook")
    if shards.missing:
        numbers = ", ".join(map(str, shards.missing[:MOST_LISTED]))
        more = f" and {len(shards.missing) - MOST_LISTED} more" if len(shards.missing) > MOST_LISTED else ""
        one = f"{shards.missing[0]}/{shards.of}"
        echo(
            f"of {shards.of} shards these are missing: {numbers}{more}; grade each with gradmark batch --shard {one} --out DIR"
        )
    for number, count in merged.absent.items():
        echo(f"shard {number}/{shards.of} is not whole: {count} of its documents are missing; run it again")
    _tell([told for told in merged.states if told[2] != "graded"], shards.unmatched)


def _tell(stopped: Sequence[tuple[str, str, State]], unmatched: Sequence[str]) -> None:
    """Name what somebody has to look at."""
    from grader.report import inline

    told = [f"{inline(who)}: {WORDS[state]} ({inline(source)})" for who, source, state in sorted(stopped)]
    for line in _shortened(told):
        echo(line)
    for line in _shortened(unmatched):
        echo(f"nobody's: {inline(line)}")


def line_of(summary: Summary, seconds: float, *, first: bool = False) -> str:
    """Return a line of progress: how many, how they stand, how long it will take."""
    left = summary.total - summary.done
    time_left = (
        f", about {spoken(seconds / summary.graded * left)} left" if summary.graded and left and not first else ""
    )
    return f"{summary.done} of {summary.total}: {counts(summary)}{time_left}"


def counts(summary: Summary) -> str:
    """Return how those that are done stand."""
    return _counted(summary.states)


def _counted(states: Mapping[State, int]) -> str:
    told = [f"{states[state]} {words}" for state, words in SHORT.items() if states.get(state)]
    return ", ".join(told) or "nothing so far"


def closing_of(summary: Summary) -> str:
    """Return the closing summary."""
    before = f", {summary.unchanged} of them before" if summary.unchanged else ""
    now = f"; {summary.exercises} exercises were graded now" if summary.graded else "; nothing was graded now"
    short = f", {summary.total - summary.done} are left" if summary.done < summary.total else ""
    return f"{summary.done} of {summary.total} hand-ins: {counts(summary)}{before}{now}{short}"


def spoken(seconds: float) -> str:
    """Return a time as people say it, to two digits at most."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def exit_code(states: Mapping[State, int], unmatched: Sequence[str]) -> int:
    """Return 4 if something needs a person, 3 if something could not be graded or is nobody's, else 0."""
    if states.get("needs_person"):
        return 4
    return 3 if states.get("not_gradable") or unmatched else 0


def _shortened(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LISTED
    return [*lines[:MOST_LISTED], *([f"and {more} more"] if more > 0 else [])]
