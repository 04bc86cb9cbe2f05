"""Models as the libraries that made them load them: offline, and without a word."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer as SentenceTransformer
    from transformers import BertModel

_TRACEABLE = "eager"  # the kind of attention that the exporter of graphs can follow


def sentence_transformer(folder: Path) -> SentenceTransformer:
    """The model of a folder as sentence-transformers runs it; nothing is fetched."""
    _be_quiet_and_offline()
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        str(folder),
        device="cpu",
        local_files_only=True,
        model_kwargs={"use_safetensors": True, "attn_implementation": _TRACEABLE},
    )


def bert(folder: Path) -> BertModel:
    """The encoder of a folder without what sentence-transformers adds; nothing is fetched."""
    _be_quiet_and_offline()
    from transformers import BertModel

    return BertModel.from_pretrained(
        str(folder),
        add_pooling_layer=False,
        attn_implementation=_TRACEABLE,
        use_safetensors=True,
        local_files_only=True,
    )


def _be_quiet_and_offline() -> None:
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else a warning at every fork
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
