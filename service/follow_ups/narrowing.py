"""An earlier question asked of some of its members, or for the time, place or doer of what it spoke of."""

from __future__ import annotations

import re

from corpus.parsing import parse
from corpus.taxonomy import kind_of, plain
from service.follow_ups.follow_up import FollowUp
from service.follow_ups.referents import Turn
from service.follow_ups.reframing import located, qualified, related
from service.follow_ups.wording import Asked, Wording, is_agent, main_verb
from service.understanding.inflection import agreeing, is_plural, participle, past

COMPARED_MAX = 4
_OF_THOSE = re.compile(
    r"(?P<wh>which|who|what|how many|are any|is any|do any|does any|did any|have any|has any|any|only)"
    r"(?: ones)? of (?:the |all )?(?:those|these|them)(?: (?P<noun>\w+))?(?= |$)"
)
_WHICH_ARE = re.compile(
    r"(?P<wh>which|how many)(?: ones?)?"
    r"(?= (?:is|are|was|were|have|has|come|did|do)\b| in (?:total|all)$| altogether$|$)"
)
_THOSE_THAT = re.compile(r"(?:the ones|those|ones) (?:that|which|who) ")
_COMPARED = re.compile(r"(?:is|are|was|were) (?:the )?(?:[a-z]+er|more [a-z]+|[a-z]{3,}est|most [a-z]+)\b")


# Some of a list: "which of those are French?"


def some_of(follow_up: FollowUp) -> str | None:
    """The question that the last list answered, for those of its members that are asked for now."""
    text = follow_up.asked.text
    said = plain(text)
    match = _OF_THOSE.match(said) or (None if follow_up.asked.own_names else _WHICH_ARE.match(said))
    listing = next((turn for turn in follow_up.turns if turn.asks_for_members or turn.wording.asked), None)
    if match and match["wh"] in {"which", "who", "what"} and follow_up.turns:
        condition = _condition(match["wh"], text[_condition_start(match, follow_up) :].strip())
        if _COMPARED.match(condition) and (names := _compared(follow_up.turns[0])):
            return f"Which {condition}, {names}"
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
    """The few that were named, "Norvia or Pellucid"; "" when there are too few or too many."""
    names = [each.text for each in listing.members or listing.names]
    return f"{', '.join(names[:-1])} or {names[-1]}" if 2 <= len(names) <= COMPARED_MAX else ""


def _condition(wh: str, rest: str) -> str:
    """What must hold of the members: "filed patents" in "did any of them file patents"; "" when nothing."""
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


def narrowed(earlier: Wording, wh: str, condition: Wording | None) -> str | None:
    """The earlier question for those of its members that a condition holds for; for all without one."""
    if earlier.asked is None and (who := _WHO.match(earlier.text)):
        earlier = _with_organisations(earlier, who.end())
    asked = earlier.asked
    if asked is None:
        return None
    if condition is None:
        if _SUPERLATIVE.search(plain(earlier.text)):
            return None
        return f"{wh} {earlier.text[asked.start :]}{'' if earlier.rest else ' are there'}"
    said = plain(condition.text)
    if condition.places and not condition.named and len(condition.content) - len(condition.places) <= 1:
        place = condition.places[0]
        if re.fullmatch(r"(?:(?:is|are|was|were) )?[\w-]+", said) and place.kind == "nationality":
            return qualified(earlier, place, wh)
        if re.match(
            r"(?:(?:is|are|was|were|come|comes) )?(?:based |located |situated )?(?:in|from|at) ",
            said,
        ):
            return located(earlier, place, wh)
    kind = re.fullmatch(r"(?:is|are|was|were) (?:an? )?([\w -]+)", said)
    if kind and is_agent(kind[1]):
        return f"{wh} {condition.text[kind.start(1) :]}{earlier.text[asked.end :]}"
    if re.match(r"(?:is|are|was|were) the ", said) and _SUPERLATIVE.search(said):
        return f"{wh} {condition.text} of the {related(earlier) or earlier.noun}"
    if asked.form == "subject" and earlier.rest:
        return f"{wh} {earlier.text[asked.start :]} and {condition.text}"
    phrase = related(earlier)
    return f"{wh} {phrase} {condition.text}" if phrase else None


