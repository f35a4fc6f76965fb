"""A mock immunization information system (IIS): what answers the messages of a vendor under test.

with mockiis.running("accept-all") as iis:
    ... send to iis.soap_url or iis.mllp_address ...
    iis.assert_received(message="VXU", count=1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockiis.version import VERSION

if TYPE_CHECKING:
    from mockiis.process import running

__all__ = ["running"]
__version__ = VERSION


def __getattr__(name: str) -> Any:
    """Import what starts a mock only for those who do: every command imports this package."""
    if name == "running":
        from mockiis.process import running

        return running
    raise AttributeError(f"module 'mockiis' has no attribute {name!r}")
