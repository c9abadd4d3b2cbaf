"""The beginning of a new exercise, for ``gradmark new``: templates by form, and their places in the rooms of a bank."""

from grader.bank.scaffolding.rooms import scaffold
from grader.bank.scaffolding.templates import FORMS

__all__ = ["FORMS", "scaffold"]
