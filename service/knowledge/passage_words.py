"""The words of all passages: their stems, how telling each is, and which spellings are known."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from corpus.document import Document
from corpus.passages import Passage
from corpus.places import places
from corpus.taxonomy import kind_nouns
from corpus.vocabulary import everyday_words, stem, stems, words

_SPELT_MIN = 5  # letters from which a name run together is looked for in texts run together
_MARKS = re.compile(r"[™®©]|(?<=[a-z])TM\b|[\W_]+")  # what spellings of one name differ by
# Openings by which a sentence goes on about what the one before spoke of.
_GOES_ON = re.compile(
    r"(?:The|This|These|Those|That|They|It|Its|Their|Such|Both|He|She|In addition)\b|"
    r"[^,.;:]{1,45},? (?:it|they) (?:was|were|is|are|has|have|had)\b"
)


class PassageWords:
    """What the passages say word by word, by their positions, whatever the facts are."""

    def __init__(self, passages: Sequence[Passage], documents: Mapping[str, Document]) -> None:
        self.passages = passages
        self._documents = documents

    def limited_to(self, positions: Sequence[int], documents: Mapping[str, Document]) -> PassageWords:
        """The words of some of the passages; their stems are taken over, as these are what costs."""
        view = PassageWords([self.passages[position] for position in positions], documents)
        view.passage_stems = [self.passage_stems[position] for position in positions]
        view.around_stems = [self.around_stems[position] for position in positions]
        view.section_stems = [self.section_stems[position] for position in positions]
        return view

    @cached_property
    def passage_stems(self) -> list[frozenset[str]]:
        """The stems of each passage's own words."""
        return [frozenset(stems(passage.text)) for passage in self.passages]

    @cached_property
    def around_stems(self) -> list[frozenset[str]]:
        """The stems of the words that stand around a passage: its lead and the name it speaks of."""
        return [frozenset(stems(f"{self.lead_text(passage)} {passage.focus}")) for passage in self.passages]

    @cached_property
    def before_stems(self) -> list[frozenset[str]]:
        """The stems of the sentence before, for a passage that goes on from it ("The test ...")."""
        found = []
        for i, passage in enumerate(self.passages):
            goes_on = i > 0 and self.passages[i - 1].block == passage.block and _GOES_ON.match(passage.text)
            same = goes_on and self.passages[i - 1].document_id == passage.document_id
            found.append(self.passage_stems[i - 1] if same else frozenset())
        return found

    @cached_property
    def section_stems(self) -> list[frozenset[str]]:
        """The stems of each passage's heading."""
        return [frozenset(stems(passage.section)) for passage in self.passages]

    def lead_text(self, passage: Passage) -> str:
        """The words that introduce a list item, "" for other passages."""
        return self._documents[passage.document_id].text[slice(*passage.lead)] if passage.lead else ""

    @cached_property
    def place_names(self) -> list[frozenset[str]]:
        """The names of the places that each passage names."""
        return [frozenset(place.name for place in places(passage.text)) for passage in self.passages]

    @cached_property
    def frequency(self) -> Counter[str]:
        """In how many passages each stem occurs."""
        return Counter(found for passage in self.passage_stems for found in passage)

    @cached_property
    def _postings(self) -> dict[str, array[int]]:
        """The positions of the passages that have each stem, in order."""
        found: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for position, held in enumerate(self.passage_stems):
            for word in held:
                found[word].append(position)
        return found

    def printing(self, phrase: str) -> list[int]:
        """The positions of the passages that print a phrase word by word, whatever the case and marks between."""
        asked = words(phrase)
        telling = [held for word in asked if (held := self._postings.get(stem(word))) is not None]
        if not telling:
            return []
        rarest, *others = sorted(telling, key=len)
        in_a_row = re.compile(r"(?<!\w)" + r"\W+".join(map(re.escape, asked)) + r"(?!\w)")
        having = (i for i in rarest if all(_holds(held, i) for held in others))
        return [i for i in having if in_a_row.search(" ".join(words(self.passages[i].text)))]

    def idf(self, stem: str) -> float:
        """How telling a stem is: 0.. about 1, 1 for a stem that no passage has."""
        total = max(len(self.passages), 1)
        return math.log(1 + total / (1 + self.frequency.get(stem, 0))) / math.log(1 + total)

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """Words that the documents write in lower case."""
        return frozenset(
            word
            for passage in self.passages
            for word in re.findall(r"(?<![\w.-])[a-z][a-z'-]+", passage.text)
        )

    def spells(self, name: str) -> bool:
        """True when a document has the name, with or without spaces, hyphens and trade marks inside."""
        asked = _MARKS.sub("", name).lower()
        return len(asked) >= _SPELT_MIN and any(asked in text for text in self._run_together)

    @cached_property
    def _run_together(self) -> list[str]:
        return [_MARKS.sub("", document.text).lower() for document in self._documents.values()]

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Words whose spelling is known: of the documents, of the concept classes, of kinds of things."""
        kinds = frozenset(word for noun in kind_nouns() for word in noun.split())
        return frozenset(word for word in self.lower_words | everyday_words() | kinds if len(word) > 4)

    @cached_property
    def known_stems(self) -> frozenset[str]:
        """Stems of words that the documents or the concept classes have."""
        return frozenset(self.frequency) | frozenset(stem(word) for word in everyday_words())


def _holds(positions: Sequence[int], position: int) -> bool:
    """True when an ascending row has the position."""
    place = bisect_left(positions, position)
    return place < len(positions) and positions[place] == position
