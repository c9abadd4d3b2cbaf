"""The words of the reports for statuses, policies and notebooks, addressed to the author of a submission.

A status has a sign as well as a word, so that nothing rests on colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from grader.report.findings import notes_of
from grader.report.text import clean, counted, inline
from grader.result import CheckResult, ItemResult, NotebookResult, Result
from grader.statuses import ItemStatus

__all__ = [
    "SIGNS",
    "UNANSWERED",
    "WORDS",
    "check_words",
    "for_graders",
    "headline",
    "note_sentence",
    "notebook_sentence",
    "notebook_word",
    "remark",
    "tells_more",
    "unanswered",
]

WORDS: dict[ItemStatus, str] = {
    "passed": "passed",
    "partial": "partly right",
    "wrong": "wrong",
    "raised": "raised an error",
    "timed_out": "ran out of time",
    "crashed": "crashed",
    "missing": "missing",
    "not_attempted": "not attempted",
    "skipped": "not judged",
    "grader_error": "needs a person",
}
SIGNS: dict[ItemStatus, str] = {
    "passed": "✓",
    "partial": "◐",
    "wrong": "✗",
    "raised": "✗",
    "timed_out": "✗",
    "crashed": "✗",
    "missing": "∅",
    "not_attempted": "·",
    "skipped": "–",
    "grader_error": "?",
}
UNANSWERED: tuple[ItemStatus, ...] = ("not_attempted", "missing", "skipped")
"""The statuses of exercises to which nothing was handed in that could be judged, in the order of the reports."""
_SAID_BY_THE_STATUS = ("not attempted", "there is no function ")
"""How messages begin that say of such an exercise no more than its status does."""
_NOTES = {
    "mutation": "Right, but it changes its arguments in place: a caller who still needs them is in for a surprise.",
    "subgradient": "At a kink any value between the two slopes is accepted; yours differs from the model answer's.",
    "follow_through": "Right for your own forward pass. The fault is in the forward pass and is not counted twice.",
    "precision": "Right, but it loses digits in the tails, where a stabler formula keeps them.",
    "list_for_array": "A list came back where an array was asked for; it was read as one.",
    "row_vector": "A (1, D) array came back where (D,) was asked for; it was read as one.",
    "scalar_shape": "An array with one entry came back where a number was asked for; it was read as one.",
    "integer_dtype": "Integers came back where float64 was asked for; they were read as such.",
    "epsilon_hat": "Adam in its faster order, whose ε stands beside another root than the textbook's; it was accepted.",
    "follows_own_forward": "It seems to fit your own forward pass, wrong in a way unknown here: a person says if it counts.",
    "nothing_attempted": "Nothing was attempted: every function is as it was handed out, or is not there.",
    "guard_epsilon": "A small constant that is not in the formula guards a division or a logarithm; it was accepted.",
}
_CHECKS = {
    "contract": "shapes and types, and the same answer twice",
    "example": "the worked examples",
    "value": "the values",
    "gradient": "the slope of your own forward pass",
    "source": "no loop in its source",
}
_CHECKS_OF = {
    "value": "the values of {}",
    "gradient": "{} against the slope of your own forward pass",
}
_LAWS = {
    "linear": "linear in dout",
    "shift": "what adding a constant to every entry does",
    "simplex": "every row adds up to 1",
    "balance": "each row of the gradient adds up to 0",
    "centred": "each column of out has the mean beta",
}
_NOTEBOOK_WORDS = {
    "ok": "ok",
    "failed": "failed",
    "timed_out": "timed out",
    "crashed": "crashed",
    "unreadable": "unreadable",
    "absent": "none",
    "incomplete": "incomplete",
}


def note_sentence(note: str) -> str:
    """Return the sentence that explains a policy to a student; a note without a sentence stands for itself."""
    return _NOTES.get(note, inline(note).replace("_", " "))


def check_words(check: CheckResult) -> str:
    """Return what a check looks at, in plain words: ``the slope of your own forward pass`` for ``gradient``."""
    _, _, of = inline(check.name, 80).partition(":")
    if check.kind == "law":
        return _LAWS.get(of, of.replace("_", " ") or "a law that it must obey")
    form = _CHECKS_OF.get(check.kind)
    return form.format(of) if of and form else _CHECKS[check.kind]


def remark(note: str) -> str:
    """Return a note on a submission as a sentence: that of its policy, or its own text."""
    return _NOTES.get(note, inline(note))


def unanswered(items: Iterable[ItemResult]) -> dict[str, list[str]]:
    """Return why exercises could not be judged, where more is known than their status: clean texts, with the short names."""
    why: dict[str, list[str]] = {}
    for item in items:
        said = next((check.message for check in item.checks if check.message), item.message)
        if tells_more(said):
            why.setdefault(clean(said), []).append(inline(item.exercise.rpartition(".")[2], 60))
    return why


def tells_more(message: str) -> bool:
    """Return whether the message of an exercise that was not answered says more than its status does."""
    return bool(message) and not message.startswith(_SAID_BY_THE_STATUS)


def notebook_word(notebook: NotebookResult) -> str:
    """Return the notebook's status in a word or two, with the cell at fault: for tables."""
    if notebook.cell is not None and notebook.status != "ok":
        return f"cell {notebook.cell} {_NOTEBOOK_WORDS[notebook.status]}"
    return _NOTEBOOK_WORDS[notebook.status]


