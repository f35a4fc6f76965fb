"""What goes wrong with a store, for those who never load a database."""

from __future__ import annotations

from mockiis.errors import MockIISError, UnreachedError


class StoreError(MockIISError):
    """The database cannot be used now, or not at all: which one, why, and what to do."""


class StoreUnreachedError(StoreError, UnreachedError):
    """The database's server does not answer."""
