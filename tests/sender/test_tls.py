"""Whose certificate is taken, over both transports: one of a trusted authority that names the host, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_twisted
from twisted.logger import globalLogPublisher

from mockiis.wire.mllp import frame
from sender.destination import Destination
from sender.endpoint import IdentityError, check_identity
from sender.outcome import ConnectionFailed, Outcome
from sender.send import send

MESSAGE = "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1\r"
ACK = "MSH|^~\\&|C|D|A|B|20240506||ACK^V04^ACK|X|P|2.5.1\rMSA|AA|M1\r"
NOBODY = "TLS: the certificate names no host (no subjectAltName)"
OTHER = "TLS: the certificate is not for '{}'; use the name it was issued for"
UNTRUSTED = "TLS: certificate verify failed: it has expired, or its issuer is not trusted"

pytestmark = pytest.mark.filterwarnings("ignore:Passing pyOpenSSL")  # Twisted 26.10 does


@pytest.fixture(params=["soap", "mllp"])
def attempt(request: Any, listen: Any, destination: Callable[..., Destination]) -> Callable[..., Any]:
    """Send to a server with that certificate; gives the outcome and what reached the server."""
    from twisted.internet import reactor

    async def trying(tls: Any, host: str, **settings: Any) -> tuple[Outcome, list[bytes]]:
        script = listen(request.param, lambda _: frame(ACK.encode()), tls=tls)
        to = destination(request.param, script.port, tls=True, host=host, **settings)
        return await send(MESSAGE, to, reactor), script.requests

    return trying


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize(
    ("names", "sentence"), [((), NOBODY), (("somewhere.example",), OTHER), (("127.0.0.2",), OTHER)]
)
@pytest_twisted.ensureDeferred
async def test_a_certificate_that_does_not_name_the_host_is_refused(
    attempt: Any, issue: Any, host: str, names: tuple[str, ...], sentence: str
) -> None:
    """Nothing is sent, nothing logged, and the advice is about certificates."""
    issued, logged = issue(*names), list[Any]()
    observer: Any = logged.append
    globalLogPublisher.addObserver(observer)
    try:
        outcome, requests = await attempt(issued.options, host, ca=issued.authority)
    finally:
        globalLogPublisher.removeObserver(observer)
    assert isinstance(outcome, ConnectionFailed)
    assert (sentence.format(host), 3, False) == (outcome.sentence, outcome.exit_code, outcome.connected)
    assert ([], []) == (requests, [event for event in logged if "log_failure" in event])
    assert outcome.next_step.startswith(f"have a certificate that names '{host}' as subjectAltName")
    assert "--ca" in outcome.next_step


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest_twisted.ensureDeferred
async def test_a_certificate_that_names_the_host_must_also_be_trusted(attempt: Any, issue: Any, host: str) -> None:
    """Among other names is enough; of another authority it is refused."""
    issued = issue("somewhere.example", host)
    taken, requests = await attempt(issued.options, host, ca=issued.authority)
    refused, none = await attempt(issued.options, host, ca=issue(host).authority)
    # The answer is MLLP over both transports: that it is no SOAP is told only by who has read it
    assert (1, []) == (len(requests), none)
    assert not isinstance(taken, ConnectionFailed)
    assert refused.sentence.startswith(UNTRUSTED)
    assert "--ca" in refused.next_step


@pytest_twisted.ensureDeferred
async def test_insecure_takes_a_certificate_without_names(attempt: Any, issue: Any) -> None:
    """Because somebody asked for it."""
    _, requests = await attempt(issue().options, "localhost", verify=False)
    assert 1 == len(requests)


@pytest.mark.parametrize("host", ["", "a b"])
def test_whatever_goes_wrong_in_the_check_is_a_refusal(issue: Any, host: str) -> None:
    """A host that no certificate can name, too."""
    with pytest.raises(IdentityError, match="the certificate cannot be compared with"):
        check_identity(issue("localhost").options.certificate, host)
