"""The command line ``gradmark``: one thin module for each family of commands."""

from grader.cli.app import cli, command

__all__ = ["cli", "command"]