def notebook_sentence(notebook: NotebookResult) -> str:
    """Return a sentence on the run of the notebook as a whole."""
    error = f": {inline(notebook.error)}" if notebook.error else ""
    cell = f"Cell {notebook.cell}" if notebook.cell is not None else "The notebook"
    match notebook.status:
        case "ok":
            return "The notebook ran from top to bottom."
        case "failed":
            return f"{cell} failed{error}. The cells after it were run all the same."
        case "timed_out":
            return f"{cell} ran out of time{error}."
        case "crashed":
            return f"{cell} crashed{error}."
        case "unreadable":
            return f"This submission could not be read{error}."
        case "absent":
            return f"There was no notebook to run{error}."
        case "incomplete":
            return f"This submission is not whole{error}."


def headline(result: Result) -> str:
    """Return one line on the faults of a submission, or on its notes; empty if it has neither."""
    if not result.graded and not result.needs_person:
        return inline(result.notebook.error or "nothing in it could be judged")
    statuses = Counter(item.status for item in result.items)
    said = []
    if result.needs_person:
        broken = statuses["grader_error"]
        where = f" on {counted(broken, 'exercise')}" if broken else ""
        said.append(f"needs a person: the grader failed{where}")
    order: tuple[ItemStatus, ...] = ("crashed", "timed_out", "raised", "wrong", "partial", "missing", "not_attempted")
    said += [f"{statuses[status]} {WORDS[status]}" for status in order if statuses[status]]
    first = next((_about(item) for item in result.items if _about(item)), "")
    if first and not result.needs_person:
        said.append(first)
    if not said and any(notes_of(item) for item in result.items):
        said.append(f"notes on {counted(sum(bool(notes_of(item)) for item in result.items), 'exercise')}")
    return inline(" · ".join(said))


def _about(item: ItemResult) -> str:
    """Return an exercise's message, opened by its short name; empty if it passed, was not judged, or has no message."""
    if item.status in ("passed", "not_attempted", "missing", "skipped") or not item.message:
        return ""
    name = inline(item.exercise.rpartition(".")[2], 60)
    message = inline(item.message, 120)
    return message if message.startswith(name) else f"{name}: {message}"


def for_graders(fits: str) -> str:
    """Return the sentence on whose variant an answer is right for. It names other students: no student may read it."""
    return f"For graders: {inline(fits)}"
