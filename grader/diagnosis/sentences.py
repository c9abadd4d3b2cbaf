"""Sentences for what was recognised in a wrong answer: symptom and concept, never the fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.diagnosis.placed import along_sentence, invariant_sentence, moved_sentence
from grader.diagnosis.steps import state_sentence
from grader.judging import Recognised

__all__ = ["sentence"]

SENTENCES = {
    "swapped_outputs": "in the place of {name} stands {other}: in which order are they asked for?",
    "transposed": "{name} is the transpose of what it must be: follow which index is the example's",
    "extra_axis": "{name} has the right numbers and an axis of length 1 too many: its shape is {got}, {right} is asked",
    "lost_axis": "{name} has the right numbers and lacks an axis of length 1: its shape is {got}, {right} is asked",
    "whole_matrix": "{name} is a whole matrix, whose diagonal alone is asked",
    "diagonal_alone": "{name} is the diagonal of the matrix that is asked, without the rest",
    "not_summed": "{name} is an array, whose sum would be right: one number is asked",
    "not_averaged": "{name} is an array, whose mean would be right: one number is asked",
    "not_reduced": "{name} still has an axis too many: it is one value for each of {axis}, where their total is asked",
    "over_reduced": "{name} was summed over an axis that must stay: one entry for each is asked",
    "reshaped": "{name} has the right numbers in another shape, {got} for {right}",
    "undefined_at_ties": "{name} is not finite where entries are 0 or tie: what is 0/0 there?",
    "overflow": (
        "{name} is right for ordinary inputs and not finite for large ones: an exponential overflows, or underflows to 0 "
        "under a logarithm or a division. Which equal expression never leaves the range of floats?"
    ),
    "wrong_shape": "the shape of {name} is {got}, where {right} is asked",
    "later_steps": "{name} is right for the first {count} steps and wrong from then on: what is kept from one step to the next?",
    "not_finite_from_step": "{name} is not finite from step {step} on: what is divided by 0 there, or overflows?",
    "first_step": "{name} is right after the first step and wrong after the second: what is kept from one to the next?",
    "zero": "{name} is 0 everywhere, whatever the input",
    "constant_factor": "{name} is {constant:.10g} times the right answer, on every case",
    "only_at_ties": "{name} is wrong only where entries tie, or lie exactly on a kink",
    "only_single_row": "{name} is right where its first axis has length 1, and in general not elsewhere",
    "large_only": "{name} is right for ordinary inputs and wrong for large ones",
    "not_finite_for_large": "{name} is right for ordinary inputs and, for large ones, not finite or wrong",
    "dtype": "{name} went through single precision (float32) on its way: it holds only 7 digits",
    "numeric": (
        "{name} agrees with the right answer to about {digits} digits, and not to rounding: a finite difference, an epsilon "
        "that is not in the formula, an approximation, or rounded numbers?"
    ),
    "ignores_upstream": (
        "{name} stays the same in every case tried in which {above} alone {was} changed: where does the chain rule come in?"
    ),
    "nonlinear_upstream": "{name} does not double when {above} {double}: a backward pass is linear in {above}",
}
"""By code; the values of the fact are filled in."""
ONE_UPSTREAM = {"above": "dout", "was": "was", "double": "doubles"}
AXES = {"examples": "the examples of the batch", "last": "the last axis"}
SIZES = {
    "N": "N, the length of the first axis of {of}",
    "D": "the length of the last axis of {of}",
    "ND": "the number of all entries",
}
FACTORS = {
    "sign": "with the opposite sign",
    "factor_2": "times 2",
    "factor_half": "divided by 2",
    **{f"times_{key}": f"times {size}" for key, size in SIZES.items()},
    **{f"over_{key}": f"divided by {size}" for key, size in SIZES.items()},
    **{f"times_2_over_{key}": f"times 2 and divided by {size}" for key, size in SIZES.items()},
    **{f"half_{key}": f"times half of {size}" for key, size in SIZES.items()},
    **{f"times_root_{key}": f"times the root of {size}" for key, size in SIZES.items()},
    **{f"over_root_{key}": f"divided by the root of {size}" for key, size in SIZES.items()},
    "times_size": "times {size}",
    "over_size": "divided by {size}",
    "times_root_size": "times the root of {size}",
    "over_root_size": "divided by the root of {size}",
    "size_for_one_less": "times (n − 1)/n, with n {size}",
    "one_less_for_size": "times n/(n − 1), with n {size}",
}
"""Constant factors by the code of the fact."""
TERMS = {
    "missing": "{name} lacks a factor: times {factor}, entry by entry, it would be right on every case",
    "extra": "{name} is the right answer once more times {factor}, entry by entry",
}
SLIPS = {
    "flipped_sign": "one sign is flipped: somewhere a term is added that is to be taken away, or the other way",
    "dropped_term": "one term of a sum is missing",
    "dropped_factor": "one factor is missing",
    "inverted_factor": "one factor is on the wrong side of a fraction line",
    "changed_constant": "one constant of the formula is off",
    "changed_power": "one exponent is off, or a factor of a power is missing",
    "reversed_comparison": "one comparison points the other way, or stops one short",
    "wrong_axis": "one sum, mean or maximum runs along the wrong axis",
    "whole_array": "one sum, mean or maximum runs over the whole array, and not along one axis",
    "product_for_power": "a product stands where a power is asked",
    "wrong_reduction": "one reduction is of the wrong kind: a sum for a mean, a maximum for a minimum, or the like",
    "dropped_function": "one function is missing from the formula, or was taken where another was asked",
    "matrix_order": "two factors of a matrix product are the wrong way round, or one is transposed by mistake, or by mistake not",
    "missing_transpose": "one matrix is transposed that should not be, or the other way",
    "swapped_operands": "two operands of one operation are the wrong way round",
    "wrong_variable": "one variable stands where another belongs",
}
"""Mutants by the kind of slip, as the end of a sentence."""
INPUTS = {
    "inputs_exchanged": "{input} and {other} exchanged",
    "settings_exchanged": "{input} and {other} of the config exchanged",
    "input_fixed": "{input} = {fixed:g}, whatever {input} is",
    "setting_fixed": "{input} = {fixed:g}, whatever the config says",
    "setting_default": "{input} = {fixed:g} as the default, where the config does not give it",
    "input_clipped": "{input} cut off at ±{bound:g}",
    "params_exchanged": "{input} and {other} of {of} exchanged",
    "param_for": "{other} in the place of {input} of {of}",
    "param_fixed": "{input} = {fixed:g}, whatever {of} says",
    "abs": "the absolute value of {input}",
    "negated": "−{input}",
    "whole": "{input} cut to whole numbers",
    "rounded": "{input} rounded to whole numbers",
    "rounded_1": "{input} rounded to one decimal",
    "rounded_2": "{input} rounded to two decimals",
    "positive_part": "max({input}, 0)",
    "sign": "the sign of {input}",
    "doubled": "2·{input}",
    "halved": "{input}/2",
    "squared": "the square of {input}",
    "root": "the root of {input}",
    "one_minus": "1 − {input}",
    "inverse": "1/{input}",
    "less_its_mean": "{input} minus the mean of all its entries",
    "less_mean_of_batch": "{input} minus its mean along the first axis",
    "less_mean_of_row": "{input} minus its mean along the last axis",
    "less_its_largest": "{input} minus its largest entry",
    "over_its_norm": "{input} divided by its norm",
    "over_norm_of_row": "{input} with each row divided by its norm",
    "over_its_largest": "{input} divided by its largest entry in size",
    "over_first_length": "{input} divided by the length of its first axis",
    "mean_of_batch": "{input} with each row replaced by the mean of all rows",
    "transposed": "{input} transposed, where it is square",
    "column_major": "{input} flattened in another order of its axes",
    "reversed": "{input} in the opposite order along its last axis",
    "reversed_rows": "{input} in the opposite order along its first axis",
    "only_last_row": "the last row of {input} alone, the others 0",
    "only_first_row": "the first row of {input} alone, the others 0",
    "without_last_row": "{input} without its last row, as if that were 0",
    "without_first_row": "{input} without its first row, as if that were 0",
    "without_last": "{input} without its last entries along the last axis, as if these were 0",
    "without_first": "{input} without its first entries along the last axis, as if these were 0",
    "zeroed": "{input} = 0 everywhere",
    "ones": "{input} = 1 everywhere",
    "turned": "{input} with both of its last two axes in the opposite order",
    "reversed_second": "{input} in the opposite order along its second axis",
    "late": "{input} one place later along its second axis, behind a 0",
    "only_last_of_second": "the last entry of {input} along its second axis alone, the others 0",
    "without_last_of_second": "{input} without its last entry along its second axis, as if that were 0",
    "one_more": "{input} + 1",
    "one_less": "{input} − 1",
    "one_less_from_one": "{input} − 1, but at least 1",
    "two_less": "{input} − 2",
    "sorted": "{input} sorted",
}
"""Other inputs for which an answer is right, by the code of the fact or its end, after the words "the right answer for"."""
ANSWERS = {
    "abs": "without its sign",
    "whole": "cut to whole numbers",
    "floor": "rounded down to whole numbers",
    "ceil": "rounded up to whole numbers",
    "rounded": "rounded to whole numbers",
    "positive_part": "with 0 where it is negative",
    "sign": "of which the sign alone is left",
    "squared": "squared",
    "root": "under a root",
    "inverse": "turned over: 1 divided by it",
    "one_minus": "taken from 1",
    "exp": "put through an exponential",
    "log": "put through a logarithm",
    "reversed": "in the opposite order along the last axis",
    "reversed_rows": "in the opposite order along the first axis",
    "sorted": "sorted along the last axis",
    "over_its_largest": "divided by its largest entry",
    "over_its_sum": "divided by the sum of its entries",
    "over_its_norm": "divided by its norm",
    "less_its_mean": "minus the mean of its entries",
    "mean_of_all": "with each entry replaced by the mean of all",
    "running_sum": "summed up along the last axis, entry by entry",
    "running_sum_rows": "summed up along the first axis, row by row",
    "diagonal": "with 0 off the diagonal",
    **{f"rounded_{k}": f"rounded to {k} decimals" for k in (1, 2, 3, 4, 6)},
}
"""What was done to a right answer, after the words "the right answer"."""
DONE = {
    "answer_within": "{name} is the right answer kept between {bound:g} and 1 − {bound:g}",
    "answer_at_least": "{name} is the right answer kept at {bound:g} or more",
    "answer_is_input": "{name} is {input} as it was given",
    "step_length": "{name} lies {constant:.6g} times as far from {input} as it must",
    "offset": "{name} is the right answer and {constant:.6g} more, on every case",
}
PLACES = {
    "last_row": "in the last row",
    "first_row": "in the first row",
    "last": "in the last entries along the last axis",
    "first": "in the first entries along the last axis",
    "diagonal": "on the diagonal",
    "off_diagonal": "off the diagonal",
    "below_diagonal": "below the diagonal",
    "above_diagonal": "above the diagonal",
}
ENTRIES = {
    "above": "wrong in every entry where {input} is {from:.4g} or more, and right up to {to:.4g}",
    "below": "wrong in every entry where {input} is {from:.4g} or less, and right from {to:.4g} on",
    "between": "wrong in every entry where {input} lies between {from:.4g} and {to:.4g}, and right in all others that were tried",
    "outside": "right where {input} lies between {from:.4g} and {to:.4g}, and wrong in every entry beyond",
}
"""Ranges of an input in which entries are wrong: as far as they were tried."""
CONDITIONS = {
    "axes": "{input} has {number} axes",
    "axes_not_two": "{input} has not two axes",
    "many_axes": "{input} has more than two axes",
    "axes_above_one": "{input} has more than one axis",
    "one_row": "the first axis of {input} has length 1",
    "square": "the first two axes of {input} are of one length",
    "not_square": "the first two axes of {input} differ in length",
    "negative": "{input} has negative entries",
    "zero_entry": "{input} has an entry that is 0",
    "below_one": "{input} has an entry between −1 and 1",
    "definite": "{input} is positive definite",
    "indefinite": "{input} is not positive definite",
    "unsigned": "{input} has an unsigned dtype",
    "last_class_missing": "the last class is not among the labels {input}",
    "equal_labels": "two of {input} are equal",
    "is_zero": "{input} is 0",
    "above": "{input} is larger than {other}",
    "not_below": "{input} is {other} or more",
    "equal": "{input} is {other}",
    "multiple": "{input} is a multiple of {other}",
    "says": "{key} of {input} is {word}",
    "holds": "{input} holds {key}",
    "lacks": "{input} holds no {key}",
    "no_config": "no settings are given",
    "config_none": "the config is None",
    "config_omitted": "it is called without a config",
    "config_empty": "the config is empty",
    "config_given": "the config holds settings",
}
MEASURES = {
    "length": "the first axis of {input} has length",
    "last_length": "the last axis of {input} has length",
    "largest_size": "the largest entry of {input} in size is",
    "number": "{input} is",
}
KEPT = "the same arguments gave another answer later: something is kept between calls, or drawn at random"
DEPENDENCE = {
    "ignores_input": "{name} stays the same, to the last digit, in every case tried in which {input} alone was changed",
    "mixes_rows": (
        "when the {end} row of {input} changes and nothing else, so do other rows of {name}: do examples get mixed up?"
    ),
    "mixes_entries": (
        "when the {end} entries of {input} along its last axis change and nothing else, so do other places of {name} that these "
        "have no part in: do entries get mixed up?"
    ),
}
ELSEWHERE: Mapping[str, Callable[[Recognised, str], str]] = {
    "state": state_sentence,
    "along": along_sentence,
    "moved": moved_sentence,
    "invariant": invariant_sentence,
}
"""Families whose words are in modules of their own."""


def sentence(fact: Recognised, name: str) -> str:
    """Word a fact about the output ``name``; a declared mistake has a text of its own and is not worded here."""
    values = {**fact.values, "name": name}
    if fact.family in ELSEWHERE:
        return ELSEWHERE[fact.family](fact, name)
    match fact.family:
        case "mutant":
            beside = f". {invariant_sentence(fact, name)}" if "kept" in values else ""
            return f"{name} is what the right formula gives when {SLIPS[fact.code]}{beside}"
        case "factor" if fact.code in FACTORS:
            of = {"of": values.get("of", "the first input"), "size": values.get("size", "")}
            return f"{name} is exactly the right answer {FACTORS[fact.code].format(**of)}, on every case"
        case "term":
            return TERMS[values["how"]].format(name=name, factor=_factor(values["factor"]))
        case "inputs":
            key = fact.code if fact.code in INPUTS else fact.code.partition("_")[2]
            start = ", in runs from an empty state" if fact.code.startswith("setting") else ""
            finite = ", where it is finite" if values.get("finite") else ""
            return f"{name} is the right answer for other inputs: for {INPUTS[key].format(**values)}{start}{finite}"
        case "answer" if fact.code in DONE:
            return DONE[fact.code].format(**values)
        case "answer":
            return f"{name} is the right answer {ANSWERS[fact.code.removeprefix('answer_')]}"
        case "place" if fact.code not in SENTENCES:
            place = PLACES[fact.code.removeprefix("only_").removesuffix("_wrong")]
            return f"every wrong entry of {name} lies {place}: it is right everywhere else"
        case "repeated":
            return KEPT
        case "dependence":
            return DEPENDENCE[fact.code].format(**values)
        case "where" if fact.code.startswith("entries_"):
            return f"{name} is {ENTRIES[fact.code.removeprefix('entries_')].format(**values)}"
        case "where":
            return _where(fact.code.removeprefix("where_"), values)
    return SENTENCES[fact.code].format(**{**ONE_UPSTREAM, **values, "axis": AXES.get(str(values.get("over")), "")})


def _where(code: str, values: Mapping[str, Any]) -> str:
    """Word the condition under which an answer is wrong; it held in every case that was tried, and in no other."""
    name, fails = values["name"], values["effect"] == "fails"
    does, does_not = ("fails", "answers") if fails else ("is wrong", "is right")
    if code in CONDITIONS:
        hidden = " (but for a few whole numbers that hide it)" if values["hidden"] else ""
        condition = CONDITIONS[code].format(**values)
        return f"{name} {does} in every case tried in which {condition}{hidden}, and {does_not} in all others"
    what, _, end = code.rpartition("_")
    measure, low, high = MEASURES[what].format(**values), values["from"], values["to"]
    there = f"{low:.4g} or more" if end == "from" else f"{high:.4g} or less"
    elsewhere = f"up to {high:.4g}" if end == "from" else f"from {low:.4g} on"
    return f"{name} {does} in every case tried in which {measure} {there}, and {does_not} {elsewhere}"


def _factor(key: str) -> str:
    """Name an array that was forgotten, or multiplied in once too often."""
    of, _, name = key.partition("_")
    if of == "sign" and name:
        return f"the sign of {name}"
    if of == "step" and name:
        return f"the mask {name} > 0"
    return "the upstream gradient dout" if key == "dout" else f"the input {key}"
