"""Who may send: accounts with a password and the facilities each may send for."""

from __future__ import annotations

from dataclasses import dataclass, field
from hmac import compare_digest

from pydantic import Field

from mockiis.document import Entry, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user name, its password, and the facility ids it may send for; no facilities means any."""

    username: str
    password: str = field(repr=False)
    facilities: tuple[str, ...] = ()


class _AccountEntry(Entry):
    username: str = Field(min_length=1)
    password: str = Field(min_length=1)
    facilities: list[str] = Field(default_factory=list)


class _File(Entry):
    accounts: list[_AccountEntry] = Field(min_length=1)


def load_accounts(text: str, name: str) -> tuple[Account, ...]:
    """Read a credentials file: ``accounts: [{username, password, facilities: [...]}]``. Raises DocumentError."""
    return tuple(
        Account(username=entry.username, password=entry.password, facilities=tuple(entry.facilities))
        for entry in load(text, name, _File).accounts
    )


def refusal(accounts: tuple[Account, ...], username: str, password: str, facility: str) -> str:
    """Why these credentials are refused; empty when they are accepted. Without accounts any are.

    Every account is compared in full and in constant time, so the time taken tells nothing about them. The
    sentence does not say which of the three was wrong.
    """
    if not accounts:
        return ""
    accepted = False
    for account in accounts:
        same = _same(account.username, username) & _same(account.password, password)
        allowed = not account.facilities
        for known in account.facilities:
            allowed |= _same(known, facility)
        accepted |= same & allowed
    return "" if accepted else "Invalid Username, Password or FacilityID"


def facilities_of(accounts: tuple[Account, ...], username: str) -> tuple[str, ...]:
    """The facilities that this user may send for; none for any."""
    own = [account.facilities for account in accounts if account.username == username]
    return tuple(facility for facilities in own for facility in facilities) if all(own) else ()


def _same(expected: str, given: str) -> bool:
    return compare_digest(expected.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass"))
