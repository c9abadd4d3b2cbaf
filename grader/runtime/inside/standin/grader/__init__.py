"""What a submission finds under the grader's name while it is graded: stand-ins for the helpers of its notebook."""
