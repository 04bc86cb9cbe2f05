"""Sentences cut to a length, so that what they are shown for stays in sight."""

from __future__ import annotations

DETAIL_WORDS_MAX = 34


def clipped(text: str, around: str = "", words_max: int = DETAIL_WORDS_MAX) -> str:
    """A sentence of at most `words_max` words, cut where a clause ends, with `around` in sight."""
    parts = text.split()
    if len(parts) <= words_max:
        return text.strip()
    start = 0
    if around and around in text:
        before = len(text[: text.index(around)].split())
        start = max(0, before - words_max // 3) if before > words_max // 2 else 0
    end = min(len(parts), start + words_max)
    cut = " ".join(parts[start:end])
    stop = max(cut.rfind("; "), cut.rfind(", "))
    if end < len(parts) and stop > 0.6 * len(cut):
        cut = cut[:stop]
    return (
        ("… " if start else "")
        + cut.rstrip(",;")
        + (" …" if end < len(parts) or len(cut.split()) < words_max else "")
    )
