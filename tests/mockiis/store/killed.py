"""A server that is killed again and again: a parent that has everything imported forks one child after another.

Each line on standard input starts a child, which serves until it is killed, and writes its line of JSON to standard
output. The child's process id goes to standard output first.
"""

from __future__ import annotations

import os
import sys

from mockiis.cli import serve as command
from mockiis.profile.validator import validator
from mockiis.server import ledger, listeners, service  # noqa: F401  # imported once, before the children are made
from mockiis.store import sql_journal  # noqa: F401


def main() -> None:
    """One child for each line. The judge is made before them: that takes longer than they live."""
    validator()
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            options = ["--soap-port", "off", "--mllp-port", "0", "--quiet", *sys.argv[1:]]
            sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
            command.serve.main(options, standalone_mode=False)
            os._exit(0)
        print(child, flush=True)  # noqa: T201
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
