"""No HL7 at all: counts messages and answers each with the same bytes. What is left is the cost of measuring.

Figures near this one say more about the load generator and the machine than about a server.
"""

from __future__ import annotations

import json
import selectors
import socket
from collections.abc import Callable
from functools import partial

_ACK = b"MSH|^~\\&|||||20141027111600-0500||ACK^V04^ACK|1|P|2.5.1\rMSA|AA|26999999-3\r"
_BLOCK = b"\x0b" + _ACK + b"\x1c\r"
_RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(_ACK), _ACK)

selector = selectors.DefaultSelector()


def listen(end: bytes, answer: bytes) -> str:
    """Open a port; each ``end`` that arrives there gets ``answer``."""
    port = socket.create_server(("127.0.0.1", 0))
    selector.register(port, selectors.EVENT_READ, partial(accept, port, end, answer))
    return "{}:{}".format(*port.getsockname())


def accept(port: socket.socket, end: bytes, answer: bytes) -> None:
    connection, _ = port.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    selector.register(connection, selectors.EVENT_READ, partial(reply, connection, end, answer))


def reply(connection: socket.socket, end: bytes, answer: bytes) -> None:
    data = connection.recv(262_144)
    if data:
        connection.sendall(answer * data.count(end))
    else:
        selector.unregister(connection)
        connection.close()


def main() -> None:
    addresses = {
        "soap": "http://" + listen(b"Envelope>", _RESPONSE) + "/soap",
        "mllp": "mllp://" + listen(b"\x1c", _BLOCK),
    }
    print(json.dumps(addresses), flush=True)
    while True:
        for key, _ in selector.select():
            ready: Callable[[], None] = key.data
            ready()


if __name__ == "__main__":
    main()
