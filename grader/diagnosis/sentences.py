"""Sentences for what was recognised in a wrong answer: symptom and concept, never the fix."""

from __future__ import annotations

from grader.judging import Recognised

__all__ = ["sentence"]

SENTENCES = {
    "swapped_outputs": "in the place of {name} stands {other}: in which order are they asked for?",
    "transposed": "{name} is the transpose of what it must be: follow which index is the example's",
    "not_reduced": "{name} still has an axis too many: it is one value for each of {axis}, where their total is asked",
    "over_reduced": "{name} was summed over an axis that must stay: one entry for each is asked",
    "reshaped": "{name} has the right numbers in another shape: {got} for {right}",
    "undefined_at_ties": "{name} is not finite where entries are 0 or tie: what is 0/0 there?",
    "overflow": (
        "{name} is right for ordinary inputs and not finite for large ones: an exponential overflows, or underflows to 0 "
        "under a logarithm or a division. Which equal expression never leaves the range of floats?"
    ),
    "zero": "{name} is 0 everywhere, whatever the input",
    "constant_factor": "{name} is exactly {constant:.10g} times the right answer, on every case",
    "only_at_ties": "{name} is wrong only where entries tie, or lie exactly on a kink",
    "only_single_row": "{name} is right for a batch of one example and for no other",
    "large_only": "{name} is right for ordinary inputs and loses its digits, or is clipped, for large ones",
    "dtype": "{name} went through single precision (float32) on its way: it holds only 7 digits",
    "numeric": (
        "{name} is right to about {digits} digits, not to rounding: a finite difference, an epsilon "
        "that is not in the formula, or rounded numbers?"
    ),
    "ignores_upstream": "{name} does not depend on dout at all: where does the chain rule come in?",
    "nonlinear_upstream": "{name} does not double when dout doubles: a backward pass is linear in dout",
}
"""By code; the values of the fact are filled in."""
AXES = {"examples": "the examples of the batch", "last": "the last axis"}
SIZES = {"N": "N, the size of the batch", "D": "D, the number of features", "ND": "the number of all entries"}
FACTORS = {
    "sign": "with the opposite sign",
    "factor_2": "times 2",
    "factor_half": "divided by 2",
    **{f"times_{key}": f"times {size}" for key, size in SIZES.items()},
    **{f"over_{key}": f"divided by {size}" for key, size in SIZES.items()},
    **{f"times_2_over_{key}": f"times 2 and divided by {size}" for key, size in SIZES.items()},
    **{f"half_{key}": f"times half of {size}" for key, size in SIZES.items()},
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
    "wrong_axis": "one sum runs along the wrong axis",
    "wrong_reduction": "one reduction is of the wrong kind: a sum for a mean, a maximum for a minimum, or the like",
    "dropped_function": "one function is missing from the formula, or was taken where another was asked",
    "missing_transpose": "one matrix is transposed that should not be, or the other way",
    "swapped_operands": "two operands of one operation are the wrong way round",
    "wrong_variable": "one variable stands where another belongs",
}
"""Mutants by the kind of slip, as the end of a sentence."""


def sentence(fact: Recognised, name: str) -> str:
    """Word a fact about the output ``name``; a declared mistake has a text of its own and is not worded here."""
    values = {**fact.values, "name": name}
    match fact.family:
        case "mutant":
            return f"{name} is what the right formula gives when {SLIPS[fact.code]}"
        case "factor" if fact.code in FACTORS:
            return f"{name} is exactly the right answer {FACTORS[fact.code]}, on every case"
        case "term":
            return TERMS[values["how"]].format(name=name, factor=_factor(values["factor"]))
    return SENTENCES[fact.code].format(**values, axis=AXES.get(str(values.get("over")), ""))


def _factor(key: str) -> str:
    """Name an array that was forgotten, or multiplied in once too often."""
    of, _, name = key.partition("_")
    if of == "sign" and name:
        return f"the sign of {name}"
    if of == "step" and name:
        return f"the mask {name} > 0"
    return "the upstream gradient dout" if key == "dout" else f"the input {key}"
