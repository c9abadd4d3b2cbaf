"""Results in the formats of other systems: JUnit XML."""

from grader.export.junit import junit_xml

__all__ = ["junit_xml"]
