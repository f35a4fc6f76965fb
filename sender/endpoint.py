"""Connections to a destination, plain or TLS, and what their failures mean in words. Both transports use it."""

from __future__ import annotations

import ssl
import sys
from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import (
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,  # noqa: A004
    DNSLookupError,
    TimeoutError,  # noqa: A004
)
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator, IStreamClientEndpoint
from twisted.internet.ssl import (
    Certificate,
    CertificateOptions,
    optionsForClientTLS,
    platformTrust,
    trustRootFromCertificates,
)
from twisted.python.failure import Failure
from zope.interface import implementer

from mockiis.errors import MockIISError
from sender.destination import Destination
from sender.outcome import ConnectionFailed

_PEM = "-----BEGIN CERTIFICATE-----"


def endpoint(destination: Destination, reactor: Any) -> IStreamClientEndpoint:
    """Where to connect. Raises MockIISError when the certificates to trust cannot be read."""
    plain = HostnameEndpoint(reactor, destination.host, destination.port, timeout=destination.timeout)
    if not destination.tls:
        return plain
    wrapped: IStreamClientEndpoint = wrapClientTLS(_creator(destination), plain)
    return wrapped


def certificates(pem: bytes) -> list[Certificate]:
    """The certificates of a PEM file. Raises MockIISError when it holds none."""
    blocks = pem.decode("latin-1").split(_PEM)[1:]
    try:
        found = [Certificate.loadPEM((_PEM + block).encode("latin-1")) for block in blocks]
    except Exception:  # noqa: BLE001 - OpenSSL and cryptography raise what they like
        raise MockIISError("a certificate cannot be read; the file must be PEM text") from None
    if not found:
        raise MockIISError(f"no certificate was found; a PEM file has lines {_PEM}")
    return found


def _creator(destination: Destination) -> IOpenSSLClientConnectionCreator:
    if not destination.verify:
        return _AnyCertificate(destination.host)
    return _CertificateOfHost(destination.host, _trust(destination))


def _trust(destination: Destination) -> Any:
    if destination.ca:
        return _only(certificates(destination.ca))
    if sys.platform == "win32":  # OpenSSL does not know the store of Windows, the standard library does
        stored = ssl.create_default_context().get_ca_certs(binary_form=True)
        return _only([Certificate.load(data) for data in stored])
    return platformTrust()  # type: ignore[no-untyped-call]


def _only(trusted: list[Certificate]) -> Any:
    return trustRootFromCertificates(trusted)  # type: ignore[no-untyped-call]


class IdentityError(Exception):
    """The certificate does not say whose it is; the text says why."""


@implementer(IOpenSSLClientConnectionCreator)
class _CertificateOfHost:
    """TLS with a trusted certificate that names the host, and with no other.

    Whatever goes wrong in the check is a refusal. Twisted's own check, which this replaces, refuses a certificate for
    another name, but one that names no host it only logs, and goes on.
    """

    def __init__(self, host: str, trusted: Any) -> None:
        self._host = host
        self._usual = optionsForClientTLS(host, trustRoot=trusted)

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N803
        """A connection for Twisted's TLS; the host's certificate is checked during the handshake."""

        def check(_: SSL.Connection, certificate: Any, __: int, depth: int, trusted: int) -> bool:
            if depth:  # an authority
                return bool(trusted)
            try:
                check_identity(certificate, self._host)
            except Exception:  # noqa: BLE001 - an exception that got away would be lost in OpenSSL
                tlsProtocol.failVerification(Failure())  # type: ignore[no-untyped-call]
                return False
            return bool(trusted)

        connection: SSL.Connection = self._usual.clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, check)
        return connection


def check_identity(certificate: Any, host: str) -> None:
    """Raises VerificationError for a certificate of another host, IdentityError for one that does not say whose."""
    address = isIPAddress(host) or isIPv6Address(host)
    try:
        names = extract_patterns(certificate)
        named = bool(names) and verify_service_identity(names, [IPAddress_ID(host) if address else DNS_ID(host)], [])
    except VerificationError:
        raise
    except Exception as error:
        raise IdentityError(f"the certificate cannot be compared with '{host}': {_plain(error)}") from error
    if not named:
        raise IdentityError("the certificate names no host (no subjectAltName)")


