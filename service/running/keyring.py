"""Commands of whoever gives out API keys: make one, list them, take one back."""

from __future__ import annotations

from typing import Annotated

import typer

from service.terminal import AsJson, print_json, print_table, say

keyring = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)


@keyring.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose it is, or what for.", show_default=False)],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="ask, read, ingest, review, curate (both) or admin; again for several."),
    ] = None,
    collection: Annotated[
        list[str] | None, typer.Option(help="What it is for; again for several. Without any: everything.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="Days until it expires.")] = None,
) -> None:
    """Make a key, by default to ask and to read, and print it: it cannot be shown again."""
    from pydantic import TypeAdapter

    from corpus.keys import SCOPES, Scope
    from corpus.store import Store
    from service.settings import Settings

    scopes = scope or ["ask", "read"]
    if unknown := [one for one in scopes if one not in SCOPES]:
        raise ValueError(f"Scope {unknown[0]!r} is unknown. Take some of: {', '.join(SCOPES)}.")
    with Store.open(*Settings().store_place) as store:
        key, secret = store.keys.add(
            name, TypeAdapter(list[Scope]).validate_python(scopes), days, collection or ()
        )
    say(
        f"Key {key.id} for {', '.join(key.scopes)} of {key.reach.told or 'everything'}; it is shown this once. "
        "Send it as Authorization: Bearer …"
    )
    typer.echo(secret)


@keyring.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the keys, without their secrets."""
    from corpus.store import Store
    from service.settings import Settings

    with Store.open(*Settings().store_place) as store:
        listed = store.keys.list()
    if as_json:
        print_json([key._asdict() for key in listed])
        return
    rows = [
        (
            key.id,
            key.name,
            ", ".join(key.scopes),
            key.reach.told,
            key.created_at,
            key.expires_at,
            key.revoked_at,
        )
        for key in listed
    ]
    print_table(("id", "name", "scopes", "collections", "made", "expires", "revoked"), rows)


@keyring.command()
def revoke(id: Annotated[str, typer.Argument(help="The id of the key.", show_default=False)]) -> None:
    """Take a key back: the next request with it is refused."""
    from corpus.store import Store
    from service.settings import Settings

    with Store.open(*Settings().store_place) as store:
        key = store.keys.revoke(id)
    say(f"Key {key.id} ({key.name}) is revoked.")
