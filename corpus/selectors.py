"""Where a quote stands: W3C Web Annotation position and quote selectors over the stored text."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Record(BaseModel):
    """An immutable value that crosses disk or wire; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Selector(Record):
    """A verbatim span: code points [start, end) of the stored text, with the words around it.

    Names follow TextPositionSelector (start, end) and TextQuoteSelector (exact, prefix, suffix)
    of https://www.w3.org/TR/annotation-model/.
    """

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    exact: str = Field(min_length=1)
    prefix: str = ""
    suffix: str = ""

    @model_validator(mode="after")
    def spans_its_quote(self) -> Selector:
        if self.end - self.start != len(self.exact):
            raise ValueError(
                f"Selector {self.start}:{self.end} spans {self.end - self.start} characters, "
                f"its quote has {len(self.exact)}."
            )
        return self


def select(text: str, start: int, end: int, context_chars: int = 32) -> Selector:
    """The selector of `text[start:end]`, with up to `context_chars` characters on either side."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"Span {start}:{end} is not inside a text of {len(text)} characters.")
    return Selector(
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - context_chars) : start],
        suffix=text[end : end + context_chars],
    )


def locate(text: str, selector: Selector) -> tuple[int, int] | None:
    """The span where the selector's quote stands in `text`; None when it is gone or ambiguous.

    The stored position wins when the quote is still there; otherwise the one occurrence whose
    surroundings match best is taken, and two equally good ones are ambiguous.
    """
    if text[selector.start : selector.end] == selector.exact:
        return selector.start, selector.end
    starts = _occurrences(text, selector.exact)
    ranked = sorted(((_surroundings_shared(text, start, selector), start) for start in starts), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    start = ranked[0][1]
    return start, start + len(selector.exact)


def _occurrences(text: str, needle: str) -> list[int]:
    """Every start of `needle` in `text`, overlapping ones included."""
    starts, found = [], text.find(needle)
    while found >= 0:
        starts.append(found)
        found = text.find(needle, found + 1)
    return starts


def _surroundings_shared(text: str, start: int, selector: Selector) -> int:
    """How many characters next to an occurrence agree with the selector's prefix and suffix."""
    end = start + len(selector.exact)
    before = text[max(0, start - len(selector.prefix)) : start]
    left = _agreement(before[::-1], selector.prefix[::-1])
    return left + _agreement(text[end : end + len(selector.suffix)], selector.suffix)


def _agreement(one: str, other: str) -> int:
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared
