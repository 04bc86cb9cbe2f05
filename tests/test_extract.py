"""Extraction of whole documents: every fact stands where it says, and any text is taken."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.extract import Extraction, extract
from corpus.passages import split
from corpus.readers import ReadError, read_bytes
from corpus.taxonomy import ENTITY_KINDS, OUTCOME_TYPES
from tests.extraction import document_of, extracted
from tests.reports import REPORTS

REPORT = """# The kelp programme

Submitting institution: Haldenmark University

## New firms

Small and medium-sized enterprises gain much.

Tarnwood Ltd, a spin-off of Haldenmark University, was founded in 2014. It employs over 40 people in Lund.

The prizes include:

- Kelp Medal, 2014
- a prize for the Arctic Fisheries Board (AFB)

| Company | Employees |
|---|---|
| Ferrow Optics | 12 |
"""
ALL = [*REPORTS.items(), ("kelp.md", REPORT)]
# Words, marks and layout that make statements, so that random texts get far into the grammar.
PIECES = [
    *("Norvia Ltd", "LUMEN-3", "Dr Anna Kvist", "Haldenmark University", "Lund", "2014", "SMEs", "patents"),
    *("the project", "It", "they", "which", "a company", "people", "€2.5 million", "over 40", "15.8%"),
    *("spun off", "called", "was", "is", "acquired by", "to found", "based", "not", "will", "may"),
    *("of", "in", "for", "and", "a", ",", ".", ";", ":", "(", ")", '"', "’s", "-", "&", "|", "•"),
    *("\n", "\n\n", "\n- ", "\n# ", "\u00a0", "\u200b", "é", "İ", "ﬁ"),
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))


@pytest.mark.parametrize(("name", "text"), ALL, ids=[name for name, _ in ALL])
def test_every_fact_and_entity_quotes_the_document(name: str, text: str) -> None:
    document, found = document_of(text, name), extracted(text, name)
    selectors = [fact.selector for fact in found.facts]
    selectors += [fact.lead for fact in found.facts if fact.lead]
    selectors += [entity.evidence for entity in found.entities if entity.evidence]
    assert len(selectors) > 10
    for selector in selectors:
        assert document.text[selector.start : selector.end] == selector.exact


@pytest.mark.parametrize(("name", "text"), ALL, ids=[name for name, _ in ALL])
def test_ids_and_keys_are_unique(name: str, text: str) -> None:
    found = extracted(text, name)
    for ids in (
        [fact.id for fact in found.facts],
        [entity.key for entity in found.entities],
        [passage.id for passage in found.passages],
    ):
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("name", "text"), ALL, ids=[name for name, _ in ALL])
def test_facts_use_the_taxonomy_and_known_entities(name: str, text: str) -> None:
    found = extracted(text, name)
    kinds = {entity.key: entity.kind for entity in found.entities}
    assert {fact.outcome_type for fact in found.facts} <= set(OUTCOME_TYPES)
    assert set(kinds.values()) <= set(ENTITY_KINDS)
    for fact in found.facts:
        assert fact.subject_key is None or fact.subject_type == kinds[fact.subject_key]
        assert fact.object_key is None or fact.object_key in kinds


def test_entities_stand_where_they_are_mentioned() -> None:
    document, found = document_of(REPORT), extracted(REPORT)
    for entity in found.entities:
        forms = {document.text[start:end] for start, end in entity.mentions}
        assert forms == {entity.name, *entity.aliases}


def test_every_step_has_its_facts() -> None:
    assert {fact.extractor for fact in extracted(REPORT).facts} == {
        *("clause", "item", "quantity", "relation", "row")
    }


def test_headings_state_nothing() -> None:
    assert extracted("# Norvia Ltd filed 12 patents\n").facts == []


def test_a_passage_knows_whom_it_speaks_of_without_naming() -> None:
    passages = extracted(REPORT).passages
    foci = {passage.text: passage.focus for passage in passages}
    assert foci["It employs over 40 people in Lund."] == "Tarnwood Ltd"
    assert foci["Kelp Medal, 2014"] == ""


def test_extraction_is_the_same_twice() -> None:
    assert extracted(REPORT) == extracted(REPORT)


@pytest.mark.slow
def test_extraction_is_the_same_in_another_process() -> None:
    """The hash of a string differs from process to process; the order of what is found must not."""
    program = f"from tests.extraction import extracted; print(extracted({REPORT!r}).facts)"
    printed = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1] != ""


@settings(max_examples=60, deadline=None)  # a parse takes milliseconds, the first one loads the model
@given(texts, st.sampled_from(["report.txt", "report.md", "report.html"]))
def test_any_text_that_can_be_read_is_extracted(text: str, name: str) -> None:
    try:
        document = read_bytes(text.encode(errors="replace"), name)
    except ReadError:
        return
    found = extract(document, split(document))
    assert_facts_quote(document.text, found)
    assert len({fact.id for fact in found.facts}) == len(found.facts)


def assert_facts_quote(text: str, found: Extraction) -> None:
    spans: Sequence[tuple[int, int, str]] = [
        (fact.selector.start, fact.selector.end, fact.selector.exact) for fact in found.facts
    ]
    assert all(text[start:end] == exact for start, end, exact in spans)
