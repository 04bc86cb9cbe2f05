"""The audit trail: who asked what, and which answer from which sources was given. Kept only where the settings ask for it."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from structlog.contextvars import get_contextvars

from service.answer import Answer


class AuditTrail:
    """A file of JSON lines that is only ever added to, each on the disk before the answer is given."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, answer: Answer) -> None:
        """Adds one answer. It holds the question: only the service's own user may read the file."""
        asked = get_contextvars()
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": asked.get("request_id", ""),
            "key": asked.get("key", ""),
            "answer_id": answer.id,
            "conversation_id": answer.conversation_id,
            "question": answer.question,
            "status": answer.status,
            "reason": answer.reason or "",
            "answer_sha256": hashlib.sha256(answer.answer.encode()).hexdigest(),
            "citations": [citation.id for citation in answer.citations],
            "composer": answer.composer,
            "index_version": answer.index_version,
        }
        data = f"{json.dumps(line)}\n".encode()
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, data)
                os.fsync(file)
            finally:
                os.close(file)
