"""Graphs of networks opened in onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def session(file: Path) -> InferenceSession:
    """A graph ready to run on one thread: several threads within a text save little and wait for each other."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: it warns of what the processor lacks
    return InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
