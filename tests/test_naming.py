"""A name that an answer leads with is cited where it is printed."""

from __future__ import annotations

from service.ask import Assistant
from service.evidence import Draft, Line, Member, quote_of
from service.writing.naming import with_names_cited


def test_a_member_told_by_another_name_cites_who_it_is(ventures: Assistant) -> None:
    knowledge = ventures.knowledge
    awarded = next(quote_of(p) for p in knowledge.passages if p.text.startswith("Pellucid Assays employs"))
    member = Member("Orrell Research Partnership", "", (awarded,))
    [named] = with_names_cited(Draft((), members=(member,)), knowledge).members
    document = knowledge.documents[awarded.document_id]
    assert named.quotes[0] == awarded
    assert "Orrell Research Partnership" in document.text[named.quotes[1].start : named.quotes[1].end]


def test_a_name_that_its_quote_prints_needs_no_other(ventures: Assistant) -> None:
    knowledge = ventures.knowledge
    quote = next(quote_of(p) for p in knowledge.passages if p.text.startswith("Pellucid Assays employs"))
    draft = Draft((Line("Pellucid Assays: 80 people.", (quote,)),), members=(Member("80", "", (quote,)),))
    assert with_names_cited(draft, knowledge) == draft


def test_a_name_that_no_document_prints_is_left_to_the_check(ventures: Assistant) -> None:
    quote = quote_of(ventures.knowledge.passages[0])
    draft = Draft((Line("Brindle Ltd: it is so.", (quote,)),))
    assert with_names_cited(draft, ventures.knowledge) == draft
