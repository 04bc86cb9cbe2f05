"""The libraries of models, told once that nothing is fetched and that nobody watches."""

from __future__ import annotations

import os


def quiet_offline() -> None:
    """Nothing is fetched from a hub, and no progress is printed; harmless when said twice."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else a warning at every fork
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
