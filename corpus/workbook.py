"""Excel workbooks: the values of their sheets."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook

from corpus import archives


def sheets(data: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
    """The name of every sheet with its rows from row 1 on, blank ones included. Raises ValueError."""
    try:
        archives.check(data)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        named = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except (CalamineError, BadZipFile) as error:
        raise ValueError(str(error)) from error
    return iter(named)
