"""Words for where along named axes an answer is wrong, how its numbers were moved there, and which invariant it breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.judging import Recognised

__all__ = ["ALONG", "MOVED", "along_sentence", "invariant_sentence", "moved_sentence"]

ALONG = {
    "only_at_first": "every wrong entry of {name} lies at the first {axis}: at all others it is right",
    "only_at_last": "every wrong entry of {name} lies at the last {axis}: at all others it is right",
    "right_at_last": "{name} is right at the last {axis} in every case tried: what is wrong lies before it{carried}",
    "right_at_first": "{name} is right at the first {axis} in every case tried: what is wrong lies after it{carried}",
    "right_up_to": (
        "{name} is right in its first {number} along the axis {axis} in every case tried: what is wrong lies behind them{carried}"
    ),
    "right_in_the_last": (
        "{name} is right in its last {number} along the axis {axis} in every case tried: what is wrong lies before them{carried}"
    ),
    "only_blocks_wrong": "every wrong entry of {name} lies in the {blocks} {axis}: every other {axis} of it is right",
    "only_block_right": "{name} is right in the {blocks} {axis} alone: every other {axis} of it is wrong",
    "only_border_wrong": "every wrong entry of {name} lies at the border of {axes}: inside it is right",
    "only_border_right": "every wrong entry of {name} lies inside the border of {axes}: at the border it is right",
    "made_of_one_part": (
        "the {what} of {name} are combinations of {input} at the {end} {axis} alone, where there are more: how do the parts of all "
        "come together?"
    ),
    "made_of_one_input": (
        "the {what} of {name} are combinations of the rows of {input} alone, unlike the right ones: what else is added up there?"
    ),
}
"""Places along named axes, and sums of which one part is left, by code."""
CARRIED = {
    ("right_at_last", "back"): ". At the last {axis} nothing comes back from a later one: what does in those before?",
    ("right_at_first", "on"): ". At the first {axis} nothing comes from an earlier one: what does in those after it?",
    ("right_in_the_last", "back"): ". What comes back to one {axis} from those after it?",
    ("right_up_to", "on"): ". What comes to one {axis} from those before it?",
}
"""What follows of a place along a sequence, by code and by the way in which something is carried."""
MOVED = {
    "blocks_in_other_order": "{name} holds the right numbers, each {axis} in one piece, in another order: {stands}",
    "block_in_anothers_place": "in {name} one {axis} stands in the place of another: {stands}",
    "flipped_along": "{name} is the right answer in the opposite order along {axes}: from which end does each index count?",
    "one_late": "{name} is one {axis} late: each entry, the first aside, is the right one of the {axis} before it",
    "one_early": "{name} is one {axis} early: each entry, the last aside, is the right one of the {axis} after it",
    "summed_up_along": "each {axis} of {name} is the sum of the right ones up to it: is something added up once too often?",
    "summed_back_along": "each {axis} of {name} is the sum of the right ones from it on: is something added up once too often?",
    "not_summed_up_along": "summed up along the axis {axis} from the first on, {name} would be right: what is carried on?",
    "not_summed_back_along": "summed up along the axis {axis} from the last back, {name} would be right: what is carried back?",
    "averaged_along": "each {axis} of {name} is the mean of the right ones along the axis {axis}",
    "dealt_out": (
        "the numbers of {name} are dealt out to {axis} and {other} in the wrong way: what lies side by side in one {axis} is "
        "counted through in turn, or the reverse"
    ),
    "axes_in_other_order": "{name} has its axes in the order ({order}), where ({axes}) is asked",
    "only_reshaped": (
        "{name} holds the right numbers in other places: those of the right array with its axes ({axes}) put in the order "
        "({order}), read row by row. A reshape takes the numbers as they lie in memory: it exchanges no axes"
    ),
}
"""What was done to the right numbers along named axes, by code."""


def along_sentence(fact: Recognised, name: str) -> str:
    """Word in which place along a named axis the output ``name`` is wrong."""
    values = _worded({**fact.values, "name": name})
    carried = CARRIED.get((fact.code, values.get("carried", "")), "")
    return ALONG[fact.code].format(**{**values, "carried": carried.format(**values)})


def moved_sentence(fact: Recognised, name: str) -> str:
    """Word how the right numbers were moved along named axes."""
    return MOVED[fact.code].format(**_worded({**fact.values, "name": name}))


def invariant_sentence(fact: Recognised, _: str) -> str:
    """Say which invariant an answer breaks, and which others it keeps."""
    text, kept = str(fact.values["text"]), tuple(fact.values["kept"])
    return f"{text} What does hold of yours: {'; '.join(kept)}." if kept else text


def _worded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Put tuples of names into words; any other value stays."""
    worded = dict(values)
    if isinstance(axes := values.get("axes"), tuple):
        worded["axes"] = ", ".join(axes) if "order" in values else " and ".join(axes)
    if isinstance(order := values.get("order"), tuple):
        worded["order"] = ", ".join(order)
    if isinstance(stands := values.get("stands"), tuple):
        worded["stands"] = _standing(stands, str(values["axis"]))
    if isinstance(blocks := values.get("blocks"), tuple):
        worded["blocks"] = " and the ".join(blocks)
    return worded


def _standing(stands: Sequence[tuple[str, str]], axis: str) -> str:
    """Say which block stands where which belongs."""
    return ", ".join(f"where the {place} {axis} belongs stands the {other} {axis}" for place, other in stands)
