"""The sender: makes immunization messages from vaccination records, sends them, and says what came back.

Records are read in ``record``, messages are made in ``messages`` (one module a segment in ``segments``), ``send``
carries them over SOAP or MLLP, and every way a send can end is a value of ``outcome``.
"""
