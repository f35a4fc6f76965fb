"""The command ``mockiis`` itself, which finds the others."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mockiis.cli import command


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("serv", "there is no command 'serv'; did you mean 'serve'?"),
        ("xyz", "there is no command 'xyz'; there are certify, codes, explain, "),
        ("--hepl", "No such option"),
    ],
)
def test_a_command_with_a_slip_in_its_name_is_told_the_nearest(name: str, said: str) -> None:
    """Or all of them, where none is near."""
    result = CliRunner().invoke(command, [name])

    assert (2, True) == (result.exit_code, said in result.output)
