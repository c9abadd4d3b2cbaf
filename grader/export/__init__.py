"""Results as other systems read them."""

from grader.export.junit import junit_xml

__all__ = ["junit_xml"]
