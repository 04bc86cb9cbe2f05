"""Entities of a document: names merged into one thing each, with kind, aliases and evidence."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from corpus.abbreviations import long_form
from corpus.names import Name, names
from corpus.parsing import Parse
from corpus.passages import Passage
from corpus.places import places
from corpus.taxonomy import kind_of, name_words, plain

_ROLE_NOUNS = re.compile(r"\s+(?:partner|participant|member|coordinator|co-ordinator|beneficiary|leader)s?$")
# The head of an apposition or a predicate: everything up to the first preposition, verb or mark.
_PHRASE = (
    r"(?:an?|the|another|one of the|now an?)\s+(?P<phrase>[^,.;:()]{2,90}?)"
    r"(?=\s+(?:in|of|from|for|that|which|who|to|with|based|created|founded|set|on|at|by|and|has|have|is|was|"
    r"are|were|formed|established|aiming|led)\b|[,.;:()]|$)"
)
_APPOSITION = re.compile(r"^(?:\s*,|\s*\(|\s+[-–—])\s*" + _PHRASE)
_COPULA = re.compile(
    r"^(?:\s+from [\w -]{2,30})?(?:\s*,[^,]{1,60},|\s*,)?\s+(?:is|was|are|has become|became|remains)\s+(?:now\s+)?"
    + _PHRASE
)
_LOCATED = re.compile(
    r"^\s*,?\s*(?:(?:is|was|are)\s+)?(?:based|located|headquartered)\s+(?:in|at|near)\b|^\s*,?\s+from\s+[A-Z]"
)
_COMPANY_AFTER = re.compile(
    r"^(?:['’]s)?\s+(?:now |currently |has |have |had |was |were |also |subsequently )*"
    r"(?:employs?|employed|raised|acquired|bought|purchased|sells|sold|licensed|distributes|turnover|shares)\b"
)
_COMPANY_BEFORE = re.compile(
    r"(?:acquired by|sold to|licen[cs]ed to|bought by|purchased by|agreements? with|distributed by|customers? include|"
    r"acquisition by|takeover by|investment from|partnership with)\s+(?:the\s+)?$"
)
_PROJECT_AFTER = re.compile(
    r"^\s+(?:participant|partner|consortium|beneficiary|SME)s?\b,?\s+(?:SME,?\s+)?[A-Z]"
)


_HOME = re.compile(
    r"(?:submitting |lead |host |home )?(?:institution|university|organi[sz]ation)\s*:", re.IGNORECASE
)


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
        return self.entities[key].kind if key in self.entities else "other"


def entity_key(name: str) -> str:
    """The name without article, legal form, accents and marks, in lower case: what merges spellings."""
    folded = unicodedata.normalize("NFKD", plain(name))
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    parts = [part.strip(".,") for part in bare.split()]
    while len(parts) > 1 and parts[0] in {"the", "a"}:
        parts = parts[1:]
    legal = {form.strip(".") for form in name_words()["legal_forms"]}
    while len(parts) > 1 and parts[-1] in legal:
        parts = parts[:-1]
    return re.sub(r"[^a-z0-9+&]", "", "".join(parts)) or "".join(parts)


def recognise(passages: Sequence[Passage], parses: Sequence[Parse]) -> Registry:
    """The entities named in the passages of one document."""
    found = _all_names(passages, parses)
    entities: dict[str, Evidence] = defaultdict(Evidence)
    by_passage: dict[int, list[Mention]] = defaultdict(list)
    for number, passage_names in enumerate(found):
        for name in passage_names:
            mention = Mention(number, name.start, name.end, name.text, entity_key(name.text))
            by_passage[number].append(mention)
            evidence = entities[mention.key]
            evidence.forms[name.text] += 1
            evidence.mentions.append(mention)
    registry = Registry(dict(entities), dict(by_passage))
    _merge(registry, _abbreviations(passages, registry))
    _merge(registry, _shortened(registry))
    _merge(registry, _initials(registry))
    for number, passage in enumerate(passages):
        _kinds_in_passage(registry, number, passage.text)
    _kinds_from_names(registry)
    _kinds_from_recogniser(registry, parses)
    _projects_by_form(registry, parses)
    _merge(registry, _surnames(registry))
    _find_home(registry, passages)
    return registry


def _all_names(passages: Sequence[Passage], parses: Sequence[Parse]) -> list[list[Name]]:
    """Names of every passage; a name seen inside a sentence also counts at the start of others."""
    common = {word for passage in passages for word in re.findall(r"(?<![\w.])[a-z][a-z'’-]+", passage.text)}
    first = [names(parse, common) for parse in parses]
    inside = {
        beginning
        for passage, passage_names in zip(passages, first, strict=True)
        if passage.kind != "heading"
        for name in passage_names
        if name.start > 0
        for beginning in _beginnings(name.text, common)
    }
    spelt_out = _spelt_out(passages)
    found = []
    for passage, parse in zip(passages, parses, strict=True):
        candidates = _with_spelt_out(passage.text, names(parse, common, inside), spelt_out)
        if passage.kind == "heading":
            candidates = [name for name in candidates if plain(name.text).split()[0] in inside]
        found.append(_without_places(passage.text, candidates))
    return found


def _spelt_out(passages: Sequence[Passage]) -> list[str]:
    """Capitalised long forms of abbreviations, longest first: names that may hold small words."""
    found = set()
    for passage in passages:
        for match in re.finditer(r"\(([A-Z][A-Z&-]{1,8})\)", passage.text):
            long = long_form(passage.text[: match.start()], match[1])
            capitals = [word for word in long.split() if word[0].isupper()]
            if len(capitals) >= 2 and long[0].isupper() and len(capitals) >= len(long.split()) / 2:
                found.add(long)
    return sorted(found, key=lambda long: (-len(long), long))


def _with_spelt_out(text: str, candidates: Sequence[Name], spelt_out: Sequence[str]) -> list[Name]:
    """The names of a passage with the parts of a long form replaced by the whole of it."""
    whole: list[Name] = []
    for long in spelt_out:
        start = text.find(long)
        while start >= 0:
            name = Name(start, start + len(long), long)
            if not any(other.start < name.end and name.start < other.end for other in whole):
                whole.append(name)
            start = text.find(long, start + len(long))
    kept = [name for name in candidates if not any(name.start < w.end and w.start < name.end for w in whole)]
    return sorted([*kept, *whole], key=lambda name: name.start)


def _without_places(text: str, candidates: Sequence[Name]) -> list[Name]:
    """The names that are no places; an acronym stays, though a town may be spelt like it."""
    spans = [(place.start, place.end) for place in places(text)] if candidates else []
    return [
        name
        for name in candidates
        if (name.text.isupper() and len(name.text) > 3)
        or not any(start <= name.start and name.end <= end for start, end in spans)
    ]


def _beginnings(name: str, common: Collection[str]) -> list[str]:
    """What later sentences may open with when they open with this name: its first word or its first two."""
    words = plain(name).split()
    return [words[0]] if words[0] not in common else [" ".join(words[:2])] if len(words) > 1 else []


def _merge(registry: Registry, aliases: dict[str, str]) -> None:
    """Entities of the keys of `aliases` become aliases of the entities they map to."""
    for alias, key in aliases.items():
        if alias == key or alias not in registry.entities or key not in registry.entities:
            continue
        absorbed, kept = registry.entities.pop(alias), registry.entities[key]
        kept.aliases |= set(absorbed.forms) | absorbed.aliases
        for mention in absorbed.mentions:
            moved = Mention(mention.passage, mention.start, mention.end, mention.text, key)
            kept.mentions.append(moved)
            row = registry.by_passage[mention.passage]
            row[row.index(mention)] = moved
        kept.mentions.sort(key=lambda mention: (mention.passage, mention.start))


def _abbreviations(passages: Sequence[Passage], registry: Registry) -> dict[str, str]:
    """Alias key by its long form's key, from "Long Name (LN)" whose letters are its initials."""
    aliases = {}
    for number, mentions in registry.by_passage.items():
        text = passages[number].text
        for long, short in zip(mentions, mentions[1:], strict=False):
            between = text[long.end : short.start]
            bracketed = (
                between.strip() in {"(", '("', "('"}
                and text[short.end : short.end + 2].lstrip("\"'")[:1] == ")"
            )
            if bracketed and initials_match(short.text, long.text):
                aliases[short.key] = long.key
            elif (
                re.fullmatch(r",?\s+(?:the\s+)?", between)
                and "," in between
                and initials_match(long.text, short.text)
            ):
                aliases[long.key] = short.key
    return aliases


