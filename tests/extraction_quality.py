"""Precision and recall of extraction on real reports that were labelled by hand.

The reports lie in the folder `shared` beside the project; what is stored here are offsets, figures and names.
`python -m tests.extraction_quality [dev|test] [--errors]` prints the tables: rules may be mended on the
errors of the dev half, the test half only measures. A department or school counts as its university where a
company came out of it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from corpus.document import Document, source_offset
from corpus.entities import entity_key
from corpus.extract import Extraction, extract
from corpus.facts import Entity, Fact
from corpus.gazetteer import is_inside, key_of, known
from corpus.passages import split
from corpus.readers import read_bytes
from corpus.taxonomy import plain

LABELS = Path(__file__).parent / "data" / "extraction_labels"
SHARED = Path(__file__).parent.parent / "../shared"
ARCHIVE = SHARED / "corpus" / "ref2014_archive.jsonl.gz"
SEED = SHARED / "seeds" / "imi_added_value.txt"

# The relations that are labelled, by the predicate of the facts that state them.
RELATIONS = {
    "spin out": "spin_out", "found": "found", "acquire": "acquire", "license": "license", "fund": "fund",
    "win": "award", "base": "locate", "participate": "participate",
}  # fmt: skip
# No outcomes: a sentence may carry them in addition to what is labelled.
UNSCORED = {
    "qualitative_claim",
    "definition",
    "objective",
    "location",
    "milestone",
    "context_statistic",
    "contact",
}

NO_ORGANISATIONS = {"person", "product", "award", "journal", "other"}


class Span(NamedTuple):
    """Bytes [start, end) of a source."""

    start: int
    end: int


@dataclass
class Score:
    """Counts of what was found rightly, found wrongly and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was found that is true; 1 when nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what is true that was found; 1 when there is nothing to find."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def line(self, name: str) -> str:
        """The score as one row of a table."""
        found, true = self.right + self.wrong, self.right + self.missed
        return (
            f"{name:38} precision {self.precision:.2f} ({self.right}/{found})"
            f"  recall {self.recall:.2f} ({self.right}/{true})"
        )


Scores = dict[str, Score]


@dataclass
class Labelled:
    """A labelled report with what extraction made of it."""

    labels: dict[str, Any]
    document: Document
    extraction: Extraction
    scores: Scores

    @property
    def name(self) -> str:
        """The file that the labels are in, without its ending."""
        return str(self.labels["document"])

    def span(self, start: int, end: int) -> Span:
        """The source's bytes that a span of the stored text stands for."""
        inside = (source_offset(self.document, offset) for offset in range(start, end))
        first = next((offset for offset in inside if offset is not None), -1)
        return Span(first, first + end - start)

    def facts(self, scope: str) -> Iterator[tuple[Span, Fact]]:
        """The facts of the parts of the report that `scope` was labelled in."""
        for fact in self.extraction.facts:
            span = self.span(fact.selector.start, fact.selector.end)
            if any(start <= span.start < end for start, end in self.labels[scope]):
                yield span, fact

    def miss(self, group: str, what: str) -> None:
        """Counts something true that was not found."""
        self.scores[group].missed += 1
        self.scores[group].errors.append(f"{self.name} missed {what}")

    def refuse(self, group: str, what: str) -> None:
        """Counts something found that is not true."""
        self.scores[group].wrong += 1
        self.scores[group].errors.append(f"{self.name} wrong {what}")


def is_available() -> bool:
    """True when the reports are beside the project."""
    return ARCHIVE.is_file() and SEED.is_file()


def measure(half: str) -> Scores:
    """The scores over the labelled reports of one half, by what was looked for."""
    scores: Scores = defaultdict(Score)
    for path in sorted(LABELS.glob("*.json")):
        labels = json.loads(path.read_text("utf-8"))
        if half in ("", labels["half"]):
            source = _source(labels["document"])
            if hashlib.sha256(source).hexdigest() != labels["sha256"]:
                raise ValueError(f"{labels['document']} is not the text that was labelled. Label it anew.")
            document = read_bytes(source, f"{labels['document']}.txt")
            report = Labelled(labels, document, extract(document, split(document)), scores)
            _score_types(report)
            _score_quantities(report)
            _score_relations(report)
            _score_organisations(report)
    return scores


