"""mailintake completion: what a shell needs to complete commands and options."""

from enum import StrEnum
from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.words import say


class Shell(StrEnum):
    """Shells that are known."""

    BASH = "bash"
    ZSH = "zsh"


Which = Annotated[Shell, Parameter(help=say("completion.shell.help"))]


def completion(shell: Which) -> int:
    """A script on stdout."""
    from mailintake.cli import app

    print(app.generate_completion(shell=shell.value), end="")
    return 0
