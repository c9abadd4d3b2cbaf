"""The command line: a file for each family of commands, each thin."""

from grader.cli.app import cli, command

__all__ = ["cli", "command"]
