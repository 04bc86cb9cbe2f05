"""Log lines: JSON on stderr, one per event, without the text of questions."""

from __future__ import annotations

import logging
import sys

import structlog

_PROCESSORS: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def configure(level: str) -> None:
    """From here on every event at `level` or above is one JSON line on stderr."""
    number = logging.getLevelNamesMapping()[level.upper()]
    _take_over(number)
    structlog.configure(
        processors=[*_PROCESSORS, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _take_over(level: int) -> None:
    """Warnings of libraries are lines of the same form: one that finds no handler installs its own, in colours."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_PROCESSORS, processor=structlog.processors.JSONRenderer()
        )
    )
    handler.setLevel(max(level, logging.WARNING))  # what they do is theirs, and may hold what somebody asked
    logging.getLogger().handlers = [handler]
