"""The card of an exercise, which a student sees in a notebook or a terminal after ``check("relu_backward")``.

Values in, a :class:`Card` out. What is told, and in which order, is settled here (:class:`Told`); ``card_html`` and ``card_text``
write it down. Standard library only: it is shipped to students, who have numpy and Jupyter and no engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.report import card_html, card_text
from grader.report.findings import Finding, findings, notes_of
from grader.report.own_lines import own_line
from grader.report.repro import HowCalled, by_name, repro
from grader.report.text import counted, inline
from grader.report.told import Picture, Row, Told
from grader.report.wording import SIGNS, UNANSWERED, WORDS, check_words, note_sentence, tells_more
from grader.result import CheckResult, ItemResult

__all__ = ["Card", "card", "overview"]

_UNSURE = ("raised", "timed_out", "crashed", "skipped", "grader_error", "missing", "not_attempted")
"""Statuses under which a check says nothing of single outputs."""


@dataclass(frozen=True)
class Card:
    """A view of one exercise or of several: ``html`` for a notebook, ``text`` for a terminal. Both are safe to print."""

    html: str
    text: str

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return the card by MIME type, as IPython asks for it."""
        bundle = {"text/html": self.html, "text/plain": self.text}
        kept = set(bundle if include is None else include) - set(exclude or ())
        return {kind: shown for kind, shown in bundle.items() if kind in kept}

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    __repr__ = __str__


def card(
    item: ItemResult,
    *,
    later: int = 0,
    called: HowCalled | None = None,
    right: Sequence[str] = (),
    wrong: Sequence[str] = (),
    pictures: Sequence[Picture] = (),
    note: str = "",
) -> Card:
    """Make the card of an exercise.

    Args:
        item: the result of its public checks.
        later: how many further checks run at grading only.
        called: how its function is called, for the lines that show the fault again (``repro.how_called``); without it they are
            guessed for what is named as a forward or a backward pass, else they hold the inputs alone.
        right: names of outputs that are known to be right, beside those that the checks of single outputs tell.
        wrong: likewise those that are wrong.
        pictures: drawings for below the counterexample.
        note: a sentence on what was checked, such as that the notebook still has an older copy of it.

    """
    told = _told(item, later, called, (right, wrong), pictures)
    told = replace(told, notes=(*told.notes, note)) if note else told
    return Card(card_html.card(told), card_text.card(told))


def overview(title: str, items: Sequence[tuple[ItemResult, int]]) -> Card:
    """Make the card of several exercises: a table with a row for each.

    Args:
        title: what they are, ``layers``.
        items: each with the number of its checks that run at grading only.

    """
    rows = [_row(item, later) for item, later in items]
    passed = sum(item.status == "passed" for item, _ in items)
    more = sum(later for _, later in items)
    said = f"{passed} of {counted(len(items), 'exercise')} passed the public checks{_more(more)}"
    return Card(card_html.overview(inline(title), said, rows), card_text.overview(inline(title), said, rows))


def _told(
    item: ItemResult,
    later: int,
    called: HowCalled | None,
    known: tuple[Sequence[str], Sequence[str]],
    pictures: Sequence[Picture],
) -> Told:
    answered = item.status not in UNANSWERED
    faults = findings(item, check_words) if answered and item.status != "passed" else []
    first = faults[0] if faults else None
    example = first.counterexample if first else None
    function = item.exercise.rpartition(".")[2]
    outputs = [o for o in (_output(check) for check in item.checks) if o]
    if called is None and example is not None:
        # Where no check is of a single output, a backward pass has one.
        called = by_name(function, list(dict.fromkeys(outputs)) or list(example.expected), example.inputs)
    main, more = _said(item, first)
    return Told(
        name=inline(item.exercise, 80),
        sign=SIGNS[item.status],
        verdict=WORDS[item.status],
        status=item.status,
        count=_count(item, later),
        main=main,
        more=more,
        exact=_exact(item, *known, said=f"{main} {more}") if answered else "",
        own=own_line(first.detail) if first else None,
        example=example,
        repro=repro(example, called) if example else "",
        pictures=tuple(pictures),
        also=first.also if first else (),
        detail=first.detail if first else "",
        others=tuple((f, *_lines(f)) for f in faults[1:]),
        checks=tuple((check_words(c), SIGNS[c.status], WORDS[c.status]) for c in item.checks) if answered else (),
        notes=tuple(note_sentence(note) for note in notes_of(item)),
    )


