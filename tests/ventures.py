"""Invented reports that hold an answer to every class of question, and the opened parts over any reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import Embedder, SentenceTransformerEmbedder
from service.ask import Assistant
from service.knowledge.indexing import rebuild
from service.parts import Parts
from service.settings import Settings

ORRELL = """# What came of the Orrell programme

The Orrell Research Partnership (ORP) funds projects of small firms and universities.

## New companies

Tarnwood Cells Ltd, an SME from Lyon, France, has spun off a company called Tarnwood Imaging in 2011.
Pellucid Assays, an SME from Dresden, Germany, has spun off a company called Pellucid Optics in 2016.
Merrowby Analytics, an SME from Leeds, United Kingdom, has spun off a company called Merrowby Health in 2014.

## Money

SMEs received 15.8 % of the funding of the programme.

Tarnwood Cells Ltd raised £2.5 million from private investors. Pellucid Assays raised £4 million from private
investors. The biotech company Corvane Ltd acquired Pellucid Optics in 2018 for £7.5 million.

## People

The projects of the programme created over 420 jobs. Tarnwood Cells Ltd employs 45 people. Pellucid Assays
employs 80 people. The project LUMEN-3 trained 38 doctoral students. The project ATLAS-9 trained 12 doctoral
students.

## In the clinic

The fibre test of LUMEN-3 has not been approved by the regulator. In 2017 the blood test of ATLAS-9 was
approved. The first trial of the skin graft is planned for 2030. The vaccine of ATLAS-9 could potentially
protect children.

## What the firms achieved

The firms have reported:

- 13 spin-offs
- 4 awards for innovation
"""

REVIEW = """# A second look at the Orrell programme

SMEs received 18 % of the funding of the programme.

Wrenfield Optics, an SME from Dresden, Germany, licensed the imaging software in 2012. Wrenfield Optics was
founded in 2009.

The partners have filed 12 patents. Hartsell University takes part in the project LUMEN-3.

A spin-off is a company that carries on the research of its parent. The diseases that ATLAS-9 studies are
asthma, gout and lupus.
"""

VENTURES = {"orrell.md": ORRELL, "review.md": REVIEW}


def written(texts: Mapping[str, str], folder: Path) -> Path:
    """The folder, which now holds the texts under their names."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@contextmanager
def parts_over(reports: Path, data_dir: Path, embedder: Embedder) -> Iterator[Parts]:
    """The opened parts over every report of a folder, which are stored and indexed in `data_dir`."""
    with Store.open(data_dir) as store:
        assert {entry.outcome for entry in ingest([reports], store)} == {"added"}
        settings = Settings(data_dir=data_dir)
        rebuild(store, embedder, settings.index_dir)
        yield Parts(settings, store, embedder)


def assistant_over(
    texts: Mapping[str, str], scope: Literal["module", "session"] = "module"
) -> Callable[..., Iterator[Assistant]]:
    """A fixture: the assistant over some reports, opened once for a module or for all."""

    @pytest.fixture(scope=scope)
    def assistant(
        minilm: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Assistant]:
        folder = tmp_path_factory.mktemp("reports")
        with parts_over(written(texts, folder / "in"), folder / "data", minilm) as parts:
            yield parts.assistant

    return assistant
