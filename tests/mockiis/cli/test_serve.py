"""``mockiis serve`` as a person or a pipeline runs it: a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

VXU = "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||Doe^Jane" + 17 * "|" + "2186-5\r"
PORTS = ("--soap-port", "0", "--mllp-port", "0")
Start = Callable[..., "Mock"]


class Mock:
    """A running ``mockiis serve``."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mockiis", "serve", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.ready = self.process.stdout.readline()

    @property
    def addresses(self) -> dict[str, str]:
        """The one line of JSON."""
        return json.loads(self.ready)  # type: ignore[no-any-return]

    def send(self, text: str = VXU, context: ssl.SSLContext | None = None) -> str:
        """One message over MLLP and its answer."""
        host, port = self.addresses["mllp"].split("//")[1].rsplit(":", 1)
        plain = socket.create_connection((host, int(port)), timeout=20)
        with context.wrap_socket(plain, server_hostname="localhost") if context else plain as connection:
            connection.sendall(b"\x0b" + text.encode() + b"\x1c\r")
            data = b""
            while not data.endswith(b"\x1c\r"):
                data += connection.recv(65536)
        return data[1:-2].decode()

    def stop(self) -> tuple[int, str]:
        """Terminate it; its exit code and what it said."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a mock; it is stopped when the test ends."""
    running: list[Mock] = []

    def started(*arguments: str) -> Mock:
        running.append(Mock(*arguments))
        return running[-1]

    yield started
    for mock in running:
        if mock.process.poll() is None:
            mock.stop()


