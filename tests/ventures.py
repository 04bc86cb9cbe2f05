"""Invented reports that hold every class of question, and assistants over texts that a test writes itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import Embedder
from index.retriever import Retriever
from service.ask import Assistant
from service.indexing import rebuild

ORRELL = """# What came of the Orrell partnership

The Orrell Partnership (ORP) funds research projects of small firms and universities. ORP stands for Orrell
Research Partnership.

## New companies

Tarnwood Cells Ltd, an SME from Lyon, France, has spun off a company called Tarnwood Imaging in 2011.
Pellucid Assays, an SME from Dresden, Germany, has spun off a company called Pellucid Optics in 2016.
Merrowby Analytics, an SME from Leeds, United Kingdom, has spun off a company called Merrowby Health in 2014.

## Money

SMEs received 15.8 % of the funding of the partnership.

Tarnwood Cells Ltd raised £2.5 million from private investors. Pellucid Assays raised £4 million from private
investors. The biotech company Corvane Ltd acquired Pellucid Optics in 2018 for £7.5 million.

## People

The projects of the partnership created over 420 jobs. Tarnwood Cells Ltd employs 45 people. Pellucid Assays
employs 80 people. The project LUMEN-3 trained 38 doctoral students. The project ATLAS-9 trained 12 doctoral
students.

## Results in the clinic

The fibre test of LUMEN-3 has not been approved by the regulator. The blood test of ATLAS-9 was approved in
2017. A trial of the skin graft is planned. LUMEN-3 is potentially the first project to reach patients.
"""

REVIEW = """# A second look at the Orrell partnership

SMEs received 18 % of the funding of the partnership.

Wrenfield Optics, an SME from Dresden, Germany, licensed the imaging software in 2012. Wrenfield Optics was
founded in 2009.

The partners have filed 12 patents. Hartsell University takes part in the project LUMEN-3.
"""

VENTURES = {"orrell.md": ORRELL, "review.md": REVIEW}


@contextmanager
def assistant_over(texts: Mapping[str, str], folder: Path, embedder: Embedder) -> Iterator[Assistant]:
    """An assistant over the texts, stored under their names, indexed in `folder`."""
    reports = folder / "reports"
    reports.mkdir()
    for name, text in texts.items():
        (reports / name).write_text(text, "utf-8")
    with Store.open(folder / "data") as store:
        assert {entry.outcome for entry in ingest([reports], store)} == {"added"}
        rebuild(store, embedder, folder / "index")
        yield Assistant(store, Retriever.open(folder / "index", embedder, store.fingerprint()))
