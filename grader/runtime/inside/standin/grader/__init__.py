"""The grader as a submission sees it while it is graded: stand-ins for the helpers of its notebook."""
