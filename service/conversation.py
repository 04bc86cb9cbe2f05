"""Follow-ups: a question that leans on the conversation becomes one that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import dates
from corpus.taxonomy import kind_of, plain
from corpus.vocabulary import best, stem
from service.answer import Answer
from service.inflection import AUXILIARIES, in_number, is_plural, past, possessive
from service.knowledge import Knowledge
from service.mentions import Mention, mentions
from service.narrowing import narrowed, with_question_word
from service.referents import Referent, Turn, place_spoken_of, referent, topic
from service.reframing import who_or_what, with_complement, with_constraint, with_noun, with_place
from service.wording import AGENTS, Wording, closed, is_agent, is_fragment, phrase_end, worded

SHORT_WORDS_MAX = 4  # content words of a question that may be about the topic without saying so
COMPARED_MAX = 4
SUPPORT_MIN = 0.6  # share of these words that some passage about the topic must have
_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|also|ok(?:ay)?|then|now)\b[, ]*)+(?:(?:what|how) about |also |then )?|^(?:what|how) about |"
    r"^(?:the )?same (?:question )?(?=for )|^any (?=[\w -]+s\?*$)",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^(?:(?:no|nope|sorry|actually|wait|oops|not (?:that|this)(?: one)?)\b[,.;:! -]*)+"
    r"(?:(?:i (?:mean|meant|was asking about|asked about)|rather|make (?:that|it))\b[,: ]*)?|"
    r"^(?:i (?:mean|meant|was asking about)|make (?:that|it)|rather)\b[,: ]*",
    re.IGNORECASE,
)
_OTHER = re.compile(r"(?:the |an)?other(?: one| [a-z]+)?")
_OF_THOSE = re.compile(
    r"(?P<wh>which|who|what|how many|are any|is any|do any|does any|did any|have any|has any|any|only)(?: ones)?"
    r" of (?:the |all )?(?:those|these|them)(?: (?P<noun>\w+))?(?= |$)"
)
_COMPARED = re.compile(r"(?:is|are|was|were) (?:the )?(?:[a-z]+er|more [a-z]+|[a-z]{3,}est|most [a-z]+)\b")
_THOSE_THAT = re.compile(r"(?:the ones|those|ones) (?:that|which|who) ")
_WHICH_ARE = re.compile(
    r"(?P<wh>which|how many)(?: ones?)?"
    r"(?= (?:is|are|was|were|have|has|come|did|do)\b| in (?:total|all)$| altogether$|$)"
)
_EVENT = re.compile(
    r"(?P<wh>when|why|how|where|(?:in|since) (?:which|what) (?:year|month)|(?:which|what) year)"
    r" (?:(?:was|is) (?:that|this)|did (?:that|this|it) (?:happen|occur|take place|come about))"
)
_QUESTION_WORD = re.compile(
    r"when|where|why|how|how much|by whom|with whom|to whom|for whom|since when|how long|for how long|"
    r"(?:for|at|by) how much|from whom|since what|(?:by|in|since|from|to) (?:which|what) (?:year|month|country|city|date)"
)
_WITH_NOUN = re.compile(
    r"(?P<wh>how many|how much|which|what (?:share|proportion|percentage|fraction|part) of|what|the number of)(?: other| of the)? |(?:the|an?) |"
)
_MORE = re.compile(
    r"(?:(?:please )?(?:can|could) you )?(?:please )?(?:tell me|give me|show me|say|i want to know)? ?(?:some |a bit )?"
    r"more(?: details?| information)?(?: (?:about|on) (?:it|that|this|them))?(?: please)?"
)
_QUESTION = re.compile(r"(?:[a-z]+ )?(?:wh|how|is|are|was|were|do|does|did|has|have|had)")
_DEFINITE = re.compile(r"(?:what|who) (?:is|are|was|were) (?:the|their|its) [\w-]+(?: [\w-]+){0,2}")
_EDGE = re.compile(r"^(?:only|just) |,? (?:only|just|please|then|too|as well|instead)$", re.IGNORECASE)
_ABOUT_US = re.compile(r"\b(?:i|me|my|we|us|our|you|your)\b")


@dataclass(frozen=True)
class FollowUp:
    """A question in its conversation."""

    asked: Wording  # without "and", "what about"
    led: bool  # it had one of them
    marked: bool  # it ends with a question mark
    turns: Sequence[Turn]  # the earlier turns that bring something up, the last one first
    frame: Wording  # the last question proper
    knowledge: Knowledge

    @property
    def answer(self) -> str:
        """The one thing that the last turn was answered with, "" when there were none or several."""
        members = self.turns[0].members if self.turns else ()
        return members[0].text if len(members) == 1 else ""

    def of(self, text: str) -> Wording:
        return worded(text, self.knowledge)


def standalone(question: str, history: Sequence[Answer], knowledge: Knowledge) -> str:
    """The question with what it leaves to the conversation filled in; itself when it stands alone.

    What has a name or enough words of its own stays as it is, byte for byte. Only what the knowledge or the
    answers have names for is filled in: known names fit three times as often as words of earlier turns.
    """
    proper = [answer for answer in history if answer.reason not in {"not_a_question", "off_topic"}]
    if not proper:
        return question
    text = question.strip()
    bare = _LEAD.sub("", text, count=1)
    turns = [Turn(answer, knowledge) for answer in reversed(proper)]
    follow_up = FollowUp(
        asked=worded(bare, knowledge),
        led=bare != text,
        marked=text.endswith("?"),
        turns=[turn for turn in turns if turn.answer.status == "answered" or turn.names] or turns,
        frame=turns[0].wording,
        knowledge=knowledge,
    )
    for rewritten in (_corrected, _narrowed, _more, _of_event, _resolved, _elliptic, _completed):
        found = rewritten(follow_up)
        if found:
            return closed(found)
    return question


# Corrections: "no, I meant LUMEN-4"


def _corrected(follow_up: FollowUp) -> str | None:
    text = follow_up.asked.text
    match = _CORRECTION.match(text)
    if match is None or match.end() == len(text):
        return None
    meant = re.sub(r",? (?:and )?not .+$", "", text[match.end() :])
    if _OTHER.fullmatch(plain(meant)):
        return _other(follow_up)
    new = follow_up.of(meant)
    return _fragment(follow_up, new) if is_fragment(new) else meant


def _other(follow_up: FollowUp) -> str | None:
    """The last question about the other thing that it could have been about."""
    frame = follow_up.frame
    for each in frame.named:
        written = frame.text[each.start : each.end]
        others = [follow_up.knowledge.entities[key].name for key in each.keys]
        for turn in follow_up.turns[1:]:
            others += [referent.text for referent in (*turn.members, *turn.names)]
        for other in others:
            if (
                plain(other) != plain(written) and not set(each.keys) & set(_keys(other, follow_up.knowledge))
            ) or (
                len(each.keys) > 1 and plain(other) != plain(written) and other in others[1 : len(each.keys)]
            ):
                return frame.replaced(each.start, each.end, other)
    return None


def _keys(name: str, knowledge: Knowledge) -> tuple[str, ...]:
    key = knowledge.key_of(name)
    return (key,) if key else ()


# Some of a list: "which of those are French?"


def _narrowed(follow_up: FollowUp) -> str | None:
    text = follow_up.asked.text
    said = plain(text)
    match = _OF_THOSE.match(said) or (None if follow_up.asked.own_names else _WHICH_ARE.match(said))
    listing = next((turn for turn in follow_up.turns if turn.asks_for_members or turn.wording.asked), None)
    if listing is None:
        return None
    those = _THOSE_THAT.match(said)
    if those and follow_up.led and listing.wording.asked:
        return f"Which {listing.wording.noun} {text[those.end() :]}"
    if match is None:
        return None
    wh = match["wh"].capitalize() if match["wh"] in {"which", "how many"} else "Which"
    condition = _condition(match["wh"], text[_condition_start(match, follow_up) :].strip())
    if _COMPARED.match(condition) and (names := _compared(listing)):
        return f"Which {condition}, {names}"
    return narrowed(listing.wording, wh, follow_up.of(condition) if condition else None)


def _compared(listing: Turn) -> str:
    """ "Norvia or Pellucid": the few that were named, "" when there are too few or too many."""
    names = [each.text for each in listing.members or listing.names]
    return f"{', '.join(names[:-1])} or {names[-1]}" if 2 <= len(names) <= COMPARED_MAX else ""


def _condition(wh: str, rest: str) -> str:
    """What must hold of the members: "filed patents" in "did any of them file patents", "" when nothing must."""
    if re.fullmatch(r"(?:are|were) there(?: in (?:total|all))?|in (?:total|all)|altogether", plain(rest)):
        return ""
    first = wh.split()[0]
    if first in {"are", "is", "have", "has"}:
        return f"{'are' if first in {'are', 'is'} else 'have'} {rest}"
    verb, _, object_ = rest.partition(" ")
    return f"{past(verb)} {object_}".strip() if first == "did" else rest


def _condition_start(match: re.Match[str], follow_up: FollowUp) -> int:
    """Behind "which of those", and behind the noun of "which of those companies"."""
    noun = match.groupdict().get("noun")
    if noun and (kind_of(noun) or plain(follow_up.frame.noun).endswith(noun)):
        return match.end()
    return match.start("noun") if noun else match.end()


# "It", "their", "that company"


def _more(follow_up: FollowUp) -> str | None:
    found = topic(follow_up.turns)
    return f"Tell me about {found.text}" if found and _MORE.fullmatch(plain(follow_up.asked.text)) else None


def _of_event(follow_up: FollowUp) -> str | None:
    """ "When was that?": what the last question spoke of is what happened."""
    match = _EVENT.fullmatch(plain(follow_up.asked.text))
    if match is None:
        return None
    wh = re.sub(r"^(which|what) year$", r"in \1 year", match["wh"])
    return with_question_word(follow_up.frame, wh.capitalize(), follow_up.answer)


def _resolved(follow_up: FollowUp) -> str | None:
    asked = follow_up.asked
    text, there = asked.text, _there(follow_up)
    if there:
        return there
    found: list[tuple[Mention, Referent]] = []
    for mention in mentions(asked):
        new = _said(mention, follow_up, [each.text for _, each in found])
        if new is not None:
            found.append((mention, new))
    if not found:
        return None
    for mention, new in reversed(found):
        text = _put(text, mention, new)
    new_wording = follow_up.of(text)
    return _as_question(new_wording, follow_up) if is_fragment(new_wording) else text


def _there(follow_up: FollowUp) -> str | None:
    match = re.search(r"(?<!is )(?<!are )(?<!was )(?<!were ) there$", follow_up.asked.text)
    if match is None or follow_up.asked.own_names:
        return None
    place = place_spoken_of(follow_up.turns)
    found = topic(follow_up.turns)
    where = place or (f"at {found.text}" if found and found.kind != "person" else "")
    return f"{follow_up.asked.text[: match.start()]} {where}" if where else None


def _said(mention: Mention, follow_up: FollowUp, taken: Sequence[str]) -> Referent | None:
    """What a mention stands for, with its noun for "those patents"."""
    if not mention.noun:
        same = taken if not mention.owns else ()
        return referent(mention.wanted, follow_up.turns, same)
    if mention.noun in {"year", "month", "date", "period"}:
        found = [date for turn in follow_up.turns[:1] for date in dates(turn.answer.answer)]
        return Referent(found[0].value) if found else None
    turn = follow_up.turns[0]
    plural = mention.wanted.number == "many"
    if turn.listed and plain(turn.wording.noun).endswith(plain(mention.noun)):
        return turn.listed
    if len(turn.members) == 1 and turn.members[0].kind == kind_of(mention.noun):
        return turn.members[0]
    owner = topic(follow_up.turns)
    return Referent(f"{possessive(owner.text)} {mention.noun}", plural=plural) if owner else None


def _put(text: str, mention: Mention, new: Referent) -> str:
    """The text with the mention said out; the auxiliary beside it follows its number."""
    before, after = text[: mention.start], text[mention.end :]
    if mention.owns:
        return f"{before}{possessive(new.text)}{after}"
    auxiliary = re.search(r"(\w+) $", before)
    if auxiliary and plain(auxiliary[1]) in AUXILIARIES:
        before = f"{before[: auxiliary.start()]}{in_number(auxiliary[1], new.plural)} "
    elif auxiliary and plain(auxiliary[1]) in {"did", "had", "can", "could", "will", "would", "may", "should"}:
        pass
    elif not new.plural and mention.wanted.number == "many" and not mention.noun:
        after = re.sub(r"^ (\w+)", lambda match: f" {in_number(match[1], plural=False)}", after)
    return f"{before}{new.text}{after}"


def _as_question(new: Wording, follow_up: FollowUp) -> str | None:
    """ "LUMEN-3's budget" as "What is LUMEN-3's budget"; "to LUMEN-3's successor" in the last question's words."""
    if new.tokens and new.tokens[0].pos == "ADP":
        return with_constraint(follow_up.frame, new, follow_up.knowledge)
    if re.match(r"(?:how|which|what|who|when|where|why)\b", plain(new.text)):
        return new.text
    return f"{who_or_what(_head(new.text))} {'are' if is_plural(new.text) else 'is'} {new.text}"


