"""The WSDL files as they are served. They state CDC's strict contract; only the address of the service is filled in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template
from xml.sax.saxutils import escape

from mockiis.wire.soap import Dialect


def wsdl(dialect: Dialect, address: str) -> bytes:
    """The dialect's WSDL for a service at ``address``, a URL."""
    return _template(dialect.name).substitute(address=escape(address, {'"': "&quot;"})).encode("utf-8")


@cache
def _template(name: str) -> Template:
    return Template(files(__name__).joinpath(f"{name}.wsdl").read_text(encoding="utf-8"))
