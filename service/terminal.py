"""What commands write: results on stdout, everything else on stderr, so that output can be piped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:  # rich takes longer to import than `impactqa --help` to print
    from rich.progress import Progress


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def print_table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Prints a table as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*header, box=None, header_style="bold", pad_edge=False)
    table.columns[0].no_wrap = True  # an id that is cut or folded cannot be copied
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # Text: a report's brackets are no markup
    Console().print(table)


def print_json(value: Any) -> None:
    """Prints the value as JSON; what JSON does not know, as a string."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say(message: str) -> None:
    """Writes a line for the person at the terminal."""
    typer.echo(message, err=True)


def progress_bars() -> Progress:
    """Bars on stderr; gone when done, and not there without a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
