"""The command for the machine: ``gradmark doctor``."""

from __future__ import annotations

import click

from grader.cli.terminal import echo, show_on_terminal

__all__ = ["doctor"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def doctor(as_json: bool) -> int:
    """Show what isolation this machine has, tried out one by one, which libraries and extras, and what to do.

    Exit code 1 if there is nothing better than the level `process`, which does not keep hostile code in.
    """
    from grader.runtime import examine

    found = examine()
    if as_json:
        import json

        echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False))
    else:
        from grader.report import checkup

        show_on_terminal(checkup(found))
    return 0 if found.good else 1
