"""The commands about facts: they are listed, and people decide about them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from service.running.catching_up import catch_up
from service.terminal import AsJson, print_json, print_table

reviewing = typer.Typer()


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


@reviewing.command()
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
    from service.facts_table import as_csv
    from service.knowledge.fact_query import FactQuery, matching
    from service.settings import Settings

    with Store.open(*Settings().store_place) as store:
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


@reviewing.command()
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
    from service.settings import Settings

    settings = Settings()
    with Store.open(*settings.store_place) as store:
        fact = store.curation.decide(
            fact_id, decision.value, by, dict(map(_change, changes or ())), note, revision
        )
        catch_up(settings, store)
        shown = curated_fact(store, fact_id)
    if as_json:
        print_json(shown.model_dump(mode="json"))
        return
    typer.echo(f"{fact.review}  {fact.id}  (revision {shown.revision})")
    for change in fact.corrections:
        typer.echo(f"  {change.field}: {change.now!r}, not {change.was!r}  ({change.by}, {change.at})")


@reviewing.command()
def decisions(as_json: AsJson = False) -> None:
    """List what people decided about facts, and whether it still applies."""
    from corpus.store import Store
    from service.api.decisions import listed_decision
    from service.settings import Settings

    with Store.open(*Settings().store_place) as store:
        listed = [listed_decision(decision, fact_ids) for decision, fact_ids in store.curation.decisions()]
    if as_json:
        print_json([entry.model_dump(mode="json") for entry in listed])
        return
    rows = [
        (entry.fact_id, entry.decision, entry.by, entry.at, entry.state.replace("_", " "), entry.quote)
        for entry in listed
    ]
    print_table(("fact", "decision", "by", "at", "state", "quote"), rows)


def _change(given: str) -> tuple[str, str]:
    """The field and the value of FIELD=VALUE."""
    field, sign, value = given.partition("=")
    if not sign:
        raise ValueError(f"--set {given!r} is no change. Write FIELD=VALUE, for example: --set value=47")
    return field.strip(), value.strip()
