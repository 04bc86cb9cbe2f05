"""What a form of a page may do: nothing that another site's page sent in its reader's name."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from service.errors import NotAllowed


def _sent_from_here(sec_fetch_site: Annotated[str, Header()] = "same-origin") -> None:
    """Raises NotAllowed for a form that stood on a page of another site."""
    if sec_fetch_site not in ("same-origin", "none"):
        raise NotAllowed(
            "Forms are taken from the pages of this service alone. Open its page and send the form again."
        )


SENT_FROM_HERE = Depends(_sent_from_here)
