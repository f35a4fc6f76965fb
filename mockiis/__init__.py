"""A mock immunization information system (IIS): what answers the messages of a vendor under test."""

__version__ = "0.1.0"