def _said(item: ItemResult, first: Finding | None) -> tuple[str, str]:
    """Return the line that says what is wrong, and a second one with the numbers; each may be empty."""
    if first is not None:
        return _lines(first)
    if item.status in UNANSWERED:
        said = next((check.message for check in item.checks if check.message), item.message)
        return (inline(said.partition("\n")[0], 600) if tells_more(said) or item.status == "missing" else "", "")
    return "", ""


def _lines(finding: Finding) -> tuple[str, str]:
    if finding.diagnosis is None:
        return finding.message, ""
    text = finding.diagnosis.text
    return text, "" if finding.message == text else finding.message


def _row(item: ItemResult, later: int) -> Row:
    answered = item.status not in UNANSWERED
    faults = findings(item, check_words) if answered and item.status != "passed" else []
    said = _said(item, faults[0] if faults else None)[0] if answered or tells_more(item.message) else ""
    notes = [note_sentence(note) for note in notes_of(item)]
    told = said or next(iter(notes), "")
    count = _count(item, later) if answered else ""
    return Row(SIGNS[item.status], inline(item.exercise, 80), WORDS[item.status], item.status, told, count)


def _count(item: ItemResult, later: int) -> str:
    """Return how many public checks passed, and how many run at grading: never that all of an exercise is right."""
    public = [check for check in item.checks if check.visibility == "public"]
    if not public:
        return f"no public checks; {counted(later, 'check')} at grading" if later else "no public checks"
    if item.status in UNANSWERED:
        return f"{counted(len(public), 'public check')}{_more(later)}"
    passed = sum(check.status == "passed" for check in public)
    return f"public checks {passed} of {len(public)} passed{_more(later)}"


def _more(later: int) -> str:
    return f"; {later} more {'runs' if later == 1 else 'run'} at grading" if later else ""


# -------------------------------------------------------------------------------- which outputs are right
def _output(check: CheckResult) -> str:
    """Return the name of the output that a check is of; empty if it is of all."""
    return inline(check.name, 80).partition(":")[2] if check.kind in ("value", "gradient") else ""


def _exact(item: ItemResult, right: Sequence[str], wrong: Sequence[str], *, said: str) -> str:
    """Return the sentence on which outputs are right; empty unless some are known to be right and some to be wrong.

    It is empty too if ``said``, what is told before it, has the same of the same outputs already.
    """
    off = set(map(inline, wrong)) | {_output(c) for c in item.checks if c.status == "wrong"}
    for check in item.checks:
        if check.status == "wrong" and check.counterexample is not None:
            off |= {inline(str(check.counterexample.worst.get("output") or ""))}
            off |= set(map(inline, check.counterexample.expected))
    unsure = {_output(c) for c in item.checks if c.status in _UNSURE}
    fine = [*map(inline, right), *(_output(c) for c in item.checks if c.status == "passed")]
    fine = [name for name in dict.fromkeys(fine) if name and name not in off | unsure]
    if any(c.status == "wrong" and c.kind in ("value", "example") and not _output(c) for c in item.checks):
        # A gradient may fit a function that is wrong itself: right is what was right in the cases that were tried.
        seen = {str(name) for c in item.checks if c.counterexample for name in c.counterexample.reach.get("right", ())}
        fine = [name for name in fine if name in {*map(inline, right), *map(inline, seen)}]
    off -= {""}
    # A check of all outputs that raised leaves open which of them it was.
    if not fine or not off or any(c.status in _UNSURE and not _output(c) for c in item.checks):
        return ""
    are_right = f"{_listed(fine)} {'is' if len(fine) == 1 else 'are'} right"
    if f"{are_right} in every case tried" in said:
        return ""
    return f"{are_right} here, only {_listed(sorted(off))} {'is' if len(off) == 1 else 'are'} wrong."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
