"""txHL7's MLLP server with the receiver its documentation shows, but for the log: parse with python-hl7, answer AA."""

from __future__ import annotations

import json
from typing import Any

from txHL7.mllp import MLLPFactory
from txHL7.receiver import AbstractHL7Receiver


class Accepting(AbstractHL7Receiver):
    def handleMessage(self, message_container: Any) -> Any:
        return message_container.ack()


def main() -> None:
    from twisted.internet import reactor

    port = reactor.listenTCP(0, MLLPFactory(Accepting()), interface="127.0.0.1")
    print(json.dumps({"mllp": f"mllp://127.0.0.1:{port.getHost().port}"}), flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
