"""The only way by which a request leaves the site towards an address that a user named.

Promises: what connects is public. A URL is refused by its spelling first; its name is then resolved once, every answer
is checked, and the checked address itself is dialled, with the name kept for TLS and the Host header, so that no second
answer is ever asked for. httpx-secure checks the dialled address once more at the socket. No redirect is followed, no
proxy of the environment is used, no connection is kept. A try ends after `DEADLINE` seconds of the clock on the wall,
whatever the receiver does; the status is the answer, and of the rest no more than 4 KB are read, for no longer than
two seconds. All refusals cost no connection at all.

Refuses: credentials in a URL, anything but https on 443 or 8443, names without a dot, every range that is not the
public internet, and every spelling of an address but the plain one. WEBHOOK_ALLOW_PRIVATE lifts what concerns the
place (for development), never what concerns the spelling.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection

from accounts.delivery.outcome import EXCERPT, Fault

DEADLINE = 15.0
RESOLVE_SECONDS = 5.0
EXCERPT_SECONDS = 2.0
LONGEST_URL = 500
PORTS = (443, 8443)
AGENT = "form4site-webhooks/1"

Address = IPv4Address | IPv6Address

# IANA's special-purpose registries, and what clouds keep for themselves inside otherwise public space.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_INSIDE = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "arpa", "test", "onion")
TUNNELS = ("trycloudflare.com", "ngrok.io", "ngrok.app", "ngrok-free.app", "webhook.site", "loca.lt", "serveo.net")


class Refused(Exception):
    """No request is made. `code`, as the API says: INVALID_URL, INSECURE_URL, PRIVATE_ADDRESS, UNRESOLVABLE_HOST."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


class Failed(Exception):
    """A request was tried, and no answer came."""

    def __init__(self, fault: Fault, why: str) -> None:
        super().__init__(why)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Target:
    """A URL whose spelling is accepted. `target` is path and query; `literal` where the host is an address."""

    scheme: str
    host: str
    port: int
    target: str
    literal: Address | None

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    retry_after: str | None
    excerpt: bytes


