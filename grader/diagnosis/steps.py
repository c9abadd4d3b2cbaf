"""Words for rules that are taken step by step: what is wrong with their state, and at which step their path parts."""

from __future__ import annotations

from grader.judging import Parting, Recognised

__all__ = ["STATE", "parting_words", "state_sentence"]

STATE = {
    "state_not_carried": "with {keys} back at the start before every step: what is carried from one step to the next?",
    "config_not_carried": (
        "with every step after the first one made without a config: what comes back of the settings, and of the state?"
    ),
    "counter_ahead": "with {key} one too large from the first step on: where does it start, and when is it counted up?",
    "counter_behind": "with {key} one too small from the first step on: where does it start, and when is it counted up?",
    "counter_fast": "with {key} growing twice as fast: how often is it counted up in one step?",
    "stale_state": (
        "with every step made from {keys} as of before its gradient came in: in which order are state and parameters updated?"
    ),
    "coupled_setting": (
        "with {key} times the parameters added to the gradient, and so to all that is made of it: what is {key} to act on?"
    ),
    "coupled_setting_twice": "with {key} times the parameters added to the gradient, and acting beside it too: it acts twice",
    "guard_under_root": "with {guard} added under the root: on which side of a root is it to stand?",
    "guard_beside_root": "with {guard} added to the root, and not under it: on which side of a root is it to stand?",
}
"""What is done to the right rule that gives an answer, by the code of the fact."""


def state_sentence(fact: Recognised, name: str) -> str:
    """Word a fact about the state of a rule, whose points are the output ``name``."""
    return f"{name} is what the right rule gives {STATE[fact.code].format(**fact.values)}"


def parting_words(parting: Parting) -> str:
    """Say at which step a path parts from the right one, and up to which it is right."""
    if parting.step == 1:
        return "wrong from the first step on" if parting.stays else "the first step is wrong"
    wrong = f"wrong from step {parting.step} on" if parting.stays else f"wrong at step {parting.step}"
    return f"right up to step {parting.step - 1}, {wrong}"
