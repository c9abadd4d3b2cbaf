"""Facts about a wrong answer: a declared mistake, a claim that holds of it, a mutant of the right answer."""

from grader.judging.recognise.along import wrong_along
from grader.judging.recognise.claims import claimed, swapped
from grader.judging.recognise.declared import declared_mistake
from grader.judging.recognise.dependence import depends_wrongly
from grader.judging.recognise.evidence import Seen, seen_of
from grader.judging.recognise.fresh import confirmed, further_trials
from grader.judging.recognise.grid import on_a_grid
from grader.judging.recognise.invariants import breaks_invariant, measured
from grader.judging.recognise.made_of import made_of_one_part
from grader.judging.recognise.methods import Blame, blamed
from grader.judging.recognise.moved import moved_along
from grader.judging.recognise.mutants import mutant_of, mutants, slips
from grader.judging.recognise.other_inputs import right_for_other_inputs
from grader.judging.recognise.own import prediction_of
from grader.judging.recognise.pictured import picture_of
from grader.judging.recognise.places import Parting, misplaced, parting, wrong_from_step
from grader.judging.recognise.recognised import Certainty, Family, Prediction, Recognised
from grader.judging.recognise.shapes import wrong_shape
from grader.judging.recognise.stepping import is_stepwise, state_mishandled
from grader.judging.recognise.transformed import right_but_transformed
from grader.judging.recognise.upstream import upstream_misused
from grader.judging.recognise.where import wrong_entries, wrong_where

__all__ = [
    "Blame",
    "Certainty",
    "Family",
    "Parting",
    "Prediction",
    "Recognised",
    "Seen",
    "blamed",
    "breaks_invariant",
    "claimed",
    "confirmed",
    "declared_mistake",
    "depends_wrongly",
    "further_trials",
    "is_stepwise",
    "made_of_one_part",
    "measured",
    "misplaced",
    "moved_along",
    "mutant_of",
    "mutants",
    "on_a_grid",
    "parting",
    "picture_of",
    "prediction_of",
    "right_but_transformed",
    "right_for_other_inputs",
    "seen_of",
    "slips",
    "state_mishandled",
    "swapped",
    "upstream_misused",
    "wrong_along",
    "wrong_entries",
    "wrong_from_step",
    "wrong_shape",
    "wrong_where",
]
