"""Bytes <-> text with no sockets: MLLP blocks and SOAP envelopes. ``server`` and the sender's transports do the I/O."""
