"""What is wrong with a command line, in one Chinese sentence, and the command that shows how to write it."""

from difflib import get_close_matches

from cyclopts import (
    App,
    Argument,
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from mailintake.cli.words import say
from mailintake.errors import UsageError


def usage_error(fault: CycloptsError, app: App) -> UsageError:
    """The fault in our words, with `mailintake COMMAND --help` as the way out."""
    chain = " ".join(fault.command_chain or ())
    return UsageError(_sentence(fault, app), fix=" ".join(f"mailintake {chain} --help".split()))


def _sentence(fault: CycloptsError, app: App) -> str:
    name = _shown(fault.argument) if fault.argument else ""
    if isinstance(fault, UnknownCommandError):
        word = (fault.unused_tokens or ("",))[0]
        return say("usage.command", word=word) + _near(word, _commands(app, fault))
    if isinstance(fault, UnknownOptionError):
        word = fault.token.keyword or fault.token.value
        known = [n for argument in fault.argument_collection for n in argument.names]
        return say("usage.option", word=word) + _near(word, known)
    if isinstance(fault, MissingArgumentError):
        return say("usage.missing", name=name)
    if isinstance(fault, CoercionError) and fault.token is not None:
        return say("usage.value", name=name, got=fault.token.value)
    if isinstance(fault, RepeatArgumentError):
        return say("usage.twice", name=fault.token.keyword or name)
    if isinstance(fault, UnusedCliTokensError):
        return say("usage.too_many", words=" ".join(fault.unused_tokens or ()))
    fault.verbose = False
    return say("usage.other", detail=str(fault).strip())


def _shown(argument: Argument) -> str:
    """Positional parameters are written in capitals, as the help shows them."""
    return argument.name if argument.index is None else argument.name.lstrip("-").upper()


def _commands(app: App, fault: CycloptsError) -> list[str]:
    for name in fault.command_chain or ():
        app = app[name]
    return [name for name in app if not name.startswith("-")]


def _near(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return say("usage.near", word=near[0]) if near else ""
