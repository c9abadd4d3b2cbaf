"""Which level stops which attack, measured at every level that this machine has, and the table of it that the docs quote.

``GRADMARK_WRITE_LEVELS=1`` writes ``LEVELS.md`` anew, from what was measured, where all levels are to be had.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from attacks.declare import ATTACKS, FAMILIES, Attack
from attacks.stage import Stage, available
from attacks.test_attacks import ROOT
from grader.runtime.isolation import LEVELS

TABLE = Path(__file__).with_name("LEVELS.md")
HEAD = """\
# What each level of isolation stops

{count} hostile submissions, each graded at each level; the table is written by running them as root, and a test holds
it to what it measures. *Stopped*: the attack read, reached and changed nothing beyond its own process and folder, left
nothing behind and earned nothing. *Not*: it did.

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


def measured(stage: Stage, level: str) -> dict[str, frozenset[str]]:
    """What each attack reaches at a level. Those that only read share a kernel."""
    readers = [attack for attack in ATTACKS.values() if attack.together]
    alone = [attack for attack in ATTACKS.values() if not attack.together]
    return stage.perform_together(readers, level) | {a.name: stage.perform(a, level).reached for a in alone}


def stops(attack: Attack, level: str) -> bool:
    """Whether it is to be stopped there, by this user: what needs root is stopped for lack of it."""
    return level in attack.stopped_at or (attack.as_root and not ROOT)


def table(stopped: Mapping[str, Mapping[str, bool]]) -> str:
    """The Markdown of a table: by attack and level, whether it is stopped."""
    lines = [HEAD.format(count=len(ATTACKS), levels=" | ".join(LEVELS), rules="|".join("---" for _ in LEVELS))]
    for family in FAMILIES:
        for attack in sorted((a for a in ATTACKS.values() if a.family == family), key=lambda a: len(a.stopped_at)):
            cells = ["stopped" if stopped[attack.name][level] else "**not**" for level in LEVELS]
            title = attack.title + (" (as root)" if attack.as_root else "")
            lines.append(f"| {family} | {title} | {' | '.join(cells)} | {_real(attack)} |\n")
    totals = [str(sum(of[level] for of in stopped.values())) for level in LEVELS]
    return "".join(lines) + f"| | **stopped, of {len(ATTACKS)}** | {' | '.join(totals)} | |\n"


def _real(attack: Attack) -> str:
    if set(attack.stopped_at) < set(LEVELS):
        return next(level for level in LEVELS if level not in attack.stopped_at)
    return "beats" if attack.fools else "seen"


@pytest.mark.parametrize("level", available())
def test_a_level_stops_what_it_says_and_nothing_else(stage: Stage, level: str) -> None:
    reached = measured(stage, level)
    wrong = {
        name: sorted(reached[name]) or "nothing reached"
        for name, attack in ATTACKS.items()
        if (not reached[name]) != stops(attack, level)
    }
    assert wrong == {}
    if (
        os.environ.get("GRADMARK_WRITE_LEVELS")
        and ROOT
        and level == available()[-1]
        and set(available()) == set(LEVELS)
    ):
        TABLE.write_text(table(declared()))


def declared() -> dict[str, dict[str, bool]]:
    return {name: {level: level in attack.stopped_at for level in LEVELS} for name, attack in ATTACKS.items()}


def test_the_table_that_the_docs_quote_is_current() -> None:
    assert TABLE.read_text() == table(declared()), "run with GRADMARK_WRITE_LEVELS=1, as root"
