"""Tables without rules between their columns: rows between rules or stripes, cells between gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from corpus.readers.printed import Area, Glyph

_RULE_MIN = 80.0  # points of width; shorter ones underline words
_SAME = 3.0  # points by which rules of one table may differ at their ends, or be apart
_RULES_MIN = 3  # above the header, below it, below the last row
_GAP_SIZES_MIN = 0.7  # between columns, of the text's size
_HEADER_SIZES_MAX = 1.8  # so far above the first rule a header may stand
_HEADER_GAP_SIZES_MIN = 0.45  # between words of a header; those of a sentence are closer
_FIRST_CELL_CHARS_MAX = 40  # rows that begin with more are two columns of text between rules


def tables(edges: Sequence[Area], glyphs: Sequence[Glyph]) -> Iterator[tuple[Area, list[list[Area]]]]:
    """The area and the cells of each table that horizontal edges mark."""
    for rules in _stacks(_rules(edges)):
        area = Area(rules[0].x0, rules[0].top, rules[0].x1, rules[-1].bottom)
        held = [glyph for glyph in glyphs if area.holds(glyph.area) and not glyph.text.isspace()]
        columns = _columns(area, held)
        header = _header(area, glyphs)
        headed = _columns(area, [*held, *header], _HEADER_GAP_SIZES_MIN) if header else []
        if 1 < len(columns) == len(headed):
            columns, held = headed, [*held, *header]
            area = area._replace(top=min(glyph.area.top for glyph in header) - 1)
            rules = [area._replace(bottom=area.top), *rules]
        rows = _rows(rules, columns, held) if len(columns) > 1 else []
        if len(rows) > 1 and _begin_short(columns[0], rows, held):
            yield area, [[Area(left, top, right, bottom) for left, right in columns] for top, bottom in rows]


def _rules(edges: Sequence[Area]) -> list[Area]:
    """The edges that touch, put together; each as one rule."""
    rules: list[Area] = []
    for edge in sorted(edges, key=lambda edge: (round(edge.top / 2), edge.x0)):
        last = rules[-1] if rules else None
        if last and abs(edge.top - last.top) <= 2 and edge.x0 <= last.x1 + _SAME:
            rules[-1] = Area(min(last.x0, edge.x0), last.top, max(last.x1, edge.x1), last.bottom)
        else:
            rules.append(edge)
    return [rule for rule in rules if rule.width >= _RULE_MIN]


def _stacks(rules: Sequence[Area]) -> Iterator[list[Area]]:
    """Rules of one width above each other, as many as a table has at least."""

    def ends(rule: Area) -> tuple[int, int]:
        return round(rule.x0 / _SAME), round(rule.x1 / _SAME)

    for _, same in groupby(sorted(rules, key=lambda rule: (*ends(rule), rule.top)), key=ends):
        stack: list[Area] = []
        for rule in same:
            if not stack or rule.top - stack[-1].top > 2:
                stack.append(rule)
        if len(stack) >= _RULES_MIN:
            yield stack


def _columns(
    area: Area, glyphs: Sequence[Glyph], gap_sizes: float = _GAP_SIZES_MIN
) -> list[tuple[float, float]]:
    """Where columns begin and end: between gaps that no row has anything in."""
    if not glyphs:
        return []
    gap = gap_sizes * median(glyph.size for glyph in glyphs)
    borders, reached = [area.x0], 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.area.x0):
        if reached and glyph.area.x0 - reached > gap:
            borders.append((glyph.area.x0 + reached) / 2)
        reached = max(reached, glyph.area.x1)
    return list(zip(borders, [*borders[1:], area.x1], strict=True))


def _header(area: Area, glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The line directly above the first rule: the header of the table if it has as many columns."""
    reach = _HEADER_SIZES_MAX * median(glyph.size for glyph in glyphs) if glyphs else 0.0
    near = Area(area.x0, area.top - reach, area.x1, area.top)
    return [glyph for glyph in glyphs if near.holds(glyph.area) and not glyph.text.isspace()]


def _rows(
    rules: Sequence[Area], columns: Sequence[tuple[float, float]], glyphs: Sequence[Glyph]
) -> list[tuple[float, float]]:
    """Where rows begin and end: at rules; where these only set off the header, at each line that begins one."""
    bands = [(above.top, below.top) for above, below in pairwise(rules)]
    bands = [band for band in bands if any(band[0] <= glyph.area.middle[1] < band[1] for glyph in glyphs)]
    if len(bands) > 2:
        return bands
    return [row for band in bands for row in _lines(band, columns[0], glyphs)]


def _lines(
    band: tuple[float, float], first_column: tuple[float, float], glyphs: Sequence[Glyph]
) -> Iterator[tuple[float, float]]:
    tops = sorted(
        glyph.area.top
        for glyph in glyphs
        if band[0] <= glyph.area.middle[1] < band[1] and glyph.area.middle[0] < first_column[1]
    )
    begins: list[float] = []
    for top in tops:
        if not begins or top - begins[-1] > _SAME:
            begins.append(top)
    borders = [band[0], *(top - 1 for top in begins[1:]), band[1]]
    return pairwise(borders)


def _begin_short(
    first_column: tuple[float, float], rows: Sequence[tuple[float, float]], glyphs: Sequence[Glyph]
) -> bool:
    chars = [
        sum(
            first_column[0] <= g.area.middle[0] < first_column[1] and top <= g.area.middle[1] < bottom
            for g in glyphs
        )
        for top, bottom in rows
    ]
    return median(chars) <= _FIRST_CELL_CHARS_MAX