@implementer(IOpenSSLClientConnectionCreator)
class _AnyCertificate:
    """TLS without verification: encrypted, but nobody knows with whom. Only when the user asks for it."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._context = CertificateOptions(verify=False).getContext()

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: ARG002, N803
        """A connection for Twisted's TLS, with the server name that virtual hosts need."""
        connection = SSL.Connection(self._context, None)
        if not self._host.replace(".", "").isdigit() and ":" not in self._host:
            connection.set_tlsext_host_name(self._host.encode("idna"))
        return connection


def failed(error: BaseException, destination: Destination, *, connected: bool) -> ConnectionFailed:
    """The outcome of a send that this error has ended. ``connected``: whether there was a connection before."""
    return ConnectionFailed(
        reason=in_words(error, destination),
        connected=connected and not is_tls_failure(error),
        advice=_advice(error, destination),
    )


def is_tls_failure(error: BaseException) -> bool:
    """Whether TLS was surely not set up, so that nothing of the message has been sent."""
    identity = isinstance(error, VerificationError | IdentityError)
    return identity or any(known in _openssl(error) for known, _ in _ADVICE)


def _advice(error: BaseException, destination: Destination) -> str:
    """What to do where TLS was not set up; empty for other errors."""
    if not is_tls_failure(error):
        return ""
    said = {words for known, words in _ADVICE if known in _openssl(error)}
    if said & {_NO_TLS, _NO_HANDSHAKE}:
        return _PLAIN_STEP if _NO_TLS in said else _HANDSHAKE_STEP
    return _CERTIFICATE_STEP.format(host=destination.host)


def in_words(error: BaseException, destination: Destination) -> str:
    """Why there is no connection to the destination, or no longer one."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words.format(address=destination.address, host=destination.host, plain=_plain(error))
    return f"the connection to {destination.address} was lost: {_plain(error)}"


_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (ConnectionRefusedError, "connection refused: nothing listens at {address}"),
    (DNSLookupError, "the host '{host}' is not known"),
    (TimeoutError, "no connection to {address} within the time limit"),
    (VerificationError, "TLS: the certificate is not for '{host}'; use the name it was issued for"),
    (IdentityError, "TLS: {plain}"),
    (SSL.Error, "TLS: {plain}"),
    (ConnectError, "cannot connect to {address}: {plain}"),
    (ConnectionDone, "{address} closed the connection without an answer"),
    (ConnectionLost, "the connection to {address} was lost before an answer came"),
)


def _plain(error: BaseException) -> str:
    """The error's own words, without what Twisted and OpenSSL put around them."""
    if isinstance(error, SSL.Error):
        return _ssl_words(error)
    text = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
    return text.rpartition(": ")[2] if isinstance(error, ConnectError) else text


def _ssl_words(error: SSL.Error) -> str:
    words = _openssl(error)
    for known, advice in _ADVICE:
        if known in words:
            return f"{known}: {advice}"
    return words[0] if words else "the other side cut the connection"


def _openssl(error: BaseException) -> list[str]:
    """OpenSSL gives a list of (library, function, words); the cause need not come first."""
    details = error.args[0] if isinstance(error, SSL.Error) and error.args else ()
    return [str(detail[-1]) for detail in details] if isinstance(details, list | tuple) else []


_CERTIFICATE_STEP = (
    "have a certificate that names '{host}' as subjectAltName, is valid today and comes from an authority that is "
    "trusted, or named with --ca; then send again"
)
_PLAIN_STEP = "ask whether that port speaks TLS; where it does not, write http:// or mllp://, then send again"
_NO_TLS = "the other side does not speak TLS there; use http:// or mllp://"
_NO_HANDSHAKE = "the other side broke off the handshake"
_HANDSHAKE_STEP = (
    "ask those who run the registry which TLS versions and ciphers it takes, and whether it asks for a certificate of "
    "the sender; then send again"
)
_ADVICE = (
    (
        "certificate verify failed",
        "it has expired, or its issuer is not trusted; name the issuer's certificate with --ca",
    ),
    ("wrong version number", _NO_TLS),
    ("packet length too long", _NO_TLS),
    ("record layer failure", _NO_TLS),
    ("sslv3 alert handshake failure", _NO_HANDSHAKE),
    ("ssl/tls alert handshake failure", _NO_HANDSHAKE),
    ("tls alert handshake failure", _NO_HANDSHAKE),
)