def initials_match(short: str, long: str) -> bool:
    """True when the capitals of `short` are the first letters of words of `long`, in order."""
    letters = [char for char in short if char.isalpha()]
    if not 2 <= len(letters) <= 10 or len(short) >= len(long) or sum(char.isupper() for char in letters) < 2:
        return False
    initials = [word[0].lower() for word in re.findall(r"[^\W_]+", long)]
    position = 0
    for letter in (char.lower() for char in letters if char.isupper()):
        try:
            position = initials.index(letter, position) + 1
        except ValueError:
            return False
    return initials[0] == letters[0].lower()


def _shortened(registry: Registry) -> dict[str, str]:
    """Short names that stand for exactly one longer name: first words equal, the rest says "company"."""
    filler = name_words()["company_words"] | name_words()["legal_forms"]
    forms = {key: plain(evidence.name).split() for key, evidence in registry.entities.items()}
    aliases = {}
    for key, short in forms.items():
        longer = [
            other
            for other, words in forms.items()
            if other != key
            and len(words) > len(short)
            and words[: len(short)] == short
            and all(word in filler for word in words[len(short) :])
        ]
        if len(longer) == 1:
            aliases[key] = longer[0]
    return aliases


def _initials(registry: Registry) -> dict[str, str]:
    """Acronyms that are the initials of exactly one longer name of the document, an academic one by its words."""
    academic = name_words()["academic_words"]
    initials: dict[str, set[str]] = defaultdict(set)
    for key, evidence in registry.entities.items():
        capitals = "".join(word[0] for word in evidence.name.split() if word[0].isupper())
        if len(capitals) >= 3 and set(plain(evidence.name).split()) & academic:
            initials[capitals].add(key)
    return {
        key: next(iter(initials[evidence.name]))
        for key, evidence in registry.entities.items()
        if evidence.name in initials and len(initials[evidence.name]) == 1
    }


