"""An IIS known by its addresses."""

from __future__ import annotations

import pytest

from certification.case import With
from certification.iis import Access, RemoteIIS
from mockiis.errors import MockIISError
from mockiis.wire.soap import NORIDIAN

SOAP, MLLP = "https://iis.example:8443/ws", "mllps://iis.example:9999"


def test_addresses_are_told_apart_by_transport() -> None:
    """One for each."""

    assert {"soap": SOAP, "mllp": MLLP} == RemoteIIS([MLLP, SOAP], Access()).addresses


def test_two_addresses_of_one_transport_are_refused() -> None:
    """Nobody could say which was judged."""
    with pytest.raises(MockIISError, match="--iis is given twice for SOAP; give one address for each transport"):
        RemoteIIS([SOAP, "http://other.example/"], Access())


def test_an_address_that_cannot_be_read_is_refused() -> None:
    """By the sender's own words."""
    with pytest.raises(MockIISError, match="'ftp://iis' is not an address to send to; write http"):
        RemoteIIS(["ftp://iis"], Access())


def test_a_step_changes_what_it_says_and_no_more() -> None:
    """Credentials and time limit of one step."""
    access = Access(user="u", password="p", facility="f", dialect=NORIDIAN, ca=b"pem", verify=False)
    usual = RemoteIIS([SOAP], access).destination("soap", With())
    changed = RemoteIIS([SOAP], access).destination("soap", With(password="other", time_limit="200ms"))  # type: ignore[arg-type]

    assert ("u", "p", "f", NORIDIAN, b"pem", False, SOAP) == (
        usual.username,
        usual.password,
        usual.facility,
        usual.dialect,
        usual.ca,
        usual.verify,
        usual.address,
    )
    assert ("u", "other", "f", 0.2) == (changed.username, changed.password, changed.facility, changed.timeout)


def test_nobody_watches_another_iis() -> None:
    """What reaches it is not known."""
    iis = RemoteIIS([SOAP], Access(user="u", password="p"))

    assert (False, frozenset({"user", "password"})) == (iis.scripted, iis.credentials)
    assert iis.received() is None  # type: ignore[func-returns-value]


def test_a_password_is_never_shown() -> None:
    """Not even in a traceback."""

    assert "p4ss" not in repr(Access(user="u", password="p4ss"))
