"""Load generator: keeps a server busy with one request made beforehand, and times every answer.

A process of its own (``python load.py JOB`` with the job in JSON; prints the result in JSON), so that it shares no
interpreter lock with anything, and standard library only, so that it starts at once. One thread and blocking sockets:
for one message it makes two system calls and little else.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from request import is_http, request

_ACCEPTED = b"MSA|AA|"
_CHUNK = 262_144


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to send where. It ends after ``seconds`` or ``count`` messages, whichever comes first.

    ``window`` messages are under way at once on each connection; 1 is lock-step. ``reconnect`` opens a new
    connection for each message.
    """

    address: str
    connections: int = 1
    window: int = 1
    reconnect: bool = False
    seconds: float = 1.0
    count: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``p50`` and ``p99`` are milliseconds from sending a message to its answer; ``own_cpu`` is the load generator's.

    ``total`` counts the messages of the warm-up too.
    """

    answered: int
    total: int
    seconds: float
    p50: float
    p99: float
    own_cpu: float


class Connection:
    """One connection, and when each message that is not answered yet was sent on it."""

    def __init__(self, job: Job) -> None:
        self.socket = connected(job.address)
        self.received: list[bytes] = []
        self._sent: deque[float] = deque()
        self._size = max(1, job.window // 2)
        self._window = job.window
        self._block = request(job.address) * self._size
        self._answers: Callable[[bytes], int] = _HTTPAnswers() if is_http(job.address) else _mllp_answers

    def send(self) -> int:
        """Send as many messages as the window has room for; how many that were."""
        before = len(self._sent)
        while len(self._sent) + self._size <= self._window:
            self._sent.extend([time.perf_counter()] * self._size)
            self.socket.sendall(self._block)
        return len(self._sent) - before

    def receive(self) -> list[float]:
        """Wait for more bytes; seconds that each message they answer has taken."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received.append(data)
        now = time.perf_counter()
        return [now - self._sent.popleft() for _ in range(self._answers(data))]

    @property
    def owed(self) -> int:
        """Messages sent and not answered."""
        return len(self._sent)


def connected(address: str) -> socket.socket:
    """A connection that sends at once what it is given."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    opened = socket.create_connection((parts.hostname, parts.port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _mllp_answers(data: bytes) -> int:
    return data.count(b"\x1c")


class _HTTPAnswers:
    """Counts responses by Content-Length; keep-alive without pipelining, so there is at most one at a time."""

    def __init__(self) -> None:
        self._buffer = b""

    def __call__(self, data: bytes) -> int:
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        if not blank or len(body) < _content_length(head):
            return 0
        self._buffer = b""
        return 1


def _content_length(head: bytes) -> int:
    _, name, rest = head.lower().partition(b"\r\ncontent-length:")
    if not name:
        raise ConnectionError("the response has no Content-Length")
    return int(rest.partition(b"\r\n")[0])


def run(job: Job) -> Result:
    """Warm the server up, then measure."""
    perform = _reconnecting if job.reconnect else _kept_alive
    warm_up, _ = perform(replace(job, seconds=job.seconds / 5, count=min(500, job.count)))
    started, cpu = time.perf_counter(), time.process_time()
    times, received = perform(job)
    seconds, own_cpu = time.perf_counter() - started, time.process_time() - cpu
    accepted = sum(b"".join(chunks).count(_ACCEPTED) for chunks in received)
    if accepted != len(times):
        raise ConnectionError(f"{accepted} of {len(times)} messages were accepted: {received[0][0]!r}")
    times.sort()
    return Result(
        answered=len(times),
        total=len(times) + len(warm_up),
        seconds=seconds,
        p50=1000 * times[len(times) // 2],
        p99=1000 * times[int(len(times) * 0.99)],
        own_cpu=own_cpu,
    )


def _kept_alive(job: Job) -> tuple[list[float], list[list[bytes]]]:
    """Seconds of each message, and what came back on each connection."""
    with ExitStack() as stack:
        connections = [Connection(job) for _ in range(job.connections)]
        for connection in connections:
            stack.enter_context(connection.socket)
        times = _drive(connections, _readable(connections, stack), job)
    return times, [connection.received for connection in connections]


def _drive(connections: Sequence[Connection], ready: Callable[[], Iterable[Connection]], job: Job) -> list[float]:
    end = time.perf_counter() + job.seconds
    times: list[float] = []
    sent = sum(connection.send() for connection in connections)
    while len(times) < sent:
        for connection in ready():
            times += connection.receive()
            if sent < job.count and time.perf_counter() < end:
                sent += connection.send()
    return times


def _readable(connections: Sequence[Connection], stack: ExitStack) -> Callable[[], Iterable[Connection]]:
    """What gives the connections with bytes to read. A single one is read without asking first."""
    if len(connections) == 1:
        return lambda: connections
    selector = stack.enter_context(selectors.DefaultSelector())
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    return lambda: [key.data for key, _ in selector.select()]


def _reconnecting(job: Job) -> tuple[list[float], list[list[bytes]]]:
    end = time.perf_counter() + job.seconds
    times: list[float] = []
    received: list[list[bytes]] = []
    while not times or (len(times) < job.count and time.perf_counter() < end):
        started = time.perf_counter()
        received.append(_once(job))
        times.append(time.perf_counter() - started)
    return times, received


def _once(job: Job) -> list[bytes]:
    connection = Connection(job)
    with connection.socket:
        connection.send()
        while connection.owed:
            connection.receive()
    return connection.received


def first_answer(address: str) -> None:
    """Send one message over a new connection and wait for its answer."""
    answer = b"".join(_once(Job(address=address)))
    if _ACCEPTED not in answer:
        raise ConnectionError(f"the message was not accepted: {answer!r}")


if __name__ == "__main__":
    print(json.dumps(asdict(run(Job(**json.loads(sys.argv[1]))))))
