"""Where messages go and how: ``http(s)://`` is the CDC SOAP interface, ``mllp(s)://`` is MLLP over TCP.

``http(s)+hl7://`` is plain HTTP with the message as the body, ``http(s)+form://`` the same with a form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from mockiis.errors import MockIISError
from mockiis.wire.soap import CDC, Dialect

DEFAULT_PORTS = {"http": 80, "https": 443, "mllp": 2575, "mllps": 2575}
FORM, BODY = "+form", "+hl7"
"""What follows http or https in the address of plain HTTP."""
SCHEMES = (*DEFAULT_PORTS, *(scheme + way for scheme in ("http", "https") for way in (BODY, FORM)))
DEFAULT_PATH = "/soap"
DEFAULT_PLAIN_PATH = "/hl7"
DEFAULT_TIMEOUT = 30.0
"""Seconds. IZ Gateway waits 60 for an answer; a registry on a bad day takes 20."""
MAX_ANSWER = 16 * 1024 * 1024
"""Bytes. A history with forecast is about 50,000."""
FORMS = (
    "http://host:port/path, https://host:port/path, mllp://host:port, mllps://host:port, http+hl7://host:port/path or"
    " http+form://host:port/path"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """An address with what it takes to be let in. ``timeout`` covers connecting and waiting for one answer.

    ``ca`` is PEM text of the certificate authorities to trust instead of the system's. ``verify`` False takes any
    certificate: for tests only. ``form``: over plain HTTP, in a form and not as the body.
    """

    transport: Literal["soap", "mllp", "http"]
    host: str
    port: int
    tls: bool = False
    path: str = DEFAULT_PATH
    form: bool = False
    username: str = ""
    password: str = field(default="", repr=False)
    facility: str = ""
    dialect: Dialect = CDC
    verify: bool = True
    ca: bytes = field(default=b"", repr=False)
    timeout: float = DEFAULT_TIMEOUT
    max_answer: int = MAX_ANSWER

    @property
    def address(self) -> str:
        """The address as people write it, without credentials."""
        way = (FORM if self.form else BODY) if self.transport == "http" else ""
        return self._written(("mllp" if self.transport == "mllp" else "http") + ("s" if self.tls else "") + way)

    @property
    def url(self) -> str:
        """The address as HTTP knows it."""
        return self._written("https" if self.tls else "http")

    def _written(self, scheme: str) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}{'' if self.transport == 'mllp' else self.path}"


def parse_address(text: str) -> Destination:
    """Read an address. Raises MockIISError with what is wrong with it; never shows a password written in it."""
    text = text.strip()
    if "@" in text.partition("?")[0]:
        raise MockIISError("the address holds a user name or password; give them with --user and --password")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise MockIISError(f"'{text}' cannot be read as an address; write {FORMS}") from None
    scheme = parts.scheme.lower()
    wrong = _wrong(text, scheme, parts)
    if wrong:
        raise MockIISError(f"'{text}' {wrong}")
    base, _, way = scheme.partition("+")
    usual = DEFAULT_PLAIN_PATH if way else DEFAULT_PATH
    path = (parts.path or usual) + (f"?{parts.query}" if parts.query else "")
    return Destination(
        transport="mllp" if base.startswith("mllp") else "http" if way else "soap",
        host=parts.hostname or "",
        port=DEFAULT_PORTS[base] if port is None else port,
        tls=base.endswith("s"),
        path=path if base.startswith("http") else "",
        form=f"+{way}" == FORM,
    )


def _wrong(text: str, scheme: str, parts: SplitResult) -> str:
    """Why nothing can be sent there; empty when it can."""
    if scheme not in SCHEMES:
        return f"is not an address to send to; write {FORMS}"
    if not parts.hostname:
        return f"names no host; write {FORMS}"
    if parts.port == 0:
        return f"has port 0, which nothing can listen on; write {FORMS}"
    if scheme.startswith("mllp") and (parts.path not in ("", "/") or parts.query):
        return f"has a path, which MLLP does not know; write {scheme}://host:port"
    if not re.fullmatch("[!-~]*", text):
        return "has a character that an address cannot hold; write it as %XX"
    return ""
