"""Every attack at the best level that this machine has, and a control for each: somewhere it does reach what it is after."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attacks import accidents, escape, exhaustion, forgery, handins, theft
from attacks.canaries import below, kill
from attacks.declare import ATTACKS, EVERYWHERE, Attack
from attacks.stage import CLAIM, HONEST, HOSTILE, Outcome, Stage, available

FAMILY_FILES = (forgery, theft, escape, handins, exhaustion, accidents)
LEVELS = available()
BEST = os.environ.get("GRADMARK_LEVEL") or LEVELS[0]
ROOT = os.geteuid() == 0
"""Some attacks need root for anything at all: without it their controls are left out."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


def reality(attack: Attack, level: str, outcome: Outcome) -> list[str]:
    """What of an attack's declaration does not hold where it is stopped; empty when all was kept."""
    items, notebook, faults = outcome.items, outcome.result.notebook, []
    if outcome.reached:
        faults.append(f"reached {sorted(outcome.reached)}")
    if notebook.status not in attack.ends:
        faults.append(f"its notebook {notebook.status}: {notebook.error}, not {attack.ends}")
    if notebook.status in ("crashed", "timed_out", "unreadable") and not notebook.error:
        faults.append("no sentence says how it ended")
    if outcome.result.needs_person:
        faults.append("it needs a person")
    if attack.honest and any(items[name].score < items[name].max_score for name in HONEST):
        faults.append(f"the honest exercise: {[(items[n].status, items[n].message) for n in HONEST]}")
    if items and items[HOSTILE].score:
        faults.append("points for nothing")
    if attack.says and not re.search(attack.says, outcome.said + outcome.text):
        faults.append(f"it is not said {attack.says!r}: {notebook.error}; {items[HOSTILE].message if items else ''}")
    return faults


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_stopped_where_it_says(stage: Stage, name: str) -> None:
    attack = ATTACKS[name]
    outcome = stage.perform(attack, BEST)
    if BEST in attack.stopped_at:
        faults = reality(attack, BEST, outcome)
        assert not faults, "; ".join(faults)
    elif BEST not in attack.varies and (ROOT or BEST not in attack.without_root):
        assert outcome.reached, f"{outcome.text}\n{outcome.said}"


# ---------------------------------------------------------------------------------------- controls
@pytest.fixture(scope="module")
def fooled(stage: Stage) -> dict[str, dict[str, object]]:
    """What the graders of ``oneprocess`` say to the attacks that claim to beat one, and what those reached."""
    cases = [control(stage, attack) for attack in ATTACKS.values() if attack.fools]
    loud = [case for case in cases if case["fools"] in ("cleaning", "leaving", "unpacking")]
    said: dict[str, dict[str, object]] = {}
    # What changes canaries is run by itself, so that it is known who it was.
    for batch in ([case for case in cases if case not in loud], *([case] for case in loud)):
        processes = below(os.getpid())
        script = [sys.executable, "-I", "-B", str(Path(__file__).parent / "oneprocess.py")]
        run = subprocess.run(
            script, input=json.dumps(batch), capture_output=True, text=True, close_fds=False, check=False
        )
        assert run.returncode == 0, run.stderr
        for name, outcome in json.loads(run.stdout).items():
            seen = stage.canaries.read_in(outcome["printed"]) | set(CLAIM.findall(outcome["printed"]))
            said[name] = {**outcome, "reached": seen}
        if len(batch) == 1:
            left = below(os.getpid()) - processes
            kill(left)
            said[batch[0]["name"]]["reached"] = stage.canaries.alarms() | {f"left process {pid}" for pid in left}
    return said


def control(stage: Stage, attack: Attack) -> dict[str, Any]:
    """An attack as ``oneprocess`` is told it."""
    path = stage.hand_in(attack, stage.aim())
    kept = stage.folder / f"control-{attack.name}{path.suffix}"
    path.rename(kept)
    aim = stage.aim(message=stage.canaries.message) if attack.earlier else stage.aim()
    cells = [f"from types import SimpleNamespace\nAIM = SimpleNamespace(**{aim!r})", *attack.earlier, *attack.cells]
    files = {name: text for name, text in attack.files.items() if attack.fools == "importing"}
    return {"name": attack.name, "fools": attack.fools, "cells": cells, "files": files, "pack": str(kept)}


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.fools])
def test_a_grader_in_one_process_falls_for_it(fooled: dict[str, dict[str, object]], name: str) -> None:
    said = fooled[name]
    match ATTACKS[name].fools:
        case "afterwards":
            assert said["said"] == "", said
        case "leaving" | "output" | "reading" | "unpacking" | "cleaning" | "importing":
            assert said["reached"], said
        case "claimed":
            assert CLAIM.search(str(said["printed"])), said
        case "displayed":
            assert "PASSED" in str(said["printed"])
        case "printed_much":
            assert len(str(said["printed"])) >= 100_000
        case _:
            assert said["said"] == "passed", said


def test_every_attack_is_shown_to_be_a_real_one_somewhere() -> None:
    unproved = [a.name for a in ATTACKS.values() if set(a.stopped_at) >= set(EVERYWHERE) and not (a.fools or a.says)]
    assert unproved == []


def test_the_suite_is_as_large_as_it_says() -> None:
    families = {attack.family for attack in ATTACKS.values()}
    assert len(ATTACKS) >= 50
    assert families == {"forgery", "theft", "escape", "exhaustion", "accidents"}
