"""Which level stops which attack, measured at every level of this machine below the best, and the table that the docs quote.

``GRADMARK_WRITE_LEVELS=1`` writes ``LEVELS.md`` anew, where all levels are to be had.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sampled import ALL

from attacks.declare import ATTACKS, FAMILIES, Attack
from attacks.stage import Stage, available
from attacks.test_attacks import BEST, ROOT
from grader.runtime.isolation import LEVELS

LOWER = [level for level in available() if level != BEST]
TABLE = Path(__file__).with_name("LEVELS.md")
HEAD = """\
# What each level of isolation stops

{count} hostile submissions, each graded at each level; the table is written by running them as root, and a test holds
it to what it measures. *Stopped*: the attack read, reached and changed nothing beyond its own process and folder, left
nothing behind and earned nothing. *Not*: it did. *Varies*: the system's own limits decide, which differ by user and machine.

The last column says how the attack is known to be a real one: by the best level at which it succeeds, else, since every
level stops it, because it *beats* a grader that shares the student's process, or is *seen* in what the result says of it.

| | attack: a submission that | {levels} | shown real |
|---|---|{rules}|---|
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


def stops(attack: Attack, level: str) -> bool:
    """Whether it is to be stopped there, by this user."""
    return level in attack.stopped_at or (level in attack.without_root and not ROOT)


def table() -> str:
    """The Markdown of a table: by attack and level, whether it is stopped."""
    lines = [HEAD.format(count=len(ATTACKS), levels=" | ".join(LEVELS), rules="|".join("---" for _ in LEVELS))]
    for family in FAMILIES:
        for attack in sorted((a for a in ATTACKS.values() if a.family == family), key=lambda a: len(a.stopped_at)):
            cells = [_cell(attack, level) for level in LEVELS]
            title = attack.title + (" (as root)" if attack.without_root else "")
            lines.append(f"| {family} | {title} | {' | '.join(cells)} | {_real(attack)} |\n")
    totals = [str(sum(level in attack.stopped_at for attack in ATTACKS.values())) for level in LEVELS]
    return "".join(lines) + f"| | **stopped, of {len(ATTACKS)}** | {' | '.join(totals)} | |\n"


def _cell(attack: Attack, level: str) -> str:
    return "varies" if level in attack.varies else "stopped" if level in attack.stopped_at else "**not**"


def _real(attack: Attack) -> str:
    if set(attack.stopped_at) < set(LEVELS):
        return next(level for level in LEVELS if level not in (*attack.stopped_at, *attack.varies))
    return "beats" if attack.fools else "seen"


def not_as_declared(attack: Attack, level: str, reached: frozenset[str]) -> str:
    """Say what an attack did at a level against its declaration, if anything; what varies by machine was declared to vary."""
    if level in attack.varies or (not reached) == stops(attack, level):
        return ""
    return f"{attack.name}: {sorted(reached) or 'nothing reached'}"


@pytest.mark.parametrize("level", LOWER)
def test_a_level_keeps_from_reading_what_it_says_and_nothing_else(stage: Stage, level: str) -> None:
    """Attacks that only read share a kernel."""
    reached = stage.perform_together([attack for attack in ATTACKS.values() if attack.together], level)
    assert [wrong for name in reached if (wrong := not_as_declared(ATTACKS[name], level, reached[name]))] == []


def measured_at(attack: Attack) -> list[str]:
    """The levels at which an attack is tried alone: those beside which another one does otherwise, else the weakest.

    Of the levels between, the edges tell. For the table all are tried.
    """
    levels = [BEST, *LOWER]
    edges = [level for above, level in itertools.pairwise(levels) if stops(attack, above) != stops(attack, level)]
    tried = LOWER if ALL or "GRADMARK_WRITE_LEVELS" in os.environ else edges or LOWER[-1:]
    return [level for level in tried if level not in attack.varies]


ALONE = [(level, a.name) for a in ATTACKS.values() if not a.together for level in measured_at(a)]


@pytest.mark.parametrize(("level", "name"), ALONE)
def test_a_level_stops_what_it_says_and_nothing_else(stage: Stage, level: str, name: str) -> None:
    assert not_as_declared(ATTACKS[name], level, stage.perform(ATTACKS[name], level).reached) == ""


def test_the_table_that_the_docs_quote_is_current() -> None:
    """The declarations are held to what is measured above and, for the best level, in ``test_attacks``; so is then the table."""
    if os.environ.get("GRADMARK_WRITE_LEVELS") and ROOT and available() == list(LEVELS):
        TABLE.write_text(table())
    assert TABLE.read_text() == table(), "run with GRADMARK_WRITE_LEVELS=1, as root, where all levels are to be had"