def _kinds_in_passage(registry: Registry, number: int, text: str) -> None:
    """Kinds that the words next to a name tell."""
    mentions = registry.by_passage.get(number, [])
    for position, mention in enumerate(mentions):
        evidence = registry.entities[mention.key]
        left, right = text[: mention.start], text[mention.end :]
        _kind_before(registry, mentions, position, text)
        for pattern, weight in ((_APPOSITION, 3.0), (_COPULA, 3.0)):
            match = pattern.match(right)
            kind = kind_of(match["phrase"]) if match else None
            if kind and match:
                evidence.add(kind, weight, (number, mention.start, mention.end + match.end()))
        _kind_after(registry, mentions, position, text)
        if _LOCATED.match(right):
            evidence.add("company", 1.0, (number, mention.start, mention.end))
        if _COMPANY_AFTER.match(right) or _COMPANY_BEFORE.search(left):
            evidence.add("company", 1.2, (number, mention.start, mention.end))
        if _PROJECT_AFTER.match(right):
            evidence.add("project", 2.0, (number, mention.start, mention.end))


def _kind_before(registry: Registry, mentions: list[Mention], position: int, text: str) -> None:
    """ "the patient organisation X", "IMI projects A, B and C", "Professor Y"."""
    mention = mentions[position]
    left = text[: mention.start].rstrip("\"'“‘´` ")
    if re.search(r"\b(?:dr|prof|professor|sir|dame|lord|mr|mrs|ms)\.?$", plain(left)):
        registry.entities[mention.key].add("person", 3.0, (mention.passage, mention.start, mention.end))
        return
    noun_text = re.sub(r"(?:,| named| called| namely| such as| including|:|\(| of| the)+$", "", left)
    bare = _ROLE_NOUNS.sub("", noun_text)
    kind = kind_of(bare[-60:]) if bare else None
    if kind is None or (noun_text != left and left[-1:] in ":(" and not re.search(r"s$", bare)):
        return
    if re.search(r" of$", left) or (
        left.endswith(",") and not _ROLE_NOUNS.search(noun_text) and kind not in {"sme", "company"}
    ):
        return
    start = max(0, len(bare) - 40)
    group = [mention]
    if re.search(r"(?:s|ies)$", bare):
        group += coordinated(mentions, position, text)
    for member in group:
        registry.entities[member.key].add(kind, 3.0, (mention.passage, start, member.end))


def coordinated(mentions: list[Mention], position: int, text: str) -> list[Mention]:
    """The further members of "A, B and C" that begins at `position`."""
    group = []
    for before, after in zip(mentions[position:], mentions[position + 1 :], strict=False):
        if not re.fullmatch(
            r"\s*(?:\([^)]*\))?\s*(?:,|and|&|or|, and|as well as)\s*(?:the\s+)?",
            text[before.end : after.start],
        ):
            break
        group.append(after)
    return group


