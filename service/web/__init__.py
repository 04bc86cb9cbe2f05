"""The pages' templates: HTML that says everything without JavaScript; scripts only make it quicker."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.web.assets import asset

_CUT = f"<!--{secrets.token_hex(16)}-->"  # nobody can write it into a page


def render(template: str, **values: Any) -> str:
    """The page that `template` makes of `values`; every value is escaped unless it is Markup."""
    return "".join(pieces(template, **values))


def pieces(template: str, **values: Any) -> list[str]:
    """The page in pieces, cut where `template` says `{{ cut }}`: what is ready can be sent before the rest."""
    return _environment.get_template(template).render(values).split(_CUT)


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals |= {"asset": asset, "cut": Markup(_CUT)}
