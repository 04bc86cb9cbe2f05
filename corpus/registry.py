"""What is known of the named things of one document: their forms, kinds, aliases and where each stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a passage; offsets count in the passage's text."""

    passage: int
    start: int
    end: int
    text: str
    key: str


@dataclass
class Evidence:
    """What the document says of one name: forms, kinds with weights, where the kind is said."""

    forms: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kinds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    said_at: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # kind -> passage, start, end
    mentions: list[Mention] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)

    def add(self, kind: str, weight: float, at: tuple[int, int, int]) -> None:
        """Adds a vote for a kind; the first place that says it is kept."""
        self.kinds[kind] += weight
        if kind not in self.said_at:
            self.said_at[kind] = at

    @property
    def kind(self) -> str:
        """The kind with most weight; being an SME is a size, so it makes a company."""
        votes = {kind: weight for kind, weight in self.kinds.items() if kind != "sme"}
        if "sme" in self.kinds:
            votes["company"] = votes.get("company", 0.0) + self.kinds["sme"]
        return max(votes, key=lambda kind: (votes[kind], kind)) if votes else "other"

    @property
    def name(self) -> str:
        """The fullest printed form; among equals the most frequent."""
        return max(self.forms, key=lambda form: (len(form.split()), self.forms[form], len(form), form))


@dataclass
class Registry:
    """The entities of one document by key, and the mentions of each passage in order."""

    entities: dict[str, Evidence]
    by_passage: dict[int, list[Mention]]
    home: str | None = None  # the institution that the document says it is from
    home_passage: int | None = None

    def kind(self, key: str | None) -> str:
        """The kind of the entity of a key; "other" when there is no such entity."""
        return self.entities[key].kind if key in self.entities else "other"
