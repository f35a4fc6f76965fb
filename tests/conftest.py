"""What every test shares: a failure that Twisted only logs fails the test that caused it."""

from __future__ import annotations

import datetime as dt
import gc
import ipaddress
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import settings
from twisted.internet import ssl
from twisted.logger import LogEvent, globalLogPublisher

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun behind a shell's "&"; commands would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("brief", max_examples=25)
if os.environ.get("MOCKIIS_BRIEF"):
    settings.load_profile("brief")


@pytest.fixture(autouse=True)
def observe_errors() -> Iterator[list[LogEvent]]:
    """Collect failures that Twisted logs; a test that expects some clears the list."""
    failures: list[LogEvent] = []

    def observer(event: LogEvent) -> None:
        if event.get("log_failure") is not None:
            failures.append(event)

    globalLogPublisher.addObserver(observer)
    yield failures
    if failures:
        gc.collect()
    globalLogPublisher.removeObserver(observer)
    assert [] == [event["log_failure"].getTraceback() for event in failures]


@pytest.fixture(scope="session", autouse=True)
def no_tables_of_one_s_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a developer keeps in ~/.mockiis changes no test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOCKIIS_HOME", str(tmp_path_factory.getbasetemp() / "no-home"))
        yield


@pytest.fixture
def data() -> Path:
    """The folder with the messages and records that tests read."""
    return Path(__file__).parent / "data"


@dataclass(frozen=True)
class Issued:
    """A certificate for a server, and the PEM text of the authority that issued it."""

    options: ssl.CertificateOptions
    authority: bytes


@pytest.fixture(scope="session")
def issue() -> Callable[..., Issued]:
    """Issue a certificate for host names and addresses, by a new authority."""

    def make(*hosts: str) -> Issued:
        ca_key, ca = _certificate("Test Authority", None, None, ())
        key, certificate = _certificate("Test Server", ca_key, ca, hosts)
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        options = ssl.PrivateCertificate.loadPEM(private + pem).options()
        return Issued(options, ca.public_bytes(serialization.Encoding.PEM))

    return make


def _certificate(name: str, issuer_key: Any, issuer: Any, hosts: tuple[str, ...]) -> tuple[Any, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
    return key, builder.sign(issuer_key or key, hashes.SHA256())


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
