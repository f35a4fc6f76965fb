"""hl7apy's MLLPServer with the cheapest handler there can be: the acknowledgment from two fields of MSH, no parsing.

It closes the connection after each message. A handler that parses with hl7apy takes some 27 ms more for each message.
"""

from __future__ import annotations

import json

from hl7apy.mllp import AbstractHandler, MLLPServer


class Accepting(AbstractHandler):
    def reply(self) -> str:
        header = self.incoming_message.partition("\r")[0].split("|")
        return f"\x0bMSH|^~\\&|||||{header[6]}||ACK^V04^ACK|1|P|2.5.1\rMSA|AA|{header[9]}\r\x1c\r"


if __name__ == "__main__":
    server = MLLPServer("127.0.0.1", 0, {"VXU^V04^VXU_V04": (Accepting,)})
    server.daemon_threads = True
    print(json.dumps({"mllp": f"mllp://127.0.0.1:{server.server_address[1]}"}), flush=True)
    server.serve_forever()
