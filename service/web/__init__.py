"""The pages' templates: HTML that says everything without JavaScript; scripts only make it quicker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.web.assets import asset


def render(template: str, **values: Any) -> str:
    """The page that `template` makes of `values`; every value is escaped unless it is Markup."""
    return _environment.get_template(template).render(values)


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["asset"] = asset