def spelled(url: str) -> Target:
    """The URL taken apart, or `Refused`. Nothing is asked of anybody."""
    if not isinstance(url, str) or not url or len(url) > LONGEST_URL:
        raise Refused("INVALID_URL", f"The URL has to have 1 to {LONGEST_URL} characters.")
    if not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise Refused("INVALID_URL", "The URL has to be plain ASCII, without spaces and backslashes.")
    found = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]+)([/?][^#]*)?(?:#.*)?", url)
    if not found:
        raise Refused("INVALID_URL", "This is no URL such as https://example.com/hook.")
    scheme, authority, target = found[1].lower(), found[2], found[3] or "/"
    if scheme != "https" and not (settings.WEBHOOK_ALLOW_PRIVATE and scheme == "http"):
        raise Refused("INSECURE_URL", "The URL has to begin with https://.")
    if "@" in authority:
        raise Refused("INVALID_URL", "The URL must not hold a user name or password.")
    split = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::([0-9]{1,5}))?", authority)
    if not split:
        raise Refused("INVALID_URL", "The URL has no host that can be read.")
    port = int(split[2]) if split[2] else (443 if scheme == "https" else 80)
    if not 0 < port < 65536 or (port not in PORTS and not settings.WEBHOOK_ALLOW_PRIVATE):
        raise Refused("INVALID_URL", "The port has to be 443 or 8443.")
    host, literal = _host(split[1].lower())
    return Target(scheme, host, port, target if target.startswith("/") else f"/{target}", literal)


def _host(words: str) -> tuple[str, Address | None]:
    """A name of at least two labels, or an address in its one plain spelling."""
    if words.startswith("["):
        try:
            literal: Address = IPv6Address(words[1:-1])
        except ValueError:
            raise Refused("INVALID_URL", "The URL has no host that can be read.") from None
        return str(literal), literal
    name = words[:-1] if words.endswith(".") else words
    labels = name.split(".")
    # A last label with a digit first is an address to somebody's resolver: octal, hex, short, one number.
    if re.match(r"[0-9]", labels[-1]):
        try:
            literal = IPv4Address(words)
        except ValueError:
            raise Refused("INVALID_URL", "An address has to be four plain numbers.") from None
        return str(literal), literal
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("INVALID_URL", "The URL has no host that can be read.")
    if (len(labels) < 2 or labels[-1] in _INSIDE) and not settings.WEBHOOK_ALLOW_PRIVATE:
        raise Refused("PRIVATE_ADDRESS", "The host is not on the public internet.")
    return name, None


def is_public(address: Address) -> bool:
    """Whether this is an address of the public internet, and of nothing that leads elsewhere (6to4, NAT64, Teredo)."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return (
        address.scope_id is None and address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)
    )


def url_warning(url: str) -> str | None:
    """What to tell the owner of a URL that works today and not for long."""
    host = (urlsplit(url).hostname or "").lower()
    if any(host == tunnel or host.endswith(f".{tunnel}") for tunnel in TUNNELS):
        return "This host is a tunnel or a test service: its address may stop working, or be seen by others."
    return None


async def admitted(target: Target) -> Address:
    """The one address to dial: the first of the answers, all of which were checked."""
    answers = [target.literal] if target.literal else await _answers(target)
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(is_public(answer) for answer in answers):
        raise Refused("PRIVATE_ADDRESS", "The host is not on the public internet.")
    return answers[0]


async def _answers(target: Target) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.run_in_executor(_resolvers(), _resolve, target.host, target.port)
    except (OSError, TimeoutError, UnicodeError):
        raise Refused("UNRESOLVABLE_HOST", "The host has no address.") from None
    answers = []
    for words in found:
        try:
            answers.append(ip_address(words))
        except ValueError:
            raise Refused("PRIVATE_ADDRESS", "The host is not on the public internet.") from None
    if not answers:
        raise Refused("UNRESOLVABLE_HOST", "The host has no address.")
    return answers


def _resolve(host: str, port: int) -> list[str]:
    """Every address of the name, in the resolver's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


@cache
def _resolvers() -> ThreadPoolExecutor:
    """Apart from everything else: a resolver that hangs holds up its own kind only."""
    return ThreadPoolExecutor(32, thread_name_prefix="resolve")


def resolve(url: str) -> Target:
    """Whether this URL may be sent to, as things stand: spelled well, with public addresses only. Raises `Refused`.

    For the form that takes it in; a request checks all of it again.
    """
    target = spelled(url)
    with ThreadPoolExecutor(1, thread_name_prefix="look up") as apart:  # whatever loop the caller's own thread may run
        apart.submit(lambda: asyncio.run(admitted(target))).result()
    return target


async def post(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """One POST, over before `DEADLINE`. Raises `Refused` or `Failed`; no redirect is followed."""
    target = spelled(url)
    try:
        async with asyncio.timeout(DEADLINE):
            address = await admitted(target)
            async with _client() as client:
                response = await client.send(_request(client, target, address, body, headers), stream=True)
                try:
                    return Reply(response.status_code, response.headers.get("Retry-After"), await _beginning(response))
                finally:
                    await response.aclose()
    except SSRFProtectionError as denied:
        raise Refused("PRIVATE_ADDRESS", "The host is not on the public internet.") from denied
    except (TimeoutError, httpx.TimeoutException) as late:
        raise Failed(Fault.TIMEOUT, f"No whole answer within {DEADLINE:.0f} seconds.") from late
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise _failed(error) from error


def _request(
    client: httpx.AsyncClient, target: Target, address: Address, body: bytes, headers: Mapping[str, str]
) -> httpx.Request:
    """To the checked address, in the name of the host."""
    dialled = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    return client.build_request(
        "POST",
        f"{target.scheme}://{dialled}:{target.port}{target.target}",
        content=body,
        headers={"Host": target.authority, "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        | dict(headers),
        extensions={"sni_hostname": target.host},
    )


def _failed(error: Exception) -> Failed:
    """The fault in our words: a library's own could repeat addresses and bytes of a stranger."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError):
            return Failed(Fault.TLS, "The TLS certificate or handshake was not good.")
        if isinstance(below, ConnectionRefusedError):
            return Failed(Fault.CONNECT_REFUSED, "The connection was refused.")
        below = below.__cause__ or below.__context__
    words = str(error).lower()
    if "ssl" in words or "certificate" in words or "tls" in words:
        return Failed(Fault.TLS, "The TLS certificate or handshake was not good.")
    if isinstance(error, httpx.ConnectError):
        return Failed(Fault.CONNECT_REFUSED, "No connection could be made.")
    return Failed(Fault.OTHER, "The connection ended before an answer could be read.")


def _client() -> httpx.AsyncClient:
    client = httpx.AsyncClient(
        verify=_tls(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(DEADLINE),
        limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
    )
    anywhere = bool(settings.WEBHOOK_ALLOW_PRIVATE)
    return httpx_ssrf_protection(
        client,
        check_globally_reachable=not anywhere,
        custom_validator=lambda hostname, address, port: anywhere or is_public(address),
    )


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


async def _beginning(response: httpx.Response) -> bytes:
    """The first bytes of the answer as they came over the wire: nothing is unpacked, and no more is read."""
    read = b""
    with suppress(TimeoutError, httpx.HTTPError):  # the status has said what became of the delivery
        async with asyncio.timeout(EXCERPT_SECONDS):
            async for piece in response.aiter_raw():
                read += piece
                if len(read) >= EXCERPT:
                    break
    return read[:EXCERPT]
