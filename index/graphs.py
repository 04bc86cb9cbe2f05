"""Graphs of networks: made of whole numbers, and opened, by onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession as InferenceSession


def session(file: Path) -> InferenceSession:
    """A graph ready to run on one thread: several threads within a text save little and wait for each other."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: it warns of what the processor lacks
    return InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def quantize(file: Path) -> None:
    """Rewrites a graph with its matrices in whole numbers of 8 bits: a third of the time, a quarter of the size."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = file.with_suffix(".whole")
    file.rename(whole)
    quantize_dynamic(
        whole, file, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"]
    )
    whole.unlink()