def _head(phrase: str) -> str:
    return re.split(r" (?:of|in|for|from|at)\b", phrase)[0]


# "And how many licensing deals?", "And for LUMEN-3?", "and when?"


def _elliptic(follow_up: FollowUp) -> str | None:
    asked = follow_up.asked
    said = plain(asked.text)
    if not asked.text or not is_fragment(asked):
        return None
    bare = follow_up.of(_EDGE.sub("", asked.text))
    if bare.text != asked.text and _is_constraint(bare, 0, len(bare.text)):
        return _fragment(follow_up, bare)
    short = follow_up.marked and len(asked.content) <= (3 if re.match(r"how|which|what", said) else 2)
    return _fragment(follow_up, asked) if follow_up.led or short else None


def _fragment(follow_up: FollowUp, new: Wording) -> str | None:
    """The last question with what the fragment says in the place of what it replaces."""
    frame, said = follow_up.frame, plain(new.text)
    if _QUESTION_WORD.fullmatch(said):
        return with_question_word(frame, new.text[0].upper() + new.text[1:], follow_up.answer)
    if re.fullmatch(r"(?:the )?[\w-]+ ones?", said) and new.places:
        return with_place(frame, new.places[0])
    match = _WITH_NOUN.match(said)
    start = match.end() if match else 0
    end = phrase_end(new, start)
    has_noun = end > start and not _is_constraint(new, start, end)
    if re.match(r"(?:in|by|to|from|for|with|of|at|on) (?:how many|which|what) ", said):
        return with_question_word(frame, new.text[0].upper() + new.text[1:], follow_up.answer) or _attached(
            follow_up, new.text, ""
        )
    if not has_noun:
        return with_constraint(frame, new, follow_up.knowledge) or with_complement(frame, new)
    if plain(new.text[start:end]) in {"one", "ones"} or (start and not _goes_with(new, frame)):
        return None
    noun, tail = new.text[start:end], new.text[end:].strip()
    wh = match["wh"].capitalize() if match and match["wh"] else ""
    rewritten = with_noun(frame, wh, noun)
    if rewritten is None:
        return _attached(follow_up, f"{wh} {noun}" if wh else f"What about {noun}", tail)
    if not tail:
        return rewritten
    return (
        with_constraint(follow_up.of(rewritten), follow_up.of(tail), follow_up.knowledge)
        or f"{rewritten} {tail}"
    )


