"""The command line: each command opens what it needs, and says in one line what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.evaluating.measuring import measuring
from service.running.catching_up import catch_up
from service.running.keyring import keyring
from service.running.operations import operations
from service.running.reviewing import reviewing
from service.terminal import AsJson, print_json, print_table, progress_bars, say

Collection = Annotated[
    str, typer.Option(help="The collection; by default new files go to 'default' and all are read.")
]

if TYPE_CHECKING:  # the commands import what they use, so that `impactqa --help` is there at once
    from corpus.collections import Reach
    from service.parts import Parts
    from service.settings import Settings

app = typer.Typer(
    help="Ask impact reports what research achieved; every sentence of an answer is cited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(reviewing)  # their commands stand beside those below
app.add_typer(measuring)
app.add_typer(operations)
app.add_typer(keyring, name="keys")


def main() -> None:
    """Runs the command of the command line; a foreseen failure is one line on stderr and exit code 1."""
    try:
        app()
    except Exception as error:
        if not _is_foreseen(error):
            raise
        say(f"impactqa: {_one_line(error)}")
        sys.exit(1)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to read.", show_default=False)],
    collection: Collection = "",
    as_json: AsJson = False,
) -> None:
    """Read reports and tables, extract their facts, index both. Files read before are not read again."""
    _read(paths, as_json, collection)


@app.command()
def import_facts(
    paths: Annotated[
        list[Path], typer.Argument(help="Tables: CSV, XLSX, JSON or JSON Lines.", show_default=False)
    ],
    mapping: Annotated[
        str,
        typer.Option(
            help="A mapping file, or the name of one of: cordis_participants, cordis_projects, facts_table, "
            "researchfish. By default the one that recognises the columns."
        ),
    ] = "",
    collection: Collection = "",
    as_json: AsJson = False,
) -> None:
    """Import facts from tables, through a mapping of their columns, and index them."""
    from corpus.mapping import named

    _read(paths, as_json, collection, named(mapping) if mapping else None)


def _read(paths: list[Path], as_json: bool, collection: str, mapping: Any = None) -> None:
    from corpus.ingest import ingest
    from corpus.store import Store

    settings = _settings()
    with Store.open(*settings.store_place) as store:
        with progress_bars() as progress:
            task = progress.add_task("reading", total=None)
            done = ingest(
                paths,
                store.within(_reach(collection)),
                lambda number, count, _: progress.update(task, completed=number, total=count),
                mapping=mapping,
                limits=settings.reading_limits,
            )
        catch_up(settings, store)
    if as_json:
        print_json([entry._asdict() | {"path": str(entry.path)} for entry in done])
    for entry in done:
        line = f"{entry.outcome:9}  {entry.path}"
        counts = f"{entry.passages} passages, {entry.facts} facts" if entry.document_id else ""
        note = "; ".join(part for part in (counts, entry.reason) if part)
        if entry.outcome == "failed" or not as_json:
            typer.echo(f"{line}  ({note})" if note else line, err=entry.outcome == "failed")
    failed = [entry for entry in done if entry.outcome == "failed"]
    if failed or not done:
        say(
            f"impactqa: {len(failed)} of {len(done)} files were not read."
            if done
            else "impactqa: no file found."
        )
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(show_default=False)],
    conversation: Annotated[
        str | None, typer.Option(help="The conversation_id of the answer that this follows up.")
    ] = None,
    collection: Collection = "",
    as_json: AsJson = False,
) -> None:
    """Ask a question."""
    from service.answer import AskRequest
    from service.writing.copies import composed_by
    from service.writing.prose import items_unsaid

    with _parts() as parts:
        answer = parts.within(_reach(collection)).answer_now(
            AskRequest(question=question, conversation_id=conversation)
        )
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    typer.echo(answer.answer)
    for item in items_unsaid(answer):
        marks = "".join(f"[{number}]" for number in item.citations)
        typer.echo(f"  - {item.label}{': ' + item.detail if item.detail else ''} {marks}")
    for citation in answer.citations or answer.nearest:
        place = ", ".join(part for part in (citation.document_title, citation.section) if part)
        typer.echo(f'\n[{citation.number}] "{citation.quote}"\n    {place}')
    if answer.wording:
        say(f"\n{composed_by(answer)}")
    say(f'\nAsk a follow-up with: impactqa ask --conversation {answer.conversation_id} "…"')


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at; 0 takes a free one.")] = None,
) -> None:
    """Serve the question page and the API until interrupted."""
    from service.running.server import run

    given = {"host": host, "port": port}
    settings = _settings().model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    run(settings, say)


@app.command()
def mcp() -> None:
    """Speak the Model Context Protocol on standard input and output, for a client that starts this command."""
    import anyio

    from service.channels.mcp_tools import mcp_server
    from service.running import logs
    from service.running.server import url_of

    settings = _settings()
    logs.configure(settings.log_level)
    with _parts() as parts:
        anyio.run(mcp_server(parts, settings.public_url.rstrip("/") or url_of(settings)).run_stdio_async)


@app.command()
def documents(as_json: AsJson = False) -> None:
    """List the documents."""
    from corpus.store import Store

    with Store.open(*_settings().store_place) as store:
        listed = store.document_list()
    if as_json:
        print_json([document.model_dump() for document in listed])
    else:
        rows = [(d.id, d.title, d.source_name, d.collection, str(d.passages), str(d.facts)) for d in listed]
        print_table(("id", "title", "file", "collection", "passages", "facts"), rows)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of documents.", metavar="ID...", show_default=False)],
) -> None:
    """Remove documents with all that was read from them."""
    from corpus.store import Store

    settings = _settings()
    with Store.open(*settings.store_place) as store:
        for id in ids:
            store.remove(id)
            typer.echo(f"removed  {id}")
        catch_up(settings, store)


@app.command()
def index() -> None:
    """Build the index again from the stored documents."""
    from corpus.store import Store

    settings = _settings()
    with Store.open(*settings.store_place) as store:
        catch_up(settings, store, anyway=True)


@app.command()
def health(
    url: Annotated[str, typer.Option(help="The service; by default the one of the settings.")] = "",
) -> None:
    """Exit with 0 when the service answers, with 1 when it does not."""
    from service.running.server import is_healthy, url_of

    url = url or url_of(_settings())
    healthy = is_healthy(url)
    typer.echo(f"{url} {'answers' if healthy else 'does not answer'}", err=not healthy)
    raise typer.Exit(0 if healthy else 1)


@app.command()
def version() -> None:
    """Print the version."""
    from service.version import service_version

    typer.echo(service_version())


def _reach(collection: str) -> Reach:
    """What a command with this option reads and writes."""
    from corpus.collections import Reach, checked

    return Reach.of([checked(collection)] if collection else ())


def _settings() -> Settings:
    from service.settings import Settings

    return Settings()


@contextmanager
def _parts() -> Iterator[Parts]:
    from service.parts import Parts

    parts = Parts.open(_settings())
    try:
        yield parts
    finally:
        parts.close()


def _is_foreseen(error: Exception) -> bool:
    """True for failures whose message says what to do; others are bugs and keep their traceback."""
    from corpus.database import StoreError
    from index.embedder import ModelError
    from index.manifest import SearchIndexError

    return isinstance(error, StoreError | ModelError | SearchIndexError | ValueError | OSError)


def _one_line(error: Exception) -> str:
    from pydantic import ValidationError

    if isinstance(error, ValidationError) and error.title == "Settings":
        wrong = error.errors()[0]
        name = f"IMPACTQA_{str(wrong['loc'][0]).upper()}: " if wrong["loc"] else ""
        return f"{name}{wrong['msg'].removeprefix('Value error, ')}. Mend it in the environment or in .env."
    return " ".join(str(error).split())
