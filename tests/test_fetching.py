"""Fetching: nothing but the public internet is reached, whatever the address looks like or leads to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from service.running import fetching
from service.running.fetching import Address, Refused, fetch, is_public, requested

PRIVATE = [
    *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://127.1/"),
    *("http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://0/"),
    *(
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.8/",
        "http://172.16.3.1/",
        "http://192.168.1.1/",
    ),
    *("http://100.64.0.1/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[::ffff:127.0.0.1]/"),
    *(
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
    ),
    *(
        "http://255.255.255.255/",
        "http://198.18.0.1/",
        "http://192.0.2.1/",
        "http://[::]/",
        "http://[ff02::1]/",
    ),
    *("https://127.0.0.1/", "http://127.0.0.1./", "http://①②⑦.0.0.1/"),
]
MALFORMED = [
    *("file:///etc/passwd", "gopher://example.org/", "ftp://example.org/a.txt", "javascript:alert(1)", ""),
    *(
        "http://ok@127.0.0.1/",
        "http://user:pw@example.org/",
        "http://example.org\\@127.0.0.1/",
        "//example.org/",
    ),
    *(
        "http://example.org:22/",
        "http://example.org:99999/",
        "http://exam\nple.org/",
        "http:///a.txt",
        "http://[::1/",
    ),
    *("http://exa mple.org/", "http://example.org/\r\nHost: 127.0.0.1"),
]


@pytest.mark.parametrize("url", PRIVATE)
def test_an_address_that_is_not_public_is_not_connected_to(url: str) -> None:
    with pytest.raises(Refused, match="has no address|not an address of the public internet"):
        fetch(url)


@pytest.mark.parametrize("url", MALFORMED)
def test_what_is_no_plain_web_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(Refused):
        requested(url)


def test_public_addresses_are_public() -> None:
    assert all(is_public(ipaddress.ip_address(each)) for each in ("93.184.215.14", "2606:2800:21f:cb07::1"))


class Site(BaseHTTPRequestHandler):
    """A site whose pages redirect, answer, or fail."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        self.send_response(404 if self.path == "/gone.txt" else 200)
        self.send_header(
            "Content-Type", "image/png" if self.path == "/picture" else "text/html; charset=utf-8"
        )
        self.end_headers()
        self.wfile.write(b"<p>Norvia filed 12 patents.</p>")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the site, at which only this test's own port counts as the usual one."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        monkeypatch.setattr(fetching, "_PORTS", {"http": server.server_port, "https": 443})
        Thread(target=server.serve_forever, daemon=True).start()
        yield "http://127.0.0.1"
        server.shutdown()


def anything(_address: Address) -> bool:
    return True


def test_a_page_is_fetched_with_its_kind(site: str) -> None:
    fetched = fetch(f"{site}/to//report", anything)
    assert (fetched.suffix, b"".join(fetched.chunks)) == (".html", b"<p>Norvia filed 12 patents.</p>")


@pytest.mark.parametrize(
    "path", ["/gone.txt", "/picture", "/to/file:///etc/passwd", "/to/http://u@127.0.0.1/"]
)
def test_an_answer_that_is_no_document_is_refused(site: str, path: str) -> None:
    with pytest.raises(Refused):
        fetch(site + path, anything)


def test_a_redirect_into_a_private_network_is_refused(site: str) -> None:
    reached: list[str] = []

    def only_the_site(address: Address) -> bool:
        reached.append(str(address))
        return str(address) == "127.0.0.1"

    with pytest.raises(Refused, match="not an address of the public internet"):
        fetch(f"{site}/to/http://10.0.0.1/a.txt", only_the_site)
    assert reached == ["127.0.0.1", "10.0.0.1"]


def test_a_circle_of_redirects_ends(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="redirects more than 5 times"):
        fetch(f"{site}/to//to//to//to//to//to//to//to//to/", anything)


def test_a_name_that_means_another_address_a_moment_later_is_not_asked_again(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *args: object, **options: object) -> object:
        asked.append(host)
        return real("127.0.0.1" if host == "reports.example.org" else host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    b"".join(fetch("http://reports.example.org/report.html", anything).chunks)
    assert asked.count("reports.example.org") == 1
