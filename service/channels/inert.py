"""Text for front ends that read it as Markdown: what reports and askers wrote becomes no link, image or HTML there."""

from __future__ import annotations

import re

# A web address, also one without its scheme. In a code span it is shown as it is and leads nowhere.
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*:)?//[^\s`\\<>]+|\bwww\.[^\s`\\<>]+", re.IGNORECASE)
_OPENS_HTML = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)
# What would say at the start of a line where a mark such as [1] leads; ours stand behind words.
_DEFINES = re.compile(r"^([^A-Za-z\n]*?\[[^\]]*)\]:", re.MULTILINE)


def inert(text: str) -> str:
    """The text, the same to a reader, with a backslash or a code span where Markdown would make something of it."""
    text = text.replace("\\", r"\\").replace("`", r"\`")
    text = _OPENS_HTML.sub(r"\\<", text)
    text = _DEFINES.sub(r"\1\\]:", text.replace("](", r"\]("))
    return _ADDRESS.sub(lambda found: f"`{found[0]}`", text)