def _source(name: str) -> bytes:
    return SEED.read_bytes() if name == "imi" else _archived()[f"{name}"]


@cache
def _archived() -> dict[str, bytes]:
    with gzip.open(ARCHIVE, "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"].encode() for row in map(json.loads, lines)}


def _score_types(report: Labelled) -> None:
    """What a labelled sentence is about: every type of a fact in it counts once."""
    found: dict[Span, set[str]] = defaultdict(set)
    labelled = [Span(start, end) for start, end, *_ in report.labels["types"]]
    for span, fact in report.facts("typed_in"):
        at = next((label for label in labelled if label.start <= span.start < label.end), span)
        found[at].add(fact.outcome_type)
    for start, end, must, may in report.labels["types"]:
        types = found.pop(Span(start, end), set())
        for outcome_type in must:
            if outcome_type in types:
                report.scores[f"type {outcome_type}"].right += 1
            else:
                report.miss(f"type {outcome_type}", f"{outcome_type} at {start}")
        for outcome_type in types - {*must, *may} - UNSCORED:
            report.refuse(f"type {outcome_type}", f"{outcome_type} at {start}")
    for span, types in found.items():
        for outcome_type in types - UNSCORED:
            report.refuse(f"type {outcome_type}", f"{outcome_type} at {span.start}")


def _score_quantities(report: Labelled) -> None:
    """The figures: value and unit, then the type and the owner of those that were found."""
    facts = [pair for pair in report.facts("typed_in") if pair[1].extractor == "quantity"]
    for start, end, value, value_max, unit, _, types, owner, optional in report.labels["quantities"]:
        at = next(
            (i for i, (span, fact) in enumerate(facts)
             if start <= span.start < end and _is_figure(fact, value, value_max, unit)), None
        )  # fmt: skip
        what = f"{value:g} {unit} at {start}"
        if at is None:
            if not optional:
                report.miss("quantity", what)
            continue
        _, fact = facts.pop(at)
        if optional:
            continue
        report.scores["quantity"].right += 1
        if types:
            _hit_or_miss(
                report, "quantity's type", fact.outcome_type in types, f"{what}: {fact.outcome_type}"
            )
        if owner:
            _hit_or_miss(
                report,
                "quantity's owner",
                any(_same(report, one, fact.subject) for one in owner.split(" or ")),
                f"{what}: {fact.subject}",
            )
    for span, fact in facts:
        report.refuse("quantity", f"{fact.value_text} {fact.object} at {span.start}")


def _is_figure(fact: Fact, value: float, value_max: float | None, unit: str) -> bool:
    own = (
        "percent"
        if fact.unit == "%"
        else fact.unit
        if fact.unit.isupper() and len(fact.unit) == 3
        else "count"
    )
    fits = unit in {"multiple", "multiple count"} or own == unit
    return fits and fact.value == value and (value_max is None or fact.value_max == value_max)


def _hit_or_miss(report: Labelled, group: str, right: bool, what: str) -> None:
    if right:
        report.scores[group].right += 1
    else:
        report.refuse(group, what)
        report.scores[group].missed += 1


def _score_relations(report: Labelled) -> None:
    """Who did what to whom, both roles right; the date of those that have one is scored apart."""
    facts = [
        pair
        for pair in report.facts("related_in")
        if pair[1].predicate in RELATIONS and _is_relation(pair[1])
    ]
    true: set[int] = set()
    for start, end, relation, subject, object_, date, _, optional in report.labels["relations"]:
        matches = [
            i
            for i, (span, fact) in enumerate(facts)
            if start <= span.start < end
            and (
                RELATIONS[fact.predicate] == relation
                or (relation == "found" and fact.predicate == "spin out")
            )
            and _same(report, subject, fact.subject)
            and (
                _same(report, object_, fact.object)
                or (relation == "locate" and _lies_in(fact.place, object_))
            )
        ]
        true |= set(matches)
        what = f"{relation}: {subject} -> {object_} at {start}"
        if matches and not optional:
            report.scores[f"relation {relation}"].right += 1
            if date:
                _hit_or_miss(report, "relation's date", any(facts[i][1].date == date for i in matches), what)
        elif not optional:
            report.miss(f"relation {relation}", what)
    for i, (span, fact) in enumerate(facts):
        if i not in true:
            relation = RELATIONS[fact.predicate]
            report.refuse(f"relation {relation}", f"{fact.subject} -> {fact.object} at {span.start}")


