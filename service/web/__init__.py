"""The pages' templates and their style sheet: plain HTML that works without JavaScript."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
STATIC_DIR = _HERE / "static"


def render(template: str, **values: Any) -> str:
    """The page that `template` makes of `values`; every value is escaped unless it is Markup."""
    return _environment.get_template(template).render(values)


def _style_url() -> str:
    """The style sheet's address with a digest, so that a browser keeps it until it changes."""
    digest = hashlib.sha256((STATIC_DIR / "style.css").read_bytes()).hexdigest()[:8]
    return f"/static/style.css?v={digest}"


_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["style_url"] = _style_url()
