"""Who may send."""

from __future__ import annotations

import pytest

from mockiis.errors import DocumentError
from mockiis.server.accounts import Account, load_accounts, refusal

CLINIC = Account(username="clinic", password="Sömmer-1", facilities=("04999", "04998"))
PHARMACY = Account(username="pharmacy", password="two")
NO = "Invalid Username, Password or FacilityID"


@pytest.mark.parametrize(
    ("username", "password", "facility", "refused"),
    [
        ("clinic", "Sömmer-1", "04999", ""),
        ("clinic", "Sömmer-1", "04998", ""),
        ("clinic", "Sömmer-1", "04997", NO),
        ("clinic", "Sömmer-1", "", NO),
        ("clinic", "wrong", "04999", NO),
        ("Clinic", "Sömmer-1", "04999", NO),
        ("clinic", "two", "04999", NO),
        ("pharmacy", "two", "anything", ""),
        ("pharmacy", "two", "", ""),
        ("", "", "", NO),
        ("\ud800", "\udfff", "", NO),
    ],
)
def test_an_account_may_send_for_its_facilities(username: str, password: str, facility: str, refused: str) -> None:
    """User name and password must be exact; an account without facilities may send for any."""

    assert refused == refusal((CLINIC, PHARMACY), username, password, facility)


def test_without_accounts_anyone_is_accepted() -> None:
    """A mock that was given no credentials does not ask for them."""

    assert "" == refusal((), "whoever", "", "")


def test_a_credentials_file_lists_accounts() -> None:
    """The password 007 stays text, and no facilities means any."""
    text = "accounts:\n  - {username: a, password: 007, facilities: [01, 02]}\n  - {username: b, password: x}\n"

    assert (
        Account(username="a", password="007", facilities=("01", "02")),
        Account(username="b", password="x"),
    ) == load_accounts(text, "accounts.yaml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("accounts: []\n", "a.yaml:1:1: accounts: "),
        ("accounts:\n  - {username: a}\n", "a.yaml:2:5: accounts.1: 'password' is missing"),
        ("acounts: []\n", "a.yaml:1:1: acounts: unknown key 'acounts'; did you mean 'accounts'?"),
    ],
)
def test_a_wrong_credentials_file_says_where_and_what(text: str, problem: str) -> None:
    """File, line and column, and no password in the sentence."""
    with pytest.raises(DocumentError) as caught:
        load_accounts(text, "a.yaml")

    assert any(line.startswith(problem) for line in str(caught.value).splitlines()), str(caught.value)


def test_a_password_is_not_shown() -> None:
    """An account that ends up in a log does not give its password away."""

    assert "Sömmer" not in repr(CLINIC)
