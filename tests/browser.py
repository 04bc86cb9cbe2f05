"""A real browser before the pages: headless Chromium, told off for every word of its console."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
AXE = (Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js").read_text("utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER WAS TESTED: chromium is not installed (apt-get install chromium)"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium. Open one for a module, not for the session: its event loop bars other tests'."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser,
    url: str,
    *,
    javascript: bool = True,
    width: int = 1280,
    height: int = 800,
    scheme: Literal["dark", "light"] = "light",
    touch: bool = False,
    may_fail: tuple[str, ...] = (),
    may_reach: tuple[str, ...] = (),
) -> Iterator[Page]:
    """A fresh page of the service at `url`, with nothing kept from another.

    At its end it fails on anything that the console said (errors, policy violations), on an exception of a
    script and on a request to anywhere else than the service and `may_reach`; a complaint that has one of
    `may_fail` in it is expected.
    """
    said: list[str] = []
    context = browser.new_context(
        base_url=url,
        java_script_enabled=javascript,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        has_touch=touch,
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: said.extend(_complaint(message, may_fail)))
    page.on("pageerror", lambda error: said.append(f"exception: {error}"))
    page.on("request", lambda request: said.extend(_elsewhere(request.url, url, *may_reach)))
    try:
        yield page
    finally:
        context.close()
    assert said == [], said


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, with the elements; nothing on a good page."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", STANDARDS)
    return [
        f"{rule['id']}: {rule['help']} at {node['html'][:200]}: {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


_NO_FAULT = (
    "Autofocus processing was blocked"  # the test was quicker than the page: its focus stays where it is
)


def _complaint(message: ConsoleMessage, may_fail: tuple[str, ...]) -> list[str]:
    told = f"{message.type}: {message.text} ({message.location['url']})"
    return [] if any(part in told for part in (_NO_FAULT, *may_fail)) else [told]


def _elsewhere(address: str, *urls: str) -> list[str]:
    local = (*urls, "data:", "blob:")
    return [] if address.startswith(local) else [f"request to {address}"]
