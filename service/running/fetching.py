"""Fetching: a document from a public address, over connections to addresses that were checked."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from corpus.jobs import JobFile
from corpus.reading import SUFFIXES

SECONDS_MAX = 60.0  # for one document, redirects and all
REDIRECTS_MAX = 5
_CHUNK_BYTES = 1 << 16
_PORTS = {"http": 80, "https": 443}
_KINDS = {
    "text/html": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[Address], bool]


class Refused(ValueError):
    """An address that is not fetched, or not answered with a document."""


class Fetched(NamedTuple):
    """A response: the suffix of its kind, and its bytes as they come."""

    suffix: str
    chunks: Iterator[bytes]


def requested(url: str, replace: bool = False) -> JobFile:
    """The file that stands for `url`, not fetched yet. Raises Refused for what is no public web address."""
    parts = _split(url)
    name = PurePosixPath(unquote(parts.path)).name or str(parts.hostname)
    return JobFile(name=name, url=url, replace=replace)


def is_public(address: Address) -> bool:
    """True for an address of the internet: not of this machine, its networks, or what tunnels to them."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None or address in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return address.is_global and not address.is_multicast


def fetch(url: str, allowed: Allowed = is_public) -> Fetched:
    """What stands at `url`, redirects followed; each connection goes to an address that `allowed` lets pass.

    Raises Refused, OSError.
    """
    deadline = time.monotonic() + SECONDS_MAX
    for _ in range(REDIRECTS_MAX + 1):
        response = _get(_split(url), allowed, deadline)
        location = response.getheader("location")
        if response.status in (301, 302, 303, 307, 308) and location:
            response.close()
            url = urljoin(url, location)
            continue
        if response.status != 200:
            raise Refused(f"the address answered with status {response.status}; open it in a browser")
        return Fetched(_suffix(url, response.getheader("content-type", "")), _body(response, deadline))
    raise Refused(f"the address redirects more than {REDIRECTS_MAX} times; give the one it leads to")


def _split(url: str) -> SplitResult:
    """The parts of a web address. Raises Refused for one that different readers might read differently."""
    if any(ord(sign) <= 32 or sign == "\\" or ord(sign) == 127 for sign in url):
        raise Refused("the address has signs that no address may have; give it as the browser shows it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("this is no web address; give one that begins with https://") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Refused("this is no web address; give one that begins with https://")
    if parts.username is not None or parts.password is not None:
        raise Refused("the address holds a user name; give it without")
    if port not in (None, _PORTS[parts.scheme]):
        raise Refused(f"port {port} is not fetched from; only the usual one is")
    return parts


def _get(parts: SplitResult, allowed: Allowed, deadline: float) -> http.client.HTTPResponse:
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    connection = http.client.HTTPConnection(host, port, timeout=_left(deadline))
    connection.sock = _connected(host, port, allowed, deadline)
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"User-Agent": "impactqa", "Accept-Encoding": "identity"})
        return connection.getresponse()
    except (http.client.HTTPException, UnicodeError) as error:
        connection.close()
        raise Refused(f"'{host}' did not answer as a web server does; open it in a browser") from error
    except BaseException:
        connection.close()
        raise


def _connected(host: str, port: int, allowed: Allowed, deadline: float) -> socket.socket:
    """A connection to an address of `host`; the one that was checked, whatever its name means a moment later."""
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (socket.gaierror, UnicodeError):
        raise Refused(f"'{host}' has no address; check its spelling") from None
    addresses = [ipaddress.ip_address(str(each).partition("%")[0]) for each in found]
    if not addresses or not all(allowed(address) for address in addresses):
        raise Refused(f"'{host}' is not an address of the public internet, and nothing else is fetched from")
    return socket.create_connection((str(addresses[0]), port), timeout=_left(deadline))


def _body(response: http.client.HTTPResponse, deadline: float) -> Iterator[bytes]:
    with response:
        try:
            while chunk := response.read1(_CHUNK_BYTES):
                _left(deadline)
                yield chunk
        except http.client.HTTPException as error:
            raise Refused("its answer broke off; try again, or send the file itself") from error


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Refused(f"it took longer than {SECONDS_MAX:.0f} seconds; try again, or send the file itself")
    return left


def _suffix(url: str, content_type: str) -> str:
    """What the file is called at its end: as its address says, else by the type it was sent with."""
    named = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()
    if named in SUFFIXES:
        return named
    suffix = _KINDS.get(content_type.partition(";")[0].strip().lower(), "")
    if suffix not in SUFFIXES:
        raise Refused(f"it was sent as '{content_type}', which is no known kind of document")
    return suffix
