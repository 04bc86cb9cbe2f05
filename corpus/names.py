"""Names in a sentence: organisations, projects, persons and products, found by how they are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.parsing import Parse
from corpus.taxonomy import kind_nouns, name_words, plain

# A word as it stands in a name: letters, digits and the marks that join them (&, +, -, ', .).
_WORD = re.compile(r"&|\+?[^\W_](?:[\w®™]|[&.+'’/‑-](?=[\w+]))*\+?")
_CONNECTORS = {"of", "for", "and", "the", "de", "du", "des", "la", "le", "der", "di", "del", "von", "van"}
_ALWAYS_JOIN = {"&", "de", "du", "des", "von", "van", "di", "del", "der"}
_PARTICLES = _CONNECTORS - {"of", "for", "and", "the"}  # one may follow another: "van der", "de la"
# Words that announce "of ..." or "for ..." as part of a name: "Institute for ...", "Federation of ...".
_HEADS_WITH_OF = re.compile(
    r"^(?:universit\w+|colleges?|institut\w*|schools?|facult\w+|departments?|cent(?:re|er)s?|academy|federation|"
    r"association|society|council|ministry|journal|bank|board|office|agency|authority|network|union|foundation|"
    r"alliance|house|division|initiative|partnership|programme|trust|hospital|order|museum|confederation|"
    r"organi[sz]ation|committee|commission|fund|laborator(?:y|ies)|chamber|secretariat|medicine|platform)$"
)
# Capitalised words that are no names by themselves and end a run of name words.
_CLASS_WORDS = {"sme", "smes", "ceo", "cto", "cso", "phd", "msc", "bsc", "md", "r&d", "ip", "it", "pr", "ce"}
_NEVER = {
    "i", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "figure", "table", "section", "annex", "source", "chapter", "page", "phase", "type", "class", "call",
    "calls", "fig", "ref", "eg", "ie", "etc", "dna", "rna", "pa", "no", "st", "pp", "vol", "et", "al",
    "however", "dr", "professor", "prof", "sir", "mr", "mrs", "ms", "dame", "lord", "doctor", "euro", "gbp",
    "usd", "eur", "chf", "the", "a", "an", "this", "these", "it", "in", "on",
}  # fmt: skip
# Words that a name may hold but that are none alone.
_NEVER_ALONE = {
    "impact", "research", "details", "summary", "context", "award", "academy", "master", "science", "project",
    "programme", "european", "university", "college", "institute", "hospital", "school", "department",
    "faculty", "company", "centre", "council", "government", "group", "trust", "ministry", "commission",
    "case", "key",
    "i", "ii", "iii", "iv", "vi", "vii", "viii",
}  # fmt: skip
# What somebody is, before the name or alone: "Chief Executive Anna Kvist".
_ROLE = re.compile(
    r"(?:(?:Senior|Chief|Managing|Research|Clinical|Medical|Executive|Scientific|Technical|Principal|Honorary|Deputy|"
    r"Business|Development|Key|Visiting|Vice|Associate|Programme|Project|General|Commercial|Operating|Financial)\s+)*"
    r"(?:Fellows?|Lecturers?|Directors?|Officers?|Managers?|Readers?|Executives?|Presidents?|Chairman|Chairs?|Founders?|"
    r"Secretary|Associates?|Assistants?|Advis[eo]rs?|Scientists?|Engineers?|Researchers?|Investigators?|Technologists?)"
    r"(?=\s|$)"
)
# What follows the name of an organisation that opens a sentence.
_DESCRIBED = re.compile(r",\s+(?:based|located|headquartered|from|an?|another|the|which)\b")
# Adjectives made of a name: "X-funded", "pan-European".
_COMPOUND = re.compile(
    r"\w[\w’']*[-‑](?:based|funded|funding|wide|led|related|specific|backed|owned|born|style)|"
    r"(?:pan|non|pre|anti|trans|inter|co)[-‑]\w+"
)
_FUNCTION_POS = {"DET", "ADP", "PRON", "SCONJ", "ADV", "CCONJ", "PART", "AUX", "VERB", "INTJ", "PUNCT", "NUM"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed: text == parse.text[start:end]."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def lower(self) -> str:
        return plain(self.text).rstrip(".")


def names(parse: Parse, common: Collection[str] = (), known: Collection[str] = ()) -> list[Name]:
    """The names in a sentence, in order, without overlaps.

    `common` holds lower-case words that the document also writes in lower case (a capital at the
    start of a sentence then says nothing); `known` holds the first word, or the first two, of names
    that were seen inside sentences, in lower case.
    """
    words = [_Word(m.start(), m.end(), m.group()) for m in _WORD.finditer(parse.text)]
    flags = [_is_name_word(parse, words, i, common, known) for i in range(len(words))]
    return [
        name for run in _runs(parse.text, words, flags) if (name := _trimmed(parse.text, run)) is not None
    ]


def _is_name_word(
    parse: Parse, words: list[_Word], i: int, common: Collection[str], known: Collection[str]
) -> bool:
    word = words[i]
    if not any(char.isupper() for char in word.text) or word.lower in _CLASS_WORDS or word.lower in _NEVER:
        return False
    if re.fullmatch(r"[A-Z]|[\d.,]+[a-zA-Z%]{0,2}", word.text) or _COMPOUND.fullmatch(word.text):
        return False
    internal = any(char.isupper() for char in word.text[1:])
    if internal or not _starts_sentence(parse.text, word.start):
        return not (word.text[0].isdigit() and not internal)
    token = parse.at(word.start)
    if token is not None and token.pos in _FUNCTION_POS and not {word.lower, _pair(words, i)} & set(known):
        return False
    if word.lower in known or _pair(words, i) in known:
        return True
    if word.lower in common:
        is_modifier = token is not None and token.pos == "PROPN" and token.dep == "compound"
        if token is not None and token.pos in {"ADJ", "NOUN"} and token.dep in {"amod", "compound"}:
            # "Digital Harbours Ltd": the noun behind is written with a capital only as part of the name.
            is_modifier = _joins_name(words, i) and words[i + 1].lower in {
                *common,
                *name_words()["company_words"],
            }
        return is_modifier and _joins_name(words, i)
    described = _DESCRIBED.match(parse.text[word.end :]) is not None
    return described or (token is not None and token.pos == "PROPN")


def _joins_name(words: list[_Word], i: int) -> bool:
    """True when the next word is capitalised too, so that both may be one name."""
    return i + 1 < len(words) and words[i + 1].text[:1].isupper()


def _pair(words: list[_Word], i: int) -> str:
    return f"{words[i].lower} {words[i + 1].lower}" if i + 1 < len(words) else ""


def _starts_sentence(text: str, offset: int) -> bool:
    before = text[:offset].rstrip(" \"'“‘(´`")
    return not before or before[-1] in ".!?:;•"


def _runs(text: str, words: list[_Word], flags: list[bool]) -> Iterator[list[_Word]]:
    """Runs of neighbouring name words, with the connectors that a name may hold."""
    i = 0
    while i < len(words):
        if not flags[i]:
            i += 1
            continue
        run, j = [words[i]], i + 1
        while j < len(words):
            taken = _continuation(text, words, flags, run, j)
            if not taken:
                break
            run.extend(words[j : j + taken])
            j += taken
        yield run
        i = j


def _continuation(text: str, words: list[_Word], flags: list[bool], run: list[_Word], j: int) -> int:
    """How many words from position `j` on belong to the run before them; 0 when it ends."""
    gap, word = text[run[-1].end : words[j].start], words[j]
    if _ends_run(run[-1], gap) or ("." in gap and not _is_legal_form(word.text)):
        return 0
    if flags[j] or _is_legal_form(word.text):
        return 1
    if re.fullmatch(r"\d{1,2}", word.text):
        following = words[j + 1].text if j + 1 < len(words) else ""
        return 0 if re.fullmatch(r"(?!as|is|has|was|its|this|plus|thus)[a-z]+s", following) else 1
    if word.lower in _CONNECTORS or word.text == "&":
        return _connector(text, words, flags, run, j)
    return 0


def _connector(text: str, words: list[_Word], flags: list[bool], run: list[_Word], j: int) -> int:
    """How many words a connector at `j` brings into the run, itself and articles included."""
    k = j + 1
    further = {"the", "of"} if words[j].lower in {"of", "for"} else _PARTICLES
    while k < len(words) and words[k].lower in further:
        k += 1
    if k >= len(words) or not flags[k] or not re.fullmatch(r"[\w\s]+", text[words[j].end : words[k].start]):
        return 0
    connector = words[j].lower if words[j].text != "&" else "&"
    if connector in _ALWAYS_JOIN:
        return k - j + 1
    heads = [bool(_HEADS_WITH_OF.match(word.lower)) for word in run]
    if connector in {"of", "for"} and any(heads):
        return k - j + 1
    opened = any(word.lower in {"of", "for"} for word in run)
    if connector == "and" and opened and not _HEADS_WITH_OF.match(words[k].lower):
        return k - j + 1
    return 0


def _ends_run(last: _Word, gap: str) -> bool:
    if re.search(r"['’]s?$", last.text) or gap.startswith(("'", "’")):
        return True
    return gap.strip() not in ("", ".") or (gap.strip() == "." and not _is_legal_form(last.text + "."))


def _is_legal_form(word: str) -> bool:
    lowered = plain(word)
    if word.islower() and lowered in {"as", "co.", "sa", "ab", "spa"}:
        return False
    return lowered in name_words()["legal_forms"]


def _trimmed(text: str, run: list[_Word]) -> Name | None:
    """The run without leading class words and a trailing possessive; None when nothing is left."""
    while run and run[0].lower in kind_nouns() and len(run) > 1 and run[0].text.isupper():
        run = run[1:]
    while run and run[-1].lower in _CONNECTORS | _NEVER - {"research"} and not _is_legal_form(run[-1].text):
        run = run[:-1]
    if not run:
        return None
    role = _ROLE.match(text[run[0].start : run[-1].end])
    if role:
        run = [word for word in run if word.start >= run[0].start + role.end()]
        while run and run[0].lower in _CONNECTORS:
            run = run[1:]
        if not run:
            return None
    start, end = run[0].start, run[-1].end
    printed = re.sub(r"['’]s$", "", text[start:end]).rstrip("'’")
    if end < len(text) and text[end] == "." and _is_legal_form(run[-1].text + "."):
        printed += (
            "." if text[end + 1 : end + 2] not in ("", " ") or text[end + 2 : end + 3].islower() else ""
        )
    if len(printed) < 2 or plain(printed) in _NEVER | _NEVER_ALONE or _is_legal_form(printed):
        return None
    return Name(start, start + len(printed), printed)
