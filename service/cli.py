"""The command line: each command opens what it needs, and says in one line what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.measuring import measuring
from service.terminal import AsJson, print_json, print_table, progress_bars, say

if TYPE_CHECKING:  # the commands import what they use, so that `impactqa --help` is there at once
    from service.parts import Parts
    from service.settings import Settings

app = typer.Typer(
    help="Ask impact reports what research achieved; every sentence of an answer is cited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(measuring)  # its commands stand beside those below


class Format(StrEnum):
    table = "table"
    csv = "csv"
    json = "json"


class ReviewFilter(StrEnum):
    standing = "standing"
    proposed = "proposed"
    accepted = "accepted"
    rejected = "rejected"
    any = "any"


class Decides(StrEnum):
    accept = "accept"
    reject = "reject"
    correct = "correct"


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
    as_json: AsJson = False,
) -> None:
    """Read reports and tables, extract their facts, index both. Files read before are not read again."""
    _read(paths, as_json)


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
    as_json: AsJson = False,
) -> None:
    """Import facts from tables, through a mapping of their columns, and index them."""
    from corpus.mapping import named

    _read(paths, as_json, named(mapping) if mapping else None)


def _read(paths: list[Path], as_json: bool, mapping: Any = None) -> None:
    from corpus.ingest import ingest
    from corpus.store import Store

    settings = _settings()
    with Store.open(settings.data_dir) as store:
        with progress_bars() as progress:
            task = progress.add_task("reading", total=None)
            done = ingest(
                paths,
                store,
                lambda number, count, _: progress.update(task, completed=number, total=count),
                mapping=mapping,
            )
        _index(settings, store)
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
    as_json: AsJson = False,
) -> None:
    """Ask a question."""
    from service.answer import AskRequest
    from service.prose import items_unsaid

    with _parts() as parts:
        answer = parts.answer_now(AskRequest(question=question, conversation_id=conversation))
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
    say(f'\nAsk a follow-up with: impactqa ask --conversation {answer.conversation_id} "…"')


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at; 0 takes a free one.")] = None,
) -> None:
    """Serve the question page and the API until interrupted."""
    from service.server import run

    given = {"host": host, "port": port}
    settings = _settings().model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    run(settings, say)


@app.command()
def facts(
    outcome_type: Annotated[str, typer.Option(help="For example spin_out, patent, employment.")] = "",
    document: Annotated[str, typer.Option(help="Id of a document.")] = "",
    project: Annotated[str, typer.Option(help="Name of a project.")] = "",
    place: Annotated[str, typer.Option(help="Name of a place.")] = "",
    subject: Annotated[str, typer.Option(help="Part of the subject's name.")] = "",
    words: Annotated[str, typer.Option(help="Words that the fact or its quote must hold.")] = "",
    review: Annotated[
        ReviewFilter, typer.Option(help="What people decided; by default all but rejected ones.")
    ] = ReviewFilter.standing,
    format: Annotated[Format, typer.Option(help="How to print them.")] = Format.table,
) -> None:
    """List the facts that were read from the documents."""
    from corpus.store import Store
    from service.fact_query import FactQuery, matching
    from service.facts_table import as_csv

    with Store.open(_settings().data_dir) as store:
        chosen = "" if review is ReviewFilter.standing else review.value
        found = matching(store, FactQuery(document, outcome_type, project, place, subject, words, chosen))
    if format is Format.csv:
        typer.echo(as_csv(found), nl=False)
    elif format is Format.json:
        print_json([fact.model_dump(mode="json") for fact in found])
    else:
        rows = [
            (f.id, f.outcome_type, f.subject, f.predicate, f.value_text, f.object, f.review, f.selector.exact)
            for f in found
        ]
        print_table(("id", "type", "subject", "predicate", "value", "object", "review", "quote"), rows)


@app.command()
def review(
    fact_id: Annotated[str, typer.Argument(metavar="FACT", show_default=False)],
    decision: Annotated[Decides, typer.Argument(show_default=False)],
    by: Annotated[str, typer.Option(help="Who decides.", show_default=False)],
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="What a correction changes; may be repeated."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    revision: Annotated[int, typer.Option(help="Revision of the fact that was seen.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Accept, reject or correct a fact; the decision outlives the document."""
    from corpus.store import Store
    from service.api.decisions import curated_fact

    settings = _settings()
    with Store.open(settings.data_dir) as store:
        fact = store.curation.decide(
            fact_id, decision.value, by, dict(map(_change, changes or ())), note, revision
        )
        _index(settings, store)
        shown = curated_fact(store, fact_id)
    if as_json:
        print_json(shown.model_dump(mode="json"))
        return
    typer.echo(f"{fact.review}  {fact.id}  (revision {shown.revision})")
    for change in fact.corrections:
        typer.echo(f"  {change.field}: {change.now!r}, not {change.was!r}  ({change.by}, {change.at})")


