"""Words as they are searched for, and BM25 over them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from snowballstemmer.english_stemmer import EnglishStemmer

TOKENISER = "english-1"  # raise it when `tokens` or a weight changes: other indexes are refused
K1, B = 0.9, 0.75  # SciFact nDCG@10 .697; .694 with K1 1.2, .690 with B .4
FILES = ("terms.txt", "postings_starts.npy", "postings_rows.npy", "postings_weights.npy")

# Closed classes of English: words that say how a sentence is built, not what it is about. "Up", "out" and
# "off" are searched for, since they name things here: a start-up, a spin-out.
_FUNCTION_WORDS = """
a an the this that these those there here it its he him his she her they them their theirs we us our ours
you your yours i me my mine who whom whose which what when where why how and or but nor so if then than as
at by for from in into of on onto to with within about between through during over under after before is are
was were be been being am do does did done doing have has had having will would shall should can could may
might must not no yes also such any some each every both either neither other just only very too more most
many much s t
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())

_QUOTES = "\u2018\u2019\u02bc\u2032`\u00b4"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212"  # the en dash too: 2014\u20132015
_BREAKS = "\u2014\u2015\u2122\u00ae\u00a9"  # the em dash, and marks that compatibility forms would spell out
_INVISIBLE = "\u00ad\u200b\u200c\u200d\ufeff"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys(_QUOTES, "'"),
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys(_BREAKS, " "),
        **dict.fromkeys(_INVISIBLE),
    }
)
_THOUSANDS = re.compile(r"(?<![\w.,'-])\d{1,3}(?:([ ,'])\d{3})(?:\1\d{3})*(?!\d)")
_ATOM = r"(?:\d+(?:\.\d+)+[^\W\d_]*|[^\W_]+)"  # a decimal keeps its point: 3.2m
_WORD = re.compile(rf"{_ATOM}(?:[-_.&/+']{_ATOM})*")
_PART = re.compile(_ATOM)
_SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"is(?=(?:e|es|ed|ing|er|ers|ation|ations)$)", "iz"),  # exercise too: no harm, on both sides
        (r"(?<=[a-z]{3})our(?=(?:s|ed|ing|al|able|ful)?$)", "or"),
        (r"(?<=[cflp]en)c(?=(?:e|es|ed|ing)$)", "s"),
        (r"(?<=[ntb])re(?=s?$)", "er"),
        (r"(?<=gram)me(?=s?$)", ""),
    )
)
_FIGURE_AND_UNIT = re.compile(r"(\d+(?:\.\d+)*)[^\W\d_]+")


def tokens(text: str) -> list[str]:
    """The searchable words of a text, in order: folded, stemmed, without stop words.

    Accents, case, British or American spelling and the form of quotes and dashes do not count. A split
    figure is one word (18 000, 18,000 and 18000), a figure with a unit also counts without it (3.2m), and a
    compound is found whole and in parts: AB-12X is ab12x, ab and 12x. Abbreviations that look like stop
    words (WHO, IT) are kept.
    """
    folded = _folded(text)
    if folded.isupper():  # a heading set in capitals: they mark no abbreviation
        folded = folded.lower()
    return [token for word in _WORD.findall(folded) for token in _searchable(word)]


def _folded(text: str) -> str:
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_SIGNS))
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _THOUSANDS.sub(lambda figure: re.sub(r"\D", "", figure.group()), text)


@lru_cache(maxsize=1 << 16)  # every form of every word of a large corpus: texts repeat their words
def _searchable(word: str) -> tuple[str, ...]:
    forms = _forms(re.sub(r"'[sS]?$|'", "", word))
    return tuple(_stem(form.lower()) for form in forms if _is_searched(form))


def _forms(word: str) -> Iterator[str]:
    """The word, joined if it is a compound, then its parts; a figure is never joined with another."""
    parts = _PART.findall(word)
    if len(parts) > 1:
        yield "".join(parts) if any(character.isalpha() for character in word) else word
    for part in parts:
        yield part
        if figure := _FIGURE_AND_UNIT.fullmatch(part):
            yield figure[1]


def _is_searched(form: str) -> bool:
    abbreviates = len(form) > 1 and form.isupper()
    return abbreviates or form.lower() not in STOP_WORDS


