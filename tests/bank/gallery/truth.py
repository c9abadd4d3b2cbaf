"""What is true of the wrong answers."""

TRUE: dict[str, str] = {}