def _goes_with(new: Wording, frame: Wording) -> bool:
    """False for "which projects?" after "How many jobs were created": a list of those who did it, not what was."""
    listed = plain(new.text).startswith(("which", "what"))
    return not (listed and is_agent(new.text) and frame.noun and not is_agent(frame.noun))


def _is_constraint(new: Wording, start: int, end: int) -> bool:
    """True when a phrase is nothing but names, places and dates."""
    spans: list[tuple[int, int]] = [(each.start, each.end) for each in (*new.named, *new.unknown)]
    spans += [(place.start, place.end) for place in new.places]
    spans += [(date.start, date.end) for date in new.dates]
    said = [token for token in new.tokens if start <= token.start < end]
    telling = [token for token in said if token.pos not in {"DET", "ADP", "CCONJ", "PUNCT"}]
    return bool(telling) and all(any(a <= token.start < b for a, b in spans) for token in telling)


# Short questions that go on about the topic


def _completed(follow_up: FollowUp) -> str | None:
    """A short question without a name: about the topic when it is "and ...", lacks words or is told of there."""
    asked, said = follow_up.asked, plain(follow_up.asked.text)
    found = topic(follow_up.turns)
    if found is None or asked.own_names or not 1 <= len(asked.content) <= SHORT_WORDS_MAX:
        return None
    if _ABOUT_US.search(said) or re.search(r"\b(?:it|this|that|they|them)\b", said) or not _QUESTION.match(said):
        return None
    leans = follow_up.led or len(asked.content) == 1 or _DEFINITE.fullmatch(said)
    if not follow_up.led and (_asks_for_a_class(asked) or asked.places):
        return None
    return _attached(follow_up, asked.text, "") if leans or _is_told_of(found, follow_up) else None


