"""The command line."""

from grader.cli.app import cli, command, main

__all__ = ["cli", "command", "main"]