def refused(*arguments: str) -> tuple[int, str]:
    """Exit code and standard error of a mock that should not start."""
    done = subprocess.run(
        [sys.executable, "-m", "mockiis", "serve", *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    assert "" == done.stdout
    return done.returncode, done.stderr


def fetched(url: str, context: ssl.SSLContext | None = None) -> bytes:
    """What is at the URL."""
    with urllib.request.urlopen(url, timeout=20, context=context) as response:
        return bytes(response.read())


def test_it_says_where_it_listens_and_what_it_answered(start: Start) -> None:
    """One line of JSON on standard output, one line per exchange on standard error, no PHI in it."""
    mock = start("ndiis-examples", *PORTS)
    answer = mock.send()
    wsdl = fetched(mock.addresses["soap"] + "?wsdl")
    _, said = mock.stop()

    assert {"soap", "http", "mllp"} == set(mock.addresses)
    assert "\rMSA|AA|M1\r" in answer
    assert mock.addresses["soap"].encode() in wsdl
    assert 'VXU^V04 M1 -> AA by rule "every other update is accepted"' in said
    assert "Doe" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without a signal")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(start: Start, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C: exit code 0, no traceback."""
    mock = start(*PORTS, "--quiet")
    mock.process.send_signal(number)
    out, said = mock.process.communicate(timeout=20)

    assert (0, "", "") == (mock.process.returncode, out, said)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without a signal")
def test_a_signal_stops_it_cleanly_while_it_waits_for_standard_input() -> None:
    """The thread that reads has no lock that Python needs at its end, or the process would be aborted."""
    command = [sys.executable, "-m", "mockiis", "serve", *PORTS, "--quiet", "--stop-with-stdin"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        time.sleep(0.2)  # for the thread to be in the middle of reading
        process.terminate()
        process.wait(20)  # standard input stays open until it has ended
        said = process.stderr.read()

    assert (0, "") == (process.returncode, said)


def test_a_port_may_be_off(start: Start) -> None:
    """Only what listens is named."""

    assert {"mllp"} == set(start("--soap-port", "off", "--mllp-port", "0").addresses)


def test_a_port_in_use_is_one_clear_line(start: Start) -> None:
    """Which port, for what, and what to do; exit code 2."""
    port = start(*PORTS).addresses["mllp"].rsplit(":", 1)[1]
    code, said = refused("--soap-port", "off", "--mllp-port", port)

    assert 2 == code
    assert said.startswith(f"mockiis: cannot listen on 127.0.0.1:{port} for MLLP: ")
    assert said.endswith("free the port or choose another with --mllp-port (0 takes a free one)\n")
    assert 1 == said.count("\n")
    code, said = refused(*PORTS, "--admin-port", port)
    assert (2, 1) == (code, said.count("\n"))
    assert said.startswith(f"mockiis: cannot listen on 127.0.0.1:{port} for ADMIN: ")


def test_a_mock_whose_log_nobody_reads_goes_on(start: Start) -> None:
    """A pipeline that closes standard error, or ends before the mock, costs no answer."""
    mock = start("accept-all", *PORTS)
    assert mock.process.stderr
    mock.process.stderr.close()

    assert ["MSA|AA|M1"] * 3 == [mock.send().split("\r")[1] for _ in range(3)]
    mock.process.terminate()
    assert (1 if sys.platform == "win32" else 0) == mock.process.wait(timeout=20)
    assert mock.process.stdout
    mock.process.stdout.close()


@pytest.mark.parametrize("phi", [False, True])
def test_values_are_logged_only_with_phi(start: Start, tmp_path: Path, phi: bool) -> None:
    """Without it, why no rule matched is said without values; with it, value by value."""
    file = tmp_path / "smith.yaml"
    file.write_text("version: 1\nrules:\n  - {name: a, when: {PID-5.1: SMITH}, reply: {ack: AA}}\n", encoding="utf-8")
    mock = start(str(file), *PORTS, *(["--phi"] if phi else []))
    mock.send()
    _, said = mock.stop()

    assert phi != ("must be SMITH but has another value" in said)
    assert phi == ("FAIL PID-5.1  want SMITH  got 'Doe'" in said)
    assert phi == ("Doe" in said)


def test_a_folder_of_scenarios_is_read(start: Start, tmp_path: Path) -> None:
    """Files in order of their names; the first rule that matches answers."""
    for name, code in (("b", "AA"), ("a", "AE")):
        text = f"version: 1\nname: {name}\nrules:\n  - name: rule {name}\n    reply: {{ack: {code}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    assert "MSA|AE|M1" in start(str(tmp_path), *PORTS).send()


def test_credentials_are_checked_over_soap(start: Start, tmp_path: Path) -> None:
    """The mock refuses an account it does not know, and its log names no password."""
    file = tmp_path / "accounts.yaml"
    file.write_text("accounts: [{username: u, password: p4ss}]\n", encoding="utf-8")
    mock = start(*PORTS, "--credentials", str(file))
    child = "<username>u</username><password>wr0ng</password><hl7Message>x</hl7Message>"
    envelope = (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
        f'<submitSingleMessage xmlns="urn:cdc:iisb:2011">{child}</submitSingleMessage></e:Body></e:Envelope>'
    )
    question = urllib.request.Request(
        mock.addresses["soap"], envelope.encode(), {"Content-Type": "application/soap+xml"}
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(question, timeout=20)
    body = caught.value.read()
    _, said = mock.stop()

    assert 500 == caught.value.code
    assert b"SecurityFault" in body
    assert "SecurityFault" in said
    assert "p4ss" not in said + body.decode()
    assert "wr0ng" not in said + body.decode()


def test_both_transports_speak_tls(start: Start, tmp_path: Path) -> None:
    """https and mllps with a certificate; the addresses say so."""
    certificate, key = self_signed(tmp_path)
    mock = start("accept-all", *PORTS, "--tls-cert", str(certificate), "--tls-key", str(key))
    context = ssl.create_default_context(cafile=str(certificate))
    soap = mock.addresses["soap"].replace("127.0.0.1", "localhost")
    wsdl = fetched(soap + "?wsdl", context)

    assert ("https", "mllps") == tuple(mock.addresses[name].split(":")[0] for name in ("soap", "mllp"))
    assert b"https://localhost:" in wsdl
    assert "MSA|AA|M1" in mock.send(context=context)


def test_a_key_that_does_not_belong_is_refused(tmp_path: Path) -> None:
    """One line that names both files."""
    certificate, _ = self_signed(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = self_signed(tmp_path / "other")
    code, said = refused(*PORTS, "--tls-cert", str(certificate), "--tls-key", str(other))

    assert (2, 1) == (code, said.count("\n"))
    assert f"{certificate} and {other} cannot be used for TLS" in said


def test_an_encrypted_key_is_refused_without_asking(tmp_path: Path) -> None:
    """Nobody is there to type a pass phrase in a pipeline."""
    certificate, key = self_signed(tmp_path)
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    form, locked = serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, locked))
    code, said = refused(*PORTS, "--tls-cert", str(certificate), "--tls-key", str(key))

    assert (2, f"mockiis: {key}: the key is encrypted; give one without a pass phrase\n") == (code, said)


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and its key, made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