def _asks_for_a_class(asked: Wording) -> bool:
    """True for "Which SMEs ...", "How many projects ...": a question about all of them."""
    return bool(asked.noun) and is_agent(asked.noun) and is_plural(asked.noun)


def _is_told_of(found: Referent, follow_up: FollowUp) -> bool:
    """True when the documents tell of the topic what the question is about."""
    knowledge = follow_up.knowledge
    key = knowledge.key_of(found.text)
    if key is None:
        return False
    about = knowledge.documents_about(key)
    positions = set(knowledge.entities[key].passages) | {
        i for i, spoken in knowledge.spoken_of.items() if spoken == key
    }
    positions |= {i for i, passage in enumerate(knowledge.passages) if passage.document_id in about}
    asked = [
        stem(token.lemma if token.pos == "VERB" else plain(token.text)) for token in follow_up.asked.content
    ]
    return any(
        sum(best(word, knowledge.passage_stems[i]) >= 0.85 for word in asked) >= SUPPORT_MIN * len(asked)
        for i in positions
    )


def _attached(follow_up: FollowUp, text: str, tail: str) -> str | None:
    """The words with the topic of the conversation: "How many employees in 2012 at Norvia"."""
    found = topic(follow_up.turns)
    if found is None:
        return None
    wording = follow_up.of(text)
    return f"{text} {tail} {_link(wording, found)} {found.text}".replace("  ", " ")


def _link(wording: Wording, found: Referent) -> str:
    """The preposition that ties the topic to a question, "" where it is the object of its last verb."""
    said, last = plain(wording.text), wording.tokens[-1]
    passive = any(token.dep == "auxpass" for token in wording.tokens)
    if passive and last.lemma in {"involve", "interest", "engage", "include", "describe"}:
        return "in"
    if passive and not re.search(r"\bby\b", said):
        return "by"
    if re.match(r"who ", said) and last.dep == "ROOT" and last.pos == "VERB":
        return ""
    if re.match(r"(?:what|who|which) (?:is|are|was|were|about) ", said):
        return "of"
    return (
        "in"
        if found.kind in {"project", "programme", "network"}
        else "at"
        if found.kind in AGENTS - {"person"}
        else "for"
    )
