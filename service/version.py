"""Which version this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def service_version() -> str:
    """The installed version; "0" in a checkout that was never installed."""
    try:
        return version("impactqa")
    except PackageNotFoundError:
        return "0"
