"""The pages of a class, made of its grades: one for the assistants, one for each student, and the same numbers as CSV."""

from grader.report.class_pages.answers import AnswerGroup, alike
from grader.report.class_pages.numbers import ClassNumbers, class_numbers
from grader.report.class_pages.page import class_page

__all__ = ["AnswerGroup", "ClassNumbers", "alike", "class_numbers", "class_page"]
