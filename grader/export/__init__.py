"""Results in the formats of other systems: JUnit XML, and what a CI shows: annotations, a summary, outputs."""

from grader.export.annotations import Annotation, annotated, code_quality, workflow_commands
from grader.export.junit import junit_xml
from grader.export.step_outputs import OUTPUTS, outputs, score_line
from grader.export.summary import MOST_BYTES, step_summary

__all__ = [
    "MOST_BYTES",
    "OUTPUTS",
    "Annotation",
    "annotated",
    "code_quality",
    "junit_xml",
    "outputs",
    "score_line",
    "step_summary",
    "workflow_commands",
]