def _stem(token: str) -> str:
    if not token.isalpha():
        return token
    for british, american in _SPELLINGS:
        token = british.sub(american, token)
    # A stemmer of its own for each call: the object holds state, and requests run in several threads.
    return str(EnglishStemmer().stemWord(token))


class Bm25:
    """Okapi BM25 over texts numbered from 0, with the score of each word in each text worked out beforehand.

    Robertson and Zaragoza, 2009, https://doi.org/10.1561/1500000019; inverse document frequency as in Lucene
    (never negative); scores kept with the postings as in BM25S, https://arxiv.org/abs/2407.03618.
    """

    def __init__(
        self,
        count: int,
        terms: Sequence[str],
        starts: NDArray[np.int64],
        rows: NDArray[np.int32],
        weights: NDArray[np.float32],
    ) -> None:
        self.count = count
        self._terms = terms
        self._numbers = {term: number for number, term in enumerate(terms)}
        self._starts, self._rows, self._weights = starts, rows, weights

    @classmethod
    def build(cls, texts: Sequence[str]) -> Bm25:
        """BM25 over `texts`; the first is row 0."""
        numbers: dict[str, int] = {}  # in order of appearance
        seen: list[int] = []
        frequencies: list[int] = []
        distinct, lengths = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts))
        for row, text in enumerate(texts):
            counts = Counter(tokens(text))
            seen += [numbers.setdefault(term, len(numbers)) for term in counts]
            frequencies += counts.values()
            distinct[row], lengths[row] = len(counts), counts.total()
        terms = sorted(numbers)
        places = np.empty(len(terms), dtype=np.int64)
        places[[numbers[term] for term in terms]] = np.arange(len(terms))
        occurring = places[seen]
        by_term = np.argsort(occurring, kind="stable")
        rows = np.repeat(np.arange(len(texts)), distinct)[by_term]
        sizes = np.bincount(occurring, minlength=len(terms))
        return cls(
            count=len(texts),
            terms=terms,
            starts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            rows=rows.astype(np.int32),
            weights=_weights(rows, np.array(frequencies)[by_term], sizes, lengths),
        )

    @classmethod
    def load(cls, folder: Path, count: int) -> Bm25:
        """BM25 as `save` wrote it, over `count` texts."""
        terms, starts, rows, weights = (folder / name for name in FILES)
        return cls(
            count=count,
            terms=terms.read_text(encoding="utf-8", errors="surrogatepass").split("\n")[:-1],
            starts=np.load(starts, allow_pickle=False),
            rows=np.load(rows, allow_pickle=False),
            weights=np.load(weights, allow_pickle=False),
        )

    def save(self, folder: Path) -> None:
        """The folder holds the FILES of this object."""
        terms, starts, rows, weights = (folder / name for name in FILES)
        text = "".join(f"{term}\n" for term in self._terms)
        terms.write_bytes(text.encode("utf-8", "surrogatepass"))
        np.save(starts, self._starts, allow_pickle=False)
        np.save(rows, self._rows, allow_pickle=False)
        np.save(weights, self._weights, allow_pickle=False)

    def scores(self, text: str) -> NDArray[np.float32]:
        """The score of every row for the words of `text`, shape (count,); 0 where no word occurs."""
        scores = np.zeros(self.count, dtype=np.float32)
        for term, times in sorted(Counter(tokens(text)).items()):
            number = self._numbers.get(term)
            if number is not None:
                span = slice(self._starts[number], self._starts[number + 1])
                scores[self._rows[span]] += times * self._weights[span]
        return scores


def _weights(
    rows: NDArray[np.int64],
    frequencies: NDArray[np.int64],
    sizes: NDArray[np.int64],
    lengths: NDArray[np.float64],
) -> NDArray[np.float32]:
    """The BM25 score that each posting adds."""
    rarity = np.log(1 + (len(lengths) - sizes + 0.5) / (sizes + 0.5))
    relative_lengths = lengths / max(lengths.mean(), 1.0) if len(lengths) else lengths
    saturation = K1 * (1 - B + B * relative_lengths[rows])
    weights = np.repeat(rarity, sizes) * frequencies * (K1 + 1) / (frequencies + saturation)
    return np.asarray(weights, dtype=np.float32)