_SUPERLATIVE = re.compile(r"\b(?:most|least|fewest|best|worst|[a-z]{3,}est)\b")
_WHO = re.compile(r"Who (?!is\b|are\b|was\b|were\b)", re.IGNORECASE)


def _with_organisations(earlier: Wording, end: int) -> Wording:
    """The question "Who funds LUMEN-3" as "Which organisations fund LUMEN-3"."""
    verb = earlier.parsed.at(end)
    word = verb.lemma if verb is not None and verb.tag == "VBZ" else verb.text if verb is not None else ""
    rest = earlier.text[verb.end :] if verb is not None else ""
    text = f"Which organisations {agreeing(word, plural=True)}{rest}"
    return Wording(text, parse(text), (), (), (), ())


# Another question word: "and when?"


def with_question_word(earlier: Wording, wh: str, answer: str) -> str | None:
    """What the earlier question spoke of, asked for its time, place, cause or doer.

    "When was Norvia founded" after "Who founded Norvia"; `answer` names the one thing that was answered, "".
    """
    tokens, asked = earlier.tokens, earlier.asked
    if not tokens:
        return None
    first = plain(tokens[0].text)
    if tokens[0].pos == "AUX" or tokens[0].lemma in {"be", "do", "have", "can"}:
        return f"{wh} {earlier.text[0].lower()}{earlier.text[1:]}"
    if first == "who" and len(tokens) > 1 and asked is None:
        return _passive(earlier, wh)
    if asked is None or asked.form in {"copular", "listed"}:
        verb = next((token for token in tokens[:4] if token.pos == "AUX"), None)
        adjunct = first in {"when", "where", "why", "how", "by", "since", "in", "for", "from", "with", "to"}
        return f"{wh} {earlier.text[verb.start :]}" if adjunct and verb is not None else None
    return _about_noun(earlier, asked, wh, answer)


def _passive(earlier: Wording, wh: str) -> str | None:
    """A question about the patient: "When was Norvia founded in Lyon" for "Who founded Norvia in Lyon"."""
    verb = next((token for token in earlier.tokens if token.pos == "VERB"), None)
    patient = next((t for t in earlier.tokens if verb and t.dep == "dobj" and t.head == verb.i), None)
    if verb is None or patient is None or verb.i != 1:
        return None
    phrase = earlier.parsed.subtree(patient.i)
    particle = next((t.text for t in earlier.tokens if t.dep == "prt" and t.head == verb.i), "")
    be = (
        "were"
        if patient.tag in {"NNS", "NNPS"} and not earlier.names_in(patient.start, patient.end)
        else "was"
    )
    tail = earlier.text[phrase[-1].end :]
    thing = earlier.text[phrase[0].start : phrase[-1].end]
    text = f"{wh} {be} {thing} {participle(verb.lemma)} {particle}{tail}"
    return re.sub(r"\s+", " ", text).strip()


def _about_noun(earlier: Wording, asked: Asked, wh: str, answer: str) -> str | None:
    behind = [token for token in earlier.tokens if token.start >= asked.end]
    if not behind:
        return None
    subject = answer or earlier.noun
    if asked.form == "object":
        verb = main_verb(earlier, behind[0])
        if verb is None:
            return None
        if asked.wh_start:  # "In which year did Norvia ..."
            return f"{wh} {earlier.text[behind[0].start :]}"
        return f"{wh} {earlier.text[behind[0].start : verb.end]} {subject}{earlier.text[verb.end :]}"
    if behind[0].pos == "AUX":
        tail = earlier.text[behind[0].end :]
        return f"{wh} {agreeing(behind[0].text, is_plural(subject))} {subject}{tail}"
    verb = behind[0]
    do = "did" if verb.tag in {"VBD", "VBN"} else agreeing("does", is_plural(subject))
    return f"{wh} {do} {subject} {verb.lemma}{earlier.text[verb.end :]}"
