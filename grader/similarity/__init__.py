"""Similarity: which students' work is alike beyond what the exercise makes alike. Evidence for a person to read, never a verdict.

Behaviour comes first: identical wrong answers that no known mistake explains. Then text: shared stretches of normalised syntax.
Pure: sources and results in, findings out; nothing is run, imported or judged.
"""

from grader.similarity.behaviour import SameAnswers, same_answers
from grader.similarity.dolos import dolos_zip
from grader.similarity.pairs import Alike, Handed, Part, Similar, compare
from grader.similarity.syntax import Token, tokens
from grader.similarity.winnow import grams, winnowed

__all__ = [
    "Alike",
    "Handed",
    "Part",
    "SameAnswers",
    "Similar",
    "Token",
    "compare",
    "dolos_zip",
    "grams",
    "same_answers",
    "tokens",
    "winnowed",
]