def _kind_after(registry: Registry, mentions: list[Mention], position: int, text: str) -> None:
    """ "the X project", "A and B projects"; plural "X projects" makes X the programme they belong to."""
    mention = mentions[position]
    right = text[mention.end :]
    match = re.match(r"(['’]s)?\s+()([A-Za-z-]+)\b", right)
    if match is None or kind_of(match[3]) is None:
        match = re.match(r"()\s+([a-z-]+\s+)([A-Za-z-]+)\b", right)
    kind = kind_of(match[3]) if match else None
    if kind is None or match is None or kind in {"person", "product"}:
        return
    at = (mention.passage, mention.start, mention.end + match.end())
    is_plural = match[3].lower().endswith("s")
    after = text[mention.end + match.end() :]
    if kind == "project" and (is_plural or match[1] or re.match(r"\s+[A-Z]", after) or match[2]):
        before = [m for i, m in enumerate(mentions[:position]) if mention in coordinated(mentions, i, text)]
        if is_plural and before and not match[2]:
            for member in [*before, mention]:
                registry.entities[member.key].add("project", 2.5, at)
        else:
            registry.entities[mention.key].add("programme", 1.5, at)
    elif not match[1] and not match[2] and kind not in {"sme", "company", "academic"}:
        registry.entities[mention.key].add(kind, 2.5, at)


def _kinds_from_names(registry: Registry) -> None:
    """Kinds that the words of a name itself tell: "... Ltd", "University of ...", "... Award"."""
    words = name_words()
    for evidence in registry.entities.values():
        mention = evidence.mentions[0]
        at = (mention.passage, mention.start, mention.end)
        for form in {*evidence.forms, *evidence.aliases}:
            parts = [part.strip(",") for part in plain(form).split()]
            if parts[-1] in words["legal_forms"] and len(parts) > 1:
                evidence.add("company", 3.0, at)
            for kind, key, weight in (
                ("award", "award_words", 4.0), ("academic", "academic_words", 3.0), ("journal", "journal_words", 2.0),
                ("network", "network_words", 2.0), ("regulator", "regulator_words", 2.0), ("funder", "funder_words", 2.0),
                ("company", "company_words", 2.0),
            ):  # fmt: skip
                if (parts[-1] in words[key] or (key == "academic_words" and set(parts) & words[key])) and len(
                    parts
                ) > 1:
                    evidence.add(kind, weight, at)
                    break


def _kinds_from_recogniser(registry: Registry, parses: Sequence[Parse]) -> None:
    """A weak vote of the statistical recogniser, taken over all mentions of a name."""
    for evidence in registry.entities.values():
        labels: dict[str, int] = defaultdict(int)
        for mention in evidence.mentions:
            token = parses[mention.passage].at(mention.start)
            if token is not None and token.label:
                labels[token.label] += 1
        mention = evidence.mentions[0]
        at = (mention.passage, mention.start, mention.end)
        person = labels["PERSON"] > 0.5 * len(evidence.mentions)
        if person and re.fullmatch(
            r"[A-Z][a-zà-ÿ'’-]+(?: [A-Z]\.?)*(?: [A-Z][A-Za-zà-ÿ'’-]+){1,2}", evidence.name
        ):
            evidence.add("person", 0.9, at)


def _projects_by_form(registry: Registry, parses: Sequence[Parse]) -> None:
    """In a document that names projects, an acronym that acts or owns and is nothing else is a project."""
    known = [key for key, evidence in registry.entities.items() if evidence.kind == "project"]
    if len(known) < 3:
        return
    for evidence in registry.entities.values():
        if evidence.kinds or not _is_acronym(evidence.name):
            continue
        for mention in evidence.mentions:
            token = parses[mention.passage].at(mention.end - 1)
            after = parses[mention.passage].text[mention.end : mention.end + 2]
            if token is not None and (token.dep in {"nsubj", "nsubjpass"} or after in ("'s", "’s")):
                evidence.add("project", 0.8, (mention.passage, mention.start, mention.end))
                break


def _surnames(registry: Registry) -> dict[str, str]:
    """Surnames that stand for exactly one person of the document."""
    persons: dict[str, set[str]] = defaultdict(set)
    for key, evidence in registry.entities.items():
        if evidence.kind == "person" and len(evidence.name.split()) > 1:
            persons[plain(evidence.name).split()[-1]].add(key)
    return {
        key: next(iter(persons[key]))
        for key, evidence in registry.entities.items()
        if key in persons and len(persons[key]) == 1 and " " not in evidence.name and evidence.kind in {"other", "person"}
    }


def _find_home(registry: Registry, passages: Sequence[Passage]) -> None:
    """The institution named in a line such as "Institution: University of X" at the head of a document."""
    for number, passage in enumerate(passages[:12]):
        if _HOME.match(passage.text):
            mentions = registry.by_passage.get(number, [])
            if mentions:
                registry.home, registry.home_passage = mentions[0].key, number
            return


def _is_acronym(name: str) -> bool:
    capitals = sum(char.isupper() for char in name)
    return (
        " " not in name
        and len(name) >= 4
        and (capitals >= 3 or (capitals >= 2 and any(c.isdigit() for c in name)))
    )