@app.command()
def decisions(as_json: AsJson = False) -> None:
    """List what people decided about facts, and whether it still applies."""
    from corpus.store import Store
    from service.api.decisions import listed_decision

    with Store.open(_settings().data_dir) as store:
        listed = [listed_decision(decision, fact_ids) for decision, fact_ids in store.curation.decisions()]
    if as_json:
        print_json([entry.model_dump(mode="json") for entry in listed])
        return
    rows = [
        (entry.fact_id, entry.decision, entry.by, entry.at, entry.state.replace("_", " "), entry.quote)
        for entry in listed
    ]
    print_table(("fact", "decision", "by", "at", "state", "quote"), rows)


@app.command()
def documents(as_json: AsJson = False) -> None:
    """List the documents."""
    from corpus.store import Store

    with Store.open(_settings().data_dir) as store:
        listed = store.document_list()
    if as_json:
        print_json([document.model_dump() for document in listed])
    else:
        rows = [(d.id, d.title, d.source_name, str(d.passages), str(d.facts)) for d in listed]
        print_table(("id", "title", "file", "passages", "facts"), rows)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of documents.", metavar="ID...", show_default=False)],
) -> None:
    """Remove documents with all that was read from them."""
    from corpus.store import Store

    settings = _settings()
    with Store.open(settings.data_dir) as store:
        for id in ids:
            store.remove(id)
            typer.echo(f"removed  {id}")
        _index(settings, store)


@app.command()
def index() -> None:
    """Build the index again from the stored documents."""
    from corpus.store import Store

    settings = _settings()
    with Store.open(settings.data_dir) as store:
        _index(settings, store, anyway=True)


@app.command()
def health(
    url: Annotated[str, typer.Option(help="The service; by default the one of the settings.")] = "",
) -> None:
    """Exit with 0 when the service answers, with 1 when it does not."""
    from service.server import is_healthy, url_of

    url = url or url_of(_settings())
    healthy = is_healthy(url)
    typer.echo(f"{url} {'answers' if healthy else 'does not answer'}", err=not healthy)
    raise typer.Exit(0 if healthy else 1)


@app.command()
def version() -> None:
    """Print the version."""
    from service.version import service_version

    typer.echo(service_version())


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


def _index(settings: Settings, store: Any, anyway: bool = False) -> None:
    """Brings the index up to what the store holds, showing how far it is."""
    from service.indexing import is_current, rebuild
    from service.parts import embedder_of

    if not anyway and is_current(store, settings.index_dir):
        return
    with progress_bars() as progress:
        task = progress.add_task("indexing", total=None)
        manifest = rebuild(
            store,
            embedder_of(settings),
            settings.index_dir,
            lambda done, count: progress.update(task, completed=done, total=count),
        )
    say(f"Indexed {manifest.passages} passages and {manifest.facts} facts of {manifest.documents} documents.")


def _change(given: str) -> tuple[str, str]:
    """The field and the value of FIELD=VALUE."""
    field, sign, value = given.partition("=")
    if not sign:
        raise ValueError(f"--set {given!r} is no change. Write FIELD=VALUE, for example: --set value=47")
    return field.strip(), value.strip()


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
        return (
            f"IMPACTQA_{str(wrong['loc'][0]).upper()}: {wrong['msg']}. Mend it in the environment or in .env."
        )
    return " ".join(str(error).split())
