"""Connections in words: what each failure means, and which certificates are trusted."""

from __future__ import annotations

import pytest
from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet import error

from mockiis.errors import MockIISError
from sender.destination import Destination
from sender.endpoint import certificates, in_words, is_tls_failure

TO = Destination(transport="mllp", host="iis.example", port=2575)
EXPIRED = SSL.Error([("SSL routines", "", "certificate verify failed")])
PLAIN = SSL.Error([("SSL routines", "", "wrong version number")])


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (error.ConnectionRefusedError(), "connection refused: nothing listens at mllp://iis.example:2575"),
        (error.DNSLookupError(), "the host 'iis.example' is not known"),
        (error.TimeoutError(), "no connection to mllp://iis.example:2575 within the time limit"),
        (error.NoRouteError(113, "No route to host"), "cannot connect to mllp://iis.example:2575: No route to host"),
        (error.ConnectionDone(), "mllp://iis.example:2575 closed the connection without an answer"),
        (error.ConnectionLost(), "the connection to mllp://iis.example:2575 was lost before an answer came"),
        (VerificationError([]), "TLS: the certificate is not for 'iis.example'; use the name it was issued for"),
        (EXPIRED, "TLS: certificate verify failed: it has expired, or its issuer is not trusted; name the issuer's"),
        (PLAIN, "TLS: wrong version number: the other side does not speak TLS there; use http:// or mllp://"),
        (SSL.Error([("", "", "no suitable thing")]), "TLS: no suitable thing"),
        (SSL.Error([]), "TLS: the other side cut the connection"),
        (SSL.SysCallError(-1, "Unexpected EOF"), "TLS: the other side cut the connection"),
        (ValueError("odd\nthing"), "the connection to mllp://iis.example:2575 was lost: odd"),
        (ValueError(), "the connection to mllp://iis.example:2575 was lost: ValueError"),
    ],
)
def test_says_why_there_is_no_connection(failure: BaseException, expected: str) -> None:
    """Each failure has a sentence with the address or host, and what to do about TLS."""
    assert in_words(failure, TO).startswith(expected)


def test_tells_tls_failures_from_lost_connections() -> None:
    """When TLS was not set up nothing of the message has been sent."""
    cut = SSL.Error([("SSL routines", "", "unexpected eof while reading")])
    failures = [EXPIRED, PLAIN, VerificationError([]), cut, error.ConnectionLost()]
    assert [is_tls_failure(failure) for failure in failures] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("pem", "complaint"),
    [
        (b"", "no certificate was found; a PEM file has lines -----BEGIN CERTIFICATE-----"),
        (b"hello", "no certificate was found; a PEM file has lines -----BEGIN CERTIFICATE-----"),
        (b"-----BEGIN CERTIFICATE-----\nx\n", "a certificate cannot be read; the file must be PEM text"),
    ],
)
def test_refuses_a_file_without_certificates(pem: bytes, complaint: str) -> None:
    """What is no PEM file is said to be none."""
    with pytest.raises(MockIISError) as caught:
        certificates(pem)
    assert complaint == str(caught.value)
