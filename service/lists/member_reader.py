"""Members read off the passages: the mentions in them that a trained network takes for what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpus.entities import tells_filing
from corpus.parsing import tagged
from corpus.taxonomy import plain
from index.embedder import DEFAULT_MODEL, Embedder, Matrix, SentenceTransformerEmbedder
from index.reader import Read
from service.knowledge.knowledge import Knowledge
from service.lists.mention_features import Mentioned, features, row_mean
from service.lists.mention_network import network, seen
from service.lists.mentions import Span, mentions, rows
from service.lookups.reranking import read_at
from service.lookups.support import Support
from service.understanding.understand import Reading

READ_MAX = 40  # best supported passages that are read with the question
PASSAGES_MAX = 16  # likeliest of them to answer, in which mentions are looked for
ROW_SHARE = 0.35  # how much what stands in one row with a mention counts for it
GAP_MAX = 5.0  # how far in log-odds behind the likeliest one they may be
BORDER_MAX = 4.0  # log-odds that the reader adds at most to a cut, or takes
# Two spans are one name when what joins them is read as asked for as well, by log-odds: at least so likely, and so little
# less than the spans; of 406 members in 2 folders of reports that found 6 more whole, and joined 2 that are two.
JOINT_ODDS_MIN = -2.0
JOINT_GAP, APART_GAP = 2.5, 2.0  # the latter for what often stands between two: "A and B", "farmers in Kenya"
_APART = re.compile(r"\b(?:and|in|at|on|to|from|with)\b|&|,")
PASSAGES_KEPT = 4096  # whose mentions are remembered: 30 KB each
_ARTICLE = re.compile(r"^(?:the|an?|its|their|his|her)\s+", re.IGNORECASE)
_WHO = re.compile(r"^\W*(?:(?:by|to|from|with|for) )?(?:who|whom)\b")
_WHERE = re.compile(r"^\W*(?:(?:to|from) )?where\b")
_ASKING = re.compile(r"^\W*(?:(?:in|to|for|from|on|at|by|with|of) )?(?:what|which|how|whose|list|name)\b")
# A question that begins with what it asks for: "Partners of Norvia?", "Companies that licensed it".
_NOUN_FIRST = re.compile(
    r"^\W*(?:(?:the|some|any|all|please)\s+)*([a-z][\w'-]*(?:\s+(?!(?:of|in|at|by|that|which|who|with|for|from|to|on|"
    r"named|mentioned|given|used|are|is|was|were)\b)[\w'-]+){0,3})"
)


@dataclass(frozen=True)
class Found:
    """A mention with the probability that it is a member."""

    label: str
    position: int
    start: int  # in the text of its passage
    probability: float
    answers: float  # log-odds of the passage to answer


@dataclass(frozen=True)
class _Inside:
    """All mentions of one passage, which may overlap, in reading order."""

    spans: Sequence[Span]
    things: Matrix  # how surely each is a thing and rightly cut
    sorts: Matrix


def read(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], embedder: Embedder
) -> list[Found]:
    """The mentions of the best supported passages, likeliest members first; none without the default model."""
    if not isinstance(embedder, SentenceTransformerEmbedder) or embedder.name != DEFAULT_MODEL:
        return []
    looked_into = read_into(reading, knowledge, ranked, embedder)
    if looked_into is None:
        return []
    found, reads = looked_into
    noun = network().noun(embedder.encode([asked_for(reading)]))
    scores = network().scores(features(reading, knowledge, ranked, found, noun, reads))
    own: Matrix = (1 / (1 + np.exp(-scores))).astype(np.float32)
    likely = (1 - ROW_SHARE) * own + ROW_SHARE * row_mean(own, found.rows)
    order = np.argsort(-likely, kind="stable")
    return [
        Found(found.labels[i], at, found.spans[i][0], float(likely[i]), reads[at].answers)
        for i in order
        for at in [int(found.positions[i])]
    ]


def read_into(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], embedder: SentenceTransformerEmbedder
) -> tuple[Mentioned, Mapping[int, Read]] | None:
    """The mentions of the passages that likeliest answer, and what is read in each of these; None without one."""
    if embedder.reader is None:
        return None
    telling = (item for item in ranked if not tells_filing(knowledge.passages[item.position].text))
    best = sorted(telling, key=lambda item: (-item.score, item.position))[:READ_MAX]
    if not best:
        return None
    reads = read_at(reading.question, knowledge, [item.position for item in best], embedder.reader)
    by_odds = sorted(
        zip((item.position for item in best), reads, strict=True),
        key=lambda told: (-told[1].answers, told[0]),
    )
    likely = [told for told in by_odds if told[1].answers >= by_odds[0][1].answers - GAP_MAX][:PASSAGES_MAX]
    found = mentioned(knowledge, dict(likely), embedder)
    return (found, dict(likely)) if found.labels else None


def asked_for(reading: Reading) -> str:
    """The noun phrase of what a question asks for, "people or organisations" where it says "who"."""
    question = plain(reading.question).strip()
    if _WHO.match(question):
        return "people or organisations"
    if _WHERE.match(question):
        return "places"
    if reading.noun_text:
        return reading.noun_text
    first = _NOUN_FIRST.match(question)
    return first[1] if first and not _ASKING.match(question) else "things"


def mentioned(
    knowledge: Knowledge, reads: Mapping[int, Read], embedder: SentenceTransformerEmbedder
) -> Mentioned:
    """The mentions of the passages at some positions, cut as the network and the reader of each see it."""
    labels: list[str] = []
    spans: list[Span] = []
    positions: list[int] = []
    numbers: list[int] = []
    things, sorts = [np.empty(0, dtype=np.float32)], []
    for position, read in reads.items():
        text = knowledge.passages[position].text
        inside = _inside(text, embedder)
        borders = np.clip(read.borders(inside.spans), -BORDER_MAX, BORDER_MAX)
        kept = without_overlaps(inside.spans, inside.things + borders)
        kept = joined(text, inside.spans, kept, read)
        chosen = [inside.spans[i] for i in kept]
        first = max(numbers, default=-1) + 1
        for (start, end), row in zip(chosen, rows(text, chosen), strict=True):
            labels.append(_ARTICLE.sub("", text[start:end]))
            spans.append((start, end))
            positions.append(position)
            numbers.append(first + row)
        things.append(inside.things[kept])
        sorts.append(inside.sorts[kept])
    return Mentioned(
        labels,
        spans,
        np.array(positions, dtype=np.int64),
        np.array(numbers, dtype=np.int64),
        np.concatenate(things),
        np.concatenate(sorts) if sorts else np.empty((0, 0), dtype=np.float32),
    )


@lru_cache(maxsize=PASSAGES_KEPT)
def _inside(text: str, embedder: SentenceTransformerEmbedder) -> _Inside:
    spans, states = seen_in(text, embedder)
    return _Inside(spans, network().things(states), network().sorts(states))


def seen_in(text: str, embedder: SentenceTransformerEmbedder) -> tuple[list[Span], Matrix]:
    """All mentions of a text, which may overlap, and what the network takes of each."""
    spans = mentions(text, next(tagged([text])))
    return spans, seen(embedder.token_states(text), spans)


def without_overlaps(spans: Sequence[Span], things: Matrix) -> list[int]:
    """The surest things among spans that overlap, in reading order."""
    kept: list[int] = []
    for i in np.argsort(-things, kind="stable").tolist():
        if all(spans[i][1] <= spans[other][0] or spans[other][1] <= spans[i][0] for other in kept):
            kept.append(i)
    return sorted(kept)


def joined(text: str, spans: Sequence[Span], kept: Sequence[int], read: Read) -> list[int]:
    """Spans that do not overlap, with those that are one name by what is read between them: "Tower" and "London"."""
    places = {span: i for i, span in enumerate(spans)}
    found: list[int] = []
    for i in kept:
        while found:
            (start, end), (begins, ends) = spans[found[-1]], spans[i]
            whole = places.get((start, ends))
            if whole is None or not _is_one(text, (start, end), (begins, ends), read):
                break
            found.pop()
            i = whole
        found.append(i)
    return found


def _is_one(text: str, before: Span, behind: Span, read: Read) -> bool:
    """True when what stands between two spans is nearly as likely asked for as they are."""
    joint = read.least_odds_of(before[1], behind[0])
    beside = max(read.odds_of(*before), read.odds_of(*behind))
    apart = _APART.search(text[before[1] : behind[0]])
    return joint >= JOINT_ODDS_MIN and joint >= beside - (APART_GAP if apart else JOINT_GAP)
