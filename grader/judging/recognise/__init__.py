"""Facts about a wrong answer: a declared mistake, a claim that holds of it, a mutant of the right answer."""

from grader.judging.recognise.claims import claimed, swapped
from grader.judging.recognise.declared import declared_mistake
from grader.judging.recognise.evidence import Seen, seen_of
from grader.judging.recognise.fresh import confirmed
from grader.judging.recognise.mutants import mutant_of, mutants
from grader.judging.recognise.own import prediction_of
from grader.judging.recognise.recognised import Certainty, Family, Prediction, Recognised
from grader.judging.recognise.upstream import upstream_misused

__all__ = [
    "Certainty",
    "Family",
    "Prediction",
    "Recognised",
    "Seen",
    "claimed",
    "confirmed",
    "declared_mistake",
    "mutant_of",
    "mutants",
    "prediction_of",
    "seen_of",
    "swapped",
    "upstream_misused",
]
