"""Addresses: what they mean, and what is said about those that cannot be used."""

from __future__ import annotations

import pytest

from mockiis.errors import MockIISError
from sender.destination import FORMS, Destination, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://iis.example", ("soap", "iis.example", 80, False, "http://iis.example:80/soap")),
        ("https://iis.example/", ("soap", "iis.example", 443, True, "https://iis.example:443/")),
        ("HTTP://IIS.example:8080/a/b?c=d", ("soap", "iis.example", 8080, False, "http://iis.example:8080/a/b?c=d")),
        ("http://[::1]:8080", ("soap", "::1", 8080, False, "http://[::1]:8080/soap")),
        ("mllp://127.0.0.1:2575", ("mllp", "127.0.0.1", 2575, False, "mllp://127.0.0.1:2575")),
        ("mllps://iis.example/", ("mllp", "iis.example", 2575, True, "mllps://iis.example:2575")),
        ("  mllp://iis.example:1 ", ("mllp", "iis.example", 1, False, "mllp://iis.example:1")),
    ],
)
def test_reads_an_address(text: str, expected: tuple[object, ...]) -> None:
    """Scheme, host, port and path; what is left out is as usual."""
    to = parse_address(text)
    assert expected == (to.transport, to.host, to.port, to.tls, to.address)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("iis.example:2575", f"'iis.example:2575' is not an address to send to; write {FORMS}"),
        ("ftp://iis.example", f"'ftp://iis.example' is not an address to send to; write {FORMS}"),
        ("", f"'' is not an address to send to; write {FORMS}"),
        ("http://", f"'http://' names no host; write {FORMS}"),
        ("http://iis.example:http", f"'http://iis.example:http' cannot be read as an address; write {FORMS}"),
        ("http://iis.example:70000", f"'http://iis.example:70000' cannot be read as an address; write {FORMS}"),
        ("http://iis.example:0", f"'http://iis.example:0' has port 0, which nothing can listen on; write {FORMS}"),
        (
            "http://u:sec/ret@iis.example",
            "the address holds a user name or password; give them with --user and --password",
        ),
        (
            "http://u:secret@iis.example",
            "the address holds a user name or password; give them with --user and --password",
        ),
        ("mllp://iis.example/soap", "'mllp://iis.example/soap' has a path, which MLLP does not know"),
        ("http://iis.example/a b", "'http://iis.example/a b' has a character that an address cannot hold"),
        ("http://i i.example/", "'http://i i.example/' has a character that an address cannot hold"),
        ("http://ïïs.example/", "'http://ïïs.example/' has a character that an address cannot hold"),
    ],
)
def test_refuses_what_is_no_address(text: str, complaint: str) -> None:
    """The complaint shows the address and how one is written, and never a password."""
    with pytest.raises(MockIISError) as caught:
        parse_address(text)
    assert str(caught.value).startswith(complaint)
    assert "secret" not in str(caught.value)


def test_the_password_is_not_shown() -> None:
    """A destination can be printed and logged."""
    assert "secret" not in repr(Destination(transport="soap", host="x", port=1, password="secret"))
