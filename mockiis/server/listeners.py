"""The listening sockets of one mock IIS: HTTP (SOAP, and plain) and MLLP, each with TLS when a certificate is given."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from pathlib import Path
from socket import gaierror
from typing import Any, Literal

from OpenSSL.crypto import FILETYPE_PEM
from OpenSSL.SSL import Error as SSLError
from twisted.internet import defer, ssl
from twisted.internet.error import CannotListenError
from twisted.protocols.policies import WrappingFactory

from mockiis.console import read_bytes
from mockiis.errors import MockIISError
from mockiis.server.clock import Clock
from mockiis.server.door import Door, Greeting
from mockiis.server.http import LimitedSite, hang_up
from mockiis.server.mllp import MLLPFactory
from mockiis.server.scripts import Scripts
from mockiis.server.service import Service
from mockiis.server.site import site
from mockiis.wire.soap import CDC, Dialect

ADMIN = "admin"
Listening = Literal["soap", "mllp"]
"""A listener with its port. Plain HTTP is on that of SOAP."""
_FORMS = {
    "soap": "http{secure}://{address}/soap",
    "http": "http{secure}://{address}/hl7",
    "mllp": "mllp{secure}://{address}",
    ADMIN: "http://{address}",
}
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where to listen and how. A port of 0 takes a free one, None opens none."""

    host: str = "127.0.0.1"
    soap_port: int | None = 0
    mllp_port: int | None = 0
    dialect: Dialect = CDC
    fault_status: int = 500
    idle_limit: float = 300.0
    tls: ssl.CertificateOptions | None = None
    admin_port: int | None = None
    """Of the admin API, which is plain HTTP on the loopback interface, whatever ``host`` and ``tls`` are. ``opening``
    opens it.
    """
    scenario_folders: tuple[Path, ...] = ()
    """Folders from which the admin API may read scenario files."""


