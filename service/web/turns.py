"""An answer as the question page shows it: what was understood, said, cited, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from markupsafe import Markup

from corpus.conversations import Feedback
from corpus.taxonomy import outcome_types
from service.answer import Answer, Citation, Conflict, Constraint, Filters, Understood, UnderstoodAs
from service.understanding.inflection import is_plural
from service.web.evidence import passage_url
from service.writing import copies, prose
from service.writing.citations import citation_url
from service.writing.prose import Marks

SOURCES_OPEN_MAX = 6  # longer lists of sources are folded; a link into one opens it

_ASKED = {
    "list": "a list",
    "count": "a count",
    "quantity": "a figure",
    "who": "a name",
    "yes_no": "yes or no",
    "compare": "a comparison",
    "describe": "a description",
    "define": "a definition",
    "when": "a date",
    "where": "a place",
    "aggregate": "a calculation",
}
_LIMITS = {"place": "in {}", "date": "in {}", "project": "project {}", "subject_type": "{}"}
_NAMED_BY_INTENT = frozenset({"statement", "number", "date", "place", "person", ""})
_INITIALISMS = frozenset({"sme"})


@dataclass(frozen=True)
class Opening:
    """What stands above an answer: its question, and how that is understood."""

    read: Understood

    @property
    def understood(self) -> list[str]:
        """How the question was read, part by part."""
        read = self.read.understood_as
        kinds = [kind.label for name, kind in outcome_types().items() if name in read.outcome_types]
        limits = [*map(_limit, read.constraints), *_filter_words(self.read.filters)]
        return [_asked(read), *kinds, *limits]


@dataclass(frozen=True)
class Turn:
    """An answer with what its template needs."""

    answer: Answer
    said: Feedback | None = None  # of it, last
    asked_at: str = ""  # set where an answer of another day is shown
    outdated: bool = False  # the reports have changed since

    @property
    def opening(self) -> Opening:
        return Opening(Understood.of(self.answer))

    @cached_property
    def marks(self) -> Marks:
        figures = (value.value for value in self.answer.values if not value.formula)
        return Marks(self.answer.id, self.answer.citations, figures)

    @property
    def prose(self) -> Markup:
        said = {citation.number: citation.quote for citation in self.answer.citations}
        quotes = {
            item.label: said.get(next(iter(item.citations), 0), item.label) for item in self.answer.items
        }
        return prose.as_html(self.answer.answer, self.marks.line, quotes)

    @property
    def items(self) -> list[object]:
        return list(prose.items_unsaid(self.answer))

    @property
    def values(self) -> list[object]:
        return list(prose.values_unsaid(self.answer))

    @property
    def sources_open(self) -> bool:
        return len(self.answer.citations) <= SOURCES_OPEN_MAX

    @property
    def asked_on(self) -> str:
        """The day it was asked, as one reads it."""
        moment = datetime.fromisoformat(self.asked_at) if self.asked_at else None
        return f"{moment.day} {moment:%B %Y}" if moment else ""

    @property
    def searched(self) -> str:
        """What was searched and what was left out."""
        covered = self.answer.coverage
        facts = _counted(covered.facts_matched, "fact")
        documents = _counted(covered.documents_searched, "document")
        cut = "The list was cut." if covered.truncated else ""
        return " ".join(part for part in (f"{facts} matched in {documents}.", covered.note, cut) if part)

    @property
    def made(self) -> str:
        """Whether a language model had a hand in it."""
        return copies.composed_by(self.answer)

    @property
    def how(self) -> list[tuple[str, str]]:
        """What a reader who doubts the answer may want to know of its making."""
        answer = self.answer
        told = [
            ("Question read as", answer.standalone_question),
            ("Understood as", ", ".join(self.opening.understood)),
            ("Time taken", f"{answer.timings_ms.get('total', 0):.0f} ms"),
            ("Version of the index", answer.index_version),
            ("Answer", answer.id),
        ]
        return [(name, value) for name, value in told if value]

    @property
    def facts_url(self) -> str:
        """The table of the facts of the kind that was asked about; "" when there is no single kind."""
        kinds = self.answer.understood_as.outcome_types
        found = self.answer.status == "answered" and len(kinds) == 1
        return "/facts?" + urlencode({"outcome_type": kinds[0]}) if found else ""

    def differing(self, conflict: Conflict) -> str:
        """Whether it is one report or several that give different figures."""
        numbers = {number for value in conflict.values for number in value.citations}
        documents = {one.document_id for one in self.answer.citations if one.number in numbers}
        return "The reports differ" if len(documents) > 1 else "The report gives more than one figure"

    def anchor(self, citation: Citation) -> str:
        """The id of a source's entry."""
        return prose.source_anchor(self.answer.id, citation.number)

    def evidence_url(self, citation: Citation) -> str:
        """Where the source is shown in its report."""
        return f"/answers/{self.answer.id}/sources/{citation.number}"


def ask_url(question: str, conversation_id: str | None = None) -> str:
    """The address of the page that answers `question`."""
    return "/?" + urlencode({"q": question} | ({"c": conversation_id} if conversation_id else {}))


def citation_link(citation: Citation) -> str:
    """The page of the document with the cited words marked."""
    return citation_url(citation.document_id, citation.start, citation.end)


def passage_evidence_url(citation: Citation) -> str:
    """Where the passage is shown in its report, whatever answer it came with."""
    return passage_url(citation.document_id, citation.start, citation.end)


def _asked(read: UnderstoodAs) -> str:
    """What kind of answer is asked for, of what kind of thing."""
    asked, thing = _ASKED[read.intent], _named(read.asks_for)
    if read.asks_for in _NAMED_BY_INTENT:
        return asked
    if read.intent in ("list", "count"):
        return f"{asked} of {_plural(thing)}"
    return f"{asked} ({thing})"


def _plural(noun: str) -> str:
    if is_plural(noun):  # the question's own word
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") else f"{noun}s"


def _limit(constraint: Constraint) -> str:
    words = _LIMITS.get(constraint.field, constraint.field.replace("_", " ") + " {}")
    value = _named(constraint.value) if constraint.field == "subject_type" else constraint.value
    return f"not {value}" if constraint.op == "is not" else words.format(value)


def _filter_words(filters: Filters) -> list[str]:
    """The limits that the asker set, in words."""
    kinds = outcome_types()
    labels = [kinds[name].label if name in kinds else name for name in filters.outcome_types]
    since = f"from {filters.date_from}" if filters.date_from else ""
    until = f"until {filters.date_to}" if filters.date_to else ""
    chosen = _counted(len(filters.document_ids), "document") if filters.document_ids else ""
    words: Sequence[str] = (*labels, *filters.projects, *filters.places, since, until, chosen)
    return [f"only {word}" for word in words if word]


def _named(name: str) -> str:
    return name.upper() if name in _INITIALISMS else name.replace("_", " ")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
