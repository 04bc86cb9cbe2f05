"""Commands of whoever runs a service: is all well, copy it, put it back, what is being done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.terminal import AsJson, print_json, print_table, say

operations = typer.Typer()


@operations.command()
def verify(as_json: AsJson = False) -> None:
    """Check store and index against what was written; exit with 1 and the remedies when anything is wrong."""
    from corpus.store import Store
    from service.parts import embedder_of
    from service.running.verifying import faults
    from service.settings import Settings

    settings = Settings()
    with Store.open(*settings.store_place) as store:
        found = list(faults(settings, store, embedder_of(settings)))
        documents = len(store.document_list())
    if as_json:
        print_json([fault._asdict() for fault in found])
    for fault in found:
        say(str(fault))
    if found:
        raise typer.Exit(1)
    say(
        f"All is well: {documents} documents, their facts, their vectors and their index are as they were written."
    )


@operations.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for the copy.", show_default=False)],
) -> None:
    """Copy the store to a folder, while it is in use."""
    from corpus.backup import back_up
    from corpus.store import Store
    from service.settings import Settings

    with Store.open(*Settings().store_place) as store:
        manifest = back_up(store, folder)
    say(f"Copied {manifest.documents} documents to '{folder}'. Put them back with: impactqa restore {folder}")


@operations.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="What `impactqa backup` wrote.", show_default=False)],
) -> None:
    """Put a backup into an empty data folder and build its index, from the vectors that it holds."""
    from corpus import backup
    from corpus.store import Store
    from service.running.catching_up import catch_up
    from service.settings import Settings

    settings = Settings()
    manifest = backup.restore(folder, settings.data_dir, settings.store)
    with Store.open(*settings.store_place) as store:
        catch_up(settings, store)
    say(f"Restored {manifest.documents} documents to '{settings.data_dir}'.")


@operations.command()
def sbom() -> None:
    """Print the bill of materials of this installation (CycloneDX, JSON)."""
    from service.running.bill import bill_of_materials

    print_json(bill_of_materials())


@operations.command()
def jobs(as_json: AsJson = False) -> None:
    """List the uploads and removals that the service was asked for, newest first."""
    from corpus.store import Store
    from service.api.jobs import job_status
    from service.settings import Settings

    with Store.open(*Settings().store_place) as store:
        listed = [job_status(job) for job in store.jobs.newest()]
    if as_json:
        print_json([job.model_dump(mode="json") for job in listed])
        return
    rows = [
        (
            job.id,
            job.kind,
            job.state,
            job.stage,
            f"{job.files_done}/{job.files_total}",
            job.created_at,
            job.note,
        )
        for job in listed
    ]
    print_table(("id", "kind", "state", "stage", "files", "accepted", "note"), rows)
