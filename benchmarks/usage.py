"""What a process has used, by psutil or /proc: CPU time and memory. Without either there are no such figures."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

try:
    import psutil
except ImportError:
    psutil = None

NOT_KNOWN = "not known: install psutil"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """CPU seconds since the process started, and the bytes it has in memory now (RSS)."""

    cpu: float
    memory: int


def usage(pid: int) -> Usage | None:
    """Usage of a process and its children; None where neither psutil nor /proc is there."""
    if psutil is not None:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]  # on Windows the python.exe of a virtual environment has one
        times = [member.cpu_times() for member in family]
        return Usage(
            cpu=sum(time.user + time.system for time in times),
            memory=sum(member.memory_info().rss for member in family),
        )
    folder = Path(f"/proc/{pid}")
    return _from_proc(folder) if folder.exists() else None


def _from_proc(folder: Path) -> Usage:
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    pages = int((folder / "statm").read_text().split()[1])
    return Usage(
        cpu=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        memory=pages * os.sysconf("SC_PAGE_SIZE"),
    )
