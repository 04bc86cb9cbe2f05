"""What the rows of imported tables say of projects: who takes part and leads, the money, the dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from corpus.facts import Fact
from corpus.vocabulary import stems

_CURRENCY = re.compile(r"[A-Z]{3}")


class ProjectRows:
    """The imported facts of every project, by the project's key, in the order of the tables."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.coordinating: dict[str, list[Fact]] = defaultdict(list)
        self._rows: dict[str, list[Fact]] = defaultdict(list)
        self.figures: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        self.dates: dict[str, dict[str, Fact]] = defaultdict(dict)
        self.projects: dict[str, str] = {}  # names by key
        self.tables: set[str] = set()
        for fact in facts:
            if fact.origin == "imported":
                self._add(fact)
        for key, leaders in self.coordinating.items():
            self._rows[key] = self._rows[key] or leaders
        self.of_organisation: dict[str, set[str]] = defaultdict(set)
        for key in self.projects:
            for fact in [*self.participating(key), *self.coordinating.get(key, [])]:
                self.of_organisation[fact.subject_key or ""].add(key)
        self.organisations = {
            fact.subject_key: fact.subject
            for rows in (*self._rows.values(), *self.coordinating.values())
            for fact in rows
            if fact.subject_key
        }
        self._said_of: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for rows in self._rows.values():
            for fact in rows:
                if fact.basis:
                    self._said_of[fact.subject_key or ""].add((fact.subject_type, fact.basis))
        self.labels = frozenset(fact.basis for rows in self._rows.values() for fact in rows if fact.basis)

    def participating(self, project: str) -> list[Fact]:
        """One fact for each participant; the coordinator alone when no table lists participants."""
        return list({fact.subject_key: fact for fact in reversed(self._rows.get(project, []))}.values())[::-1]

    def leading(self, project: str) -> list[Fact]:
        """One fact for each coordinator."""
        rows = self.coordinating.get(project, [])
        return list({fact.subject_key: fact for fact in reversed(rows)}.values())[::-1]

    def is_kind(self, fact: Fact, kind: str, label: str) -> bool:
        """True when the organisation of a row is of a kind, and is called so ("" for any).

        A row that does not say it, such as that of a coordinator, takes it from other rows.
        """
        said = {(fact.subject_type, fact.basis)} if fact.basis else self._said_of[fact.subject_key or ""]
        said = said or {(fact.subject_type, fact.basis)}
        return any(kind in ("", of_kind) and label in ("", called) for of_kind, called in said)

    def figure(self, measure: str, project: str) -> Fact | None:
        """The figure of a project, the first one when several tables have it."""
        return next(iter(self.figures[measure].get(project, [])), None)

    def _add(self, fact: Fact) -> None:
        if fact.object_type == "project" and fact.object_key and fact.subject_key:
            if fact.outcome_type != "participation":
                return
            role = self.coordinating if fact.predicate == "coordinate" else self._rows
            role[fact.object_key].append(fact)
            self._note(fact.object_key, fact.object, fact)
        elif fact.subject_type == "project" and fact.subject_key:
            measure = _measure(fact)
            if measure:
                self.figures[measure][fact.subject_key].append(fact)
            elif fact.outcome_type == "milestone" and fact.date:
                self.dates[fact.predicate].setdefault(fact.subject_key, fact)
            else:
                return
            self._note(fact.subject_key, fact.subject, fact)

    def _note(self, key: str, name: str, fact: Fact) -> None:
        self.projects.setdefault(key, name)
        self.tables.add(fact.document_id)


def _measure(fact: Fact) -> str:
    """What the figure of a project is; "" when it is none that questions ask for."""
    if fact.value is None:
        return ""
    if _CURRENCY.fullmatch(fact.unit):
        return "cost" if fact.predicate == "cost" else "contribution"
    counted = stems(fact.unit)
    return "participants" if fact.outcome_type == "participation" and "particip" in counted else ""