def _is_relation(fact: Fact) -> bool:
    return fact.extractor == "relation" and fact.polarity == "affirmed"


def _lies_in(place: str, region: str) -> bool:
    return any(is_inside(a, b) for a in known(key_of(place)) for b in known(key_of(region)))


def _score_organisations(report: Labelled) -> None:
    """The organisations, projects and their like, with kind, and place where the report tells one."""
    organisations = [
        entity for entity in report.extraction.entities
        if entity.kind not in NO_ORGANISATIONS and _is_inside(report, entity)
    ]  # fmt: skip
    entities = {entity_key(name): entity for entity in report.extraction.entities for name in _names(entity)}
    true = set()
    for name, kinds, place, optional in report.labels["organisations"]:
        entity = entities.get(entity_key(name)) or _containing(entities, name)
        if entity is not None:
            true.add(entity.key)
        kind = kinds[0]
        if optional or kind in {"part", *NO_ORGANISATIONS}:
            if not optional and entity is not None and entity.kind not in {*kinds, "other"}:
                report.refuse(f"organisation {entity.kind}", f"{name} is {kind}")
            continue
        if entity is None or entity.kind not in kinds:
            report.miss(f"organisation {kind}", f"{name} ({entity.kind if entity else 'not a name'})")
            if entity is not None and entity.kind != "other":
                report.refuse(f"organisation {entity.kind}", f"{name} is {kind}")
        else:
            report.scores[f"organisation {kind}"].right += 1
        if place:
            said = [f.place for f in report.extraction.facts if f.predicate == "base" and entity is not None
                    and f.subject_key == entity.key]  # fmt: skip
            if any(_lies_in(found, place) for found in said):
                report.scores["organisation's place"].right += 1
            else:
                report.miss("organisation's place", f"{name} in {place}")
    for entity in organisations:
        if entity.key not in true:
            report.refuse(f"organisation {entity.kind}", entity.name)


def _is_inside(report: Labelled, entity: Entity) -> bool:
    spans = (report.span(start, end) for start, end in entity.mentions)
    return any(a <= span.start < b for span in spans for a, b in report.labels["related_in"])


def _names(entity: Entity) -> Sequence[str]:
    return [entity.name, *entity.aliases]


def _containing(entities: dict[str, Entity], name: str) -> Entity | None:
    """The entity whose name is the label with words more, such as its legal form or "the UK"."""
    key = entity_key(name)
    found = [
        entity
        for other, entity in entities.items()
        if len(key) > 4 and (key in other or (len(other) > 5 and other in key))
    ]
    return found[0] if found else None


def _same(report: Labelled, label: str, name: str) -> bool:
    """True when a label names what was found: the same key, an alias of it, or its words among others."""
    if not label:
        return True
    wanted, own = entity_key(label), entity_key(name)
    names = {own}
    for entity in report.extraction.entities:
        keys = {entity_key(form) for form in _names(entity)}
        if own in keys:
            names |= keys
    words, found = set(plain(label).split()), set(plain(name).split())
    return wanted in names or bool(
        words and found and (words <= found or (len(found) > 1 and found <= words))
    )


def summed(scores: Scores, group: str) -> Score:
    """The scores of one group as one: all types, all figures, all relations, all organisations."""
    own = [score for name, score in scores.items() if name.split(" ")[0] == group]
    return Score(*(sum(counts) for counts in zip(*((s.right, s.wrong, s.missed) for s in own), strict=True)))


def table(scores: Scores, errors: bool = False) -> str:
    """The scores as text, each group with its sum; with `errors`, what was wrong and missed under each."""
    lines = []
    for group in ("type", "quantity", "relation", "organisation"):
        lines.append(summed(scores, group).line(f"all: {group}"))
        for name in sorted(name for name in scores if name.split(" ")[0].removesuffix("'s") == group):
            lines.append("  " + scores[name].line(name))
            lines += [f"      {error}" for error in scores[name].errors if errors]
    return "\n".join(lines)


if __name__ == "__main__":
    asked = [word for word in sys.argv[1:] if not word.startswith("--")]
    for one in asked or ["dev", "test"]:
        print(one)  # noqa: T201
        print(table(measure(one), "--errors" in sys.argv))  # noqa: T201
