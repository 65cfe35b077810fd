"""The door over TLS: the same promises, and nobody is believed to be the SEC without a certificate."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from filings.edgar import client
from filings.edgar.client import Kind, Lane, fetch
from filings.errors import EdgarUnavailable
from tests.filings.edgar import pages
from tests.filings.edgar.conftest import AGENT
from tests.filings.edgar.server import Handler, dripping, head, raw, zipped

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate of nobody's but this test's, for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "form4site tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def answering(certificate, settings, monkeypatch) -> Iterator[list[Handler]]:
    """A TLS server that answers every request as the one handler in this list says; the door trusts it."""
    handlers: list[Handler] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as secured:
                    secured.recv(65536)
                    handlers[0](secured, "/")
            except OSError:
                continue

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    settings.EDGAR_USER_AGENT = AGENT
    settings.EDGAR_BASE_URL = settings.EDGAR_DATA_URL = f"https://127.0.0.1:{listener.getsockname()[1]}"
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(client, "_certificates", lambda: trusting)
    monkeypatch.setattr(client.random, "uniform", lambda low, high: 0.0)
    yield handlers
    listener.close()


def ask(settings) -> bytes:
    return fetch(settings.EDGAR_BASE_URL + "/", lane=Lane.LIVE, kind=Kind.SUBMISSION).content


def test_an_answer_comes_whole_over_tls(answering, settings):
    answering.append(zipped(pages.SUBMISSION))
    assert ask(settings) == pages.SUBMISSION


@pytest.mark.parametrize(
    "answer",
    [
        raw(head(Content_Length=str(len(pages.SUBMISSION) + 1)) + pages.SUBMISSION),
        raw(head(Content_Length=str(len(pages.SUBMISSION))) + pages.SUBMISSION + b"more"),
        raw(head() + pages.SUBMISSION),
    ],
    ids=["short", "long", "of no known length"],
)
def test_an_answer_of_the_wrong_length_is_none_over_tls_too(answering, settings, answer):
    answering.append(answer)
    with pytest.raises(EdgarUnavailable):
        ask(settings)


def test_a_slow_drip_ends_over_tls_too(answering, settings, limit):
    limit(seconds=1.0)
    answering.append(dripping(head(Content_Length="100000"), b"x", 0.05))

    began = time.monotonic()
    with pytest.raises(EdgarUnavailable, match="within 1 s"):
        ask(settings)
    assert time.monotonic() - began < 10


def test_a_server_that_cannot_prove_who_it_is_is_told_nothing(answering, settings, monkeypatch):
    answering.append(zipped(pages.SUBMISSION))
    everybody_elses = ssl.create_default_context()
    monkeypatch.setattr(client, "_certificates", lambda: everybody_elses)

    with pytest.raises(EdgarUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
        ask(settings)
