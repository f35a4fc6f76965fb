"""WireMock standalone as a SOAP mock: one XPath matcher, a templated answer that echoes MSH-10, its journal on.

The npm package ``wiremock`` carries the jar; it is installed into a temporary folder at the first run. Prints its
address when it is ready.
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NoReturn

FOLDER = Path(tempfile.gettempdir()) / "mockiis-benchmark-wiremock"
MAPPING = {
    "request": {
        "method": "POST",
        "urlPath": "/soap",
        "bodyPatterns": [
            {
                "matchesXPath": {
                    "expression": "//urn:hl7Message/text()",
                    "contains": "|VXU^V04^VXU_V04|",
                },
                "xPathNamespaces": {"urn": "urn:cdc:iisb:2011"},
            }
        ],
    },
    "response": {
        "status": 200,
        "headers": {"Content-Type": "application/soap+xml; charset=utf-8"},
        "transformers": ["response-template"],
        "body": (
            '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
            '<submitSingleMessageResponse xmlns="urn:cdc:iisb:2011"><return>'
            "MSH|^~\\&amp;|NDIIS|ND0000|EHR|C|{{now format='yyyyMMddHHmmss'}}||ACK^V04^ACK|1|P|2.5.1&#13;"
            "MSA|AA|{{regexExtract request.body '\\|VXU\\^V04\\^VXU_V04\\|([^|]*)\\|' 'found'}}{{found.0}}&#13;"
            "</return></submitSingleMessageResponse></s:Body></s:Envelope>"
        ),
    },
}


def jar() -> Path:
    """The jar, fetched once."""
    found = list(FOLDER.glob("node_modules/wiremock/build/*.jar"))
    if not found:
        FOLDER.mkdir(exist_ok=True)
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "install", "--silent", "--prefix", str(FOLDER), "wiremock"], check=True, timeout=300)
        found = list(FOLDER.glob("node_modules/wiremock/build/*.jar"))
    return found[0]


def _stop(*_: object) -> NoReturn:
    sys.exit(0)


def main() -> None:
    """Start it, load the mapping, and wait to be stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    signal.signal(signal.SIGTERM, _stop)
    options = [
        "--port",
        str(port),
        "--bind-address",
        "127.0.0.1",
        "--disable-banner",
        "--use-chunked-encoding",
        "never",
    ]
    java = subprocess.Popen(["java", "-jar", str(jar()), *options], stdout=subprocess.DEVNULL)
    try:
        _post(f"http://127.0.0.1:{port}/__admin/mappings", MAPPING)
        print(json.dumps({"soap": f"http://127.0.0.1:{port}/soap"}), flush=True)
        java.wait()
    finally:
        java.terminate()
        java.wait(10)


def _post(url: str, body: Any) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    for _ in range(600):
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("WireMock did not start")


if __name__ == "__main__":
    main()
