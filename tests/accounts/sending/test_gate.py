"""Nothing that a user names reaches inside: by no spelling, no answer of a resolver, no redirect, no second answer."""

from __future__ import annotations

import asyncio
import itertools
import socket
import ssl
import time
from ipaddress import ip_address

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.delivery import gate
from accounts.delivery.outcome import EXCERPT, Fault, Kind
from accounts.delivery.webhook import Parcel, send
from tests.accounts.sending.corpus import ANSWERS, SPELLINGS
from tests.accounts.sending.sink import listening

PUBLIC = ("93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "100.63.255.255")


@pytest.fixture
def listener():
    with listening() as sink:
        yield sink


@pytest.fixture
def dialled(monkeypatch):
    """Every address that a socket was about to connect to."""
    tried = []
    before = socket.socket.connect

    def connect(self, address):
        tried.append(address)
        return before(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)

    async def sock_connect(self, sock, address):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", sock_connect)
    return tried


def resolving_to(monkeypatch, *answers):
    """A resolver that gives these answers in turn, round and round; the list of what it was asked."""
    asked, turn = [], itertools.cycle(answers)

    def resolve(host, port):
        asked.append(host)
        answer = next(turn)
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "none")
        return answer

    monkeypatch.setattr(gate, "_resolve", resolve)
    return asked


def post(url, body=b"{}", **headers):
    return asyncio.run(send(Parcel(url, body, headers)))


def test_the_corpus_is_as_large_as_it_claims():
    assert len(set(SPELLINGS)) >= 190


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_reaches_the_listener_or_dials_anything(spelling, listener, dialled, monkeypatch):
    """The names that some resolver could answer are answered with this machine, as an attacker's would be."""
    resolving_to(monkeypatch, ["127.0.0.1"])
    outcome = post(spelling.replace("PORT", str(listener.port)))
    assert (outcome.kind, outcome.fault) == (Kind.AGAIN, Fault.URL_REJECTED)
    assert listener.got == []
    assert dialled == []


@pytest.mark.parametrize("answer", ANSWERS, ids=",".join)
def test_every_answer_is_checked_and_one_bad_one_is_enough(answer, dialled, monkeypatch):
    resolving_to(monkeypatch, answer)
    outcome = post("https://innocent.example/")
    assert outcome.fault in (Fault.URL_REJECTED, Fault.DNS)
    assert dialled == []


def test_a_name_that_changes_its_answer_is_asked_once_and_the_checked_answer_is_dialled(dialled, monkeypatch):
    asked = resolving_to(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    for turn in range(100):
        dialled.clear()
        outcome = post("https://rebinding.example/")
        assert len(asked) == turn + 1
        if turn % 2:
            assert (outcome.fault, dialled) == (Fault.URL_REJECTED, [])
        else:
            assert dialled == [("93.184.215.14", 443)]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_dialled(address, dialled, monkeypatch):
    resolving_to(monkeypatch, [address])
    assert post("https://innocent.example:8443/").fault is Fault.CONNECT_REFUSED
    assert {dialled[0][0], dialled[0][1]} == {address, 8443}


def test_httpx_secure_stands_behind_the_gate(monkeypatch, dialled):
    """Were the first check ever to let an address through, the second still would not."""

    async def fooled(target):
        return ip_address("127.0.0.1")

    monkeypatch.setattr(gate, "admitted", fooled)
    assert post("https://innocent.example/").fault is Fault.URL_REJECTED
    assert dialled == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(status, listener, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True

    def answer(got, handler):
        handler.send_response(status)
        handler.send_header("Location", f"http://127.0.0.1:{listener.port}/inside")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    listener.answer = answer
    outcome = post(listener.url)
    assert (outcome.kind, outcome.status, outcome.fault) == (Kind.AGAIN, status, Fault.HTTP_OTHER)
    assert [got.path for got in listener.got] == ["/hook"]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
def test_no_proxy_of_the_environment_is_used(name, listener, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(listener.url).delivered


def test_development_may_reach_this_machine_and_still_needs_a_plain_spelling(listener, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    assert post(f"http://localhost:{listener.port}/x?y=%20z").delivered
    assert listener.got[0].path == "/x?y=%20z"
    assert listener.got[0].headers["host"] == f"localhost:{listener.port}"
    for spelling in ("http://2130706433:{}/", "http://127.1:{}/", "http://a@127.0.0.1:{}/", "http://0x7f000001:{}/"):
        assert post(spelling.format(listener.port)).fault is Fault.URL_REJECTED
    assert len(listener.got) == 1


def certificate(tmp_path, name):
    """A certificate for this name, by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    import datetime as moment

    now = moment.datetime.now(moment.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - moment.timedelta(days=1))
        .not_valid_after(now + moment.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / f"{name}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.mark.parametrize(("presented", "trusted", "fault"), [
    ("hook.example", True, None), ("other.example", True, Fault.TLS), ("hook.example", False, Fault.TLS),
])  # fmt: skip
def test_the_certificate_has_to_be_that_of_the_name_though_an_address_is_dialled(
    presented, trusted, fault, tmp_path, monkeypatch, settings
):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    path = certificate(tmp_path, presented)
    context = httpx.create_ssl_context(trust_env=False)
    if trusted:
        context.load_verify_locations(path)
    monkeypatch.setattr(gate, "_tls", lambda: context)
    resolving_to(monkeypatch, ["127.0.0.1"])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    with listening(server) as sink:
        outcome = post(f"https://hook.example:{sink.port}/x")
        assert outcome.fault is fault
        assert [got.headers["host"] for got in sink.got] == ([] if fault else [f"hook.example:{sink.port}"])


def drip(got, handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(got, handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        handler.wfile.flush()
        time.sleep(0.05)


def say_nothing(got, handler):
    time.sleep(3)


def test_a_status_is_an_answer_however_slowly_the_rest_comes(listener, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setattr(gate, "EXCERPT_SECONDS", 0.3)
    listener.answer = drip
    began = time.monotonic()
    outcome = post(listener.url)
    assert outcome.delivered
    assert 0 < len(outcome.words) < 50
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("slow", [drip_headers, say_nothing])
def test_a_slow_receiver_is_left_at_the_deadline(slow, listener, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setattr(gate, "DEADLINE", 0.5)
    listener.answer = slow
    began = time.monotonic()
    outcome = post(listener.url)
    assert (outcome.kind, outcome.fault) == (Kind.AGAIN, Fault.TIMEOUT)
    assert time.monotonic() - began < 1.5


def test_four_kilobytes_of_an_endless_answer_are_read_and_none_of_it_unpacked(listener, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True

    def endless(got, handler):
        handler.send_response(500)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        for _ in range(100_000):
            handler.wfile.write(b"\x1f\x8bno gzip" * 1000)

    listener.answer = endless
    outcome = post(listener.url)
    assert outcome.status == 500
    assert len(outcome.words) <= EXCERPT
    assert listener.got[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"garbage\r\n\r\n", Fault.OTHER),
        (b"", Fault.OTHER),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 30_000, Fault.OTHER),
        (b"HTTP/1.1 99999 OK\r\n\r\n", Fault.OTHER),
    ],
)
def test_a_broken_answer_is_a_failure_with_a_name(answer, fault, listener, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True

    def broken(got, handler):
        handler.wfile.write(answer)
        handler.close_connection = True

    listener.answer = broken
    outcome = post(listener.url)
    assert (outcome.kind, outcome.fault, outcome.status) == (Kind.AGAIN, fault, None)


def test_a_refused_connection_says_so(listener, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").fault is Fault.CONNECT_REFUSED