class Listeners:
    """Opens the ports at once; raises MockIISError that names the port that is taken.

    Replies wait by ``clock``, or by one of their own; sockets keep the reactor's time. A listener, ``soap`` or
    ``mllp``, can be made to ``refuse``, ``ignore``, ``abort_tls`` or ``go_down``, each until it is to ``come_back``.
    """

    def __init__(self, service: Service, settings: Settings, reactor: Any, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock(reactor)
        self.scripts = Scripts(service)
        self._report = service.report
        self._reactor = reactor
        self._doors: dict[str, Door] = {}
        self._mllp: MLLPFactory | None = None
        self._site: LimitedSite | None = None
        self._http: WrappingFactory | None = None
        self._admin: WrappingFactory | None = None
        _check_host(settings.host)
        try:
            if settings.soap_port is not None:
                self._site = self._new_site(service)
                self._http = _Tracking(self._site)  # type: ignore[no-untyped-call]
                self._open("soap", settings.soap_port, self._http)
            if settings.mllp_port is not None:
                self._mllp = self._mllp_factory(service)
                self._open("mllp", settings.mllp_port, self._mllp)
        except BaseException:
            self.stop()
            raise

    def _new_site(self, service: Service) -> LimitedSite:
        settings, limit = self.settings, 4 * service.max_message + 65_536
        return site(
            service,
            self._reactor,
            settings.dialect,
            delays=self.clock,
            max_body=limit,
            fault_status=settings.fault_status,
        )

    def _mllp_factory(self, service: Service) -> MLLPFactory:
        limit = 4 * service.max_message
        idle_limit = self.settings.idle_limit
        return MLLPFactory(service, self._reactor, delays=self.clock, max_size=limit, idle_limit=idle_limit)

    def _open(self, name: str, port: int, factory: Any) -> None:
        settings, speaks = self.settings, "MLLP" if name == "mllp" else "HTTP"
        door = self._doors[name] = Door(
            self._reactor, settings.host, port, factory, settings.tls, speaks=speaks, report=self._report
        )
        self._listen(name, door)

    def open_admin(self, site: LimitedSite, port: int) -> None:
        """Open the port of the admin API, which controls these listeners. When it is taken, close them all."""
        self._admin = _Tracking(site)  # type: ignore[no-untyped-call]
        factory: Any = self._admin
        door = self._doors[ADMIN] = Door(self._reactor, "127.0.0.1", port, factory)
        try:
            self._listen(ADMIN, door)
        except BaseException:
            self.stop()
            raise

    def _listen(self, name: str, door: Door) -> None:
        try:
            door.open()
        except CannotListenError as error:
            reason = getattr(error.socketError, "strerror", None) or error.socketError
            advice = _advice(error.socketError, name)
            raise MockIISError(
                f"cannot listen on {door.host}:{door.number} for {name.upper()}: {reason}; {advice}"
            ) from None

    @property
    def addresses(self) -> dict[str, str]:
        """``{"soap": "http://127.0.0.1:8080/soap", "http": ..., "mllp": ...}``, of those that were opened."""
        found = {}
        for name, door in self._doors.items():
            secure = "s" if door.tls else ""
            shown = f"[{door.host}]" if ":" in door.host else door.host
            address = f"{shown}:{door.number}"
            for form in ("soap", "http") if name == "soap" else (name,):
                found[form] = _FORMS[form].format(secure=secure, address=address)
        return found

    @property
    def doing(self) -> dict[str, str]:
        """What each listener does to who knocks: ``open``, ``refuse``, ``silent`` or ``abort tls``."""
        return {name: door.doing for name, door in self._doors.items() if name != ADMIN}

    def stop(self) -> defer.Deferred[Any]:
        """Close every port and cut off the connections; fires when no new one can come in."""
        doors, self._doors = self._doors, {}
        return defer.gatherResults([self._shut(name, door) for name, door in doors.items()])

    def drop_answers(self) -> None:
        """Cut off whoever still waits for an answer, delayed or none at all."""
        if self._mllp is not None:
            self._mllp.abort_connections(owed=True)
        if self._site is not None:
            for request in tuple(self._site.owed):
                hang_up(request, "reset")

    # What happens before there is a message.

    def refuse(self, name: Listening) -> defer.Deferred[None]:
        """Close the port: new connections are refused, those that stand go on. Fires when it is closed."""
        return self._door(name).close()

    def ignore(self, name: Listening) -> None:
        """Accept new connections and never say a word on them."""
        self._door(name).greeting = Greeting.SILENCE

    def abort_tls(self, name: Listening) -> None:
        """Answer the handshake of new connections with an alert, and close. Raises MockIISError without TLS."""
        door = self._door(name)
        if door.tls is None:
            raise MockIISError(f"the {name.upper()} listener has no TLS that could be aborted; give it a certificate")
        door.greeting = Greeting.NO_TLS

    def go_down(self, name: Listening) -> defer.Deferred[None]:
        """Close the port and cut off every connection, as when the process ends. Fires when it is closed."""
        return self._shut(name, self._door(name))

    def come_back(self, name: Listening) -> defer.Deferred[None]:
        """Be as at the beginning, on the same port; whoever was ignored is cut off. Fires when it listens."""
        door = self._door(name)
        door.greeting = Greeting.WELCOME
        door.let_go()
        return door.closed().addCallback(lambda _: self._listen(name, door))

    def _door(self, name: str) -> Door:
        if name not in self.doing:
            raise MockIISError(f"there is no listener '{name}'; there are: {', '.join(self.doing) or 'none'}")
        return self._doors[name]

    def _shut(self, name: str, door: Door) -> defer.Deferred[None]:
        if name == "mllp" and self._mllp is not None:
            self._mllp.abort_connections()
        site = {"soap": self._http, ADMIN: self._admin}.get(name)
        if site is not None:
            for connection in tuple(site.protocols):
                connection.transport.abortConnection()
        door.let_go()
        return door.close()


class _Tracking(WrappingFactory):
    """Knows the connections of the site, which stay open between requests and would still be answered."""

    noisy = False


_HOST_ADVICE = "give --host an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all"


def _check_host(host: str) -> None:
    try:
        host.encode("idna")
    except UnicodeError:
        raise MockIISError(f"cannot listen on {host!a}: {_HOST_ADVICE}") from None


def _advice(error: OSError, name: str) -> str:
    if isinstance(error, gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return _HOST_ADVICE
    if isinstance(error, PermissionError):
        return f"choose a port above 1023 with --{name}-port (0 takes a free one)"
    return f"free the port or choose another with --{name}-port (0 takes a free one)"


def certificate_options(certificate: Path, key: Path) -> ssl.CertificateOptions:
    """TLS settings of a server from PEM files: the certificate with its chain, and the private key.

    Raises MockIISError for files that cannot be read or do not belong together.
    """
    found = _CERTIFICATE.findall(read_bytes(certificate))
    if not found:
        raise MockIISError(f"{certificate}: holds no PEM certificate (-----BEGIN CERTIFICATE-----)")
    private_key = read_bytes(key)
    if b"ENCRYPTED" in private_key:
        raise MockIISError(f"{key}: the key is encrypted; give one without a pass phrase")
    try:
        chain = [ssl.Certificate.loadPEM(pem).original for pem in found]
        private = ssl.KeyPair.load(private_key, FILETYPE_PEM).original
        options = ssl.CertificateOptions(privateKey=private, certificate=chain[0], extraCertChain=chain[1:] or None)
        options.getContext()
    except (SSLError, ValueError) as error:
        raise MockIISError(f"{certificate} and {key} cannot be used for TLS: {_plain(error)}") from None
    return options


def _plain(error: Exception) -> str:
    """OpenSSL's errors are lists of tuples; their last words say what is wrong."""
    details = error.args[0] if error.args else ""
    if isinstance(details, list) and details:
        return str(details[0][-1])
    return str(error) or type(error).__name__
