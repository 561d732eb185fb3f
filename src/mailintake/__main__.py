"""python -m mailintake, and the command `mailintake`: the language first, then everything that speaks it."""

import gc
import sys

from mailintake import __version__
from mailintake.config.catalogue import Language, speak

_OPTION = "--lang"
_VERSION = "--version"
_HELP = (["--help"], ["-h"])
_RARELY = 20_000  # new values between two looks for cycles; 700 would be a sixth of what a start takes


def main() -> None:
    """`--lang en` anywhere on the command line, else $MAILINTAKE_LANG, else Chinese; help texts are worded when the
    commands are imported, so it is settled before."""
    told, rest = _chosen(sys.argv[1:])
    if rest == [_VERSION]:  # asked by scripts again and again: no command is needed to say it
        sys.stdout.write(f"{__version__}\n")
        return
    if told is not None:
        speak(told)
    gc.set_threshold(_RARELY)
    if rest in _HELP:
        from mailintake.page_of_help import help_page

        help_page(rest)
        return
    from mailintake.cli import main as run

    try:
        run(rest)
    finally:
        gc.freeze()  # the process ends: a last look for cycles among all it has loaded would be a sixth of a short run


def _chosen(arguments: list[str]) -> tuple[Language | None, list[str]]:
    """The language that is asked for, and the arguments without it; one that is not known is left to the command."""
    found, rest = None, list(arguments)
    for at, word in enumerate(arguments):
        value = word.partition("=")[2] if word.startswith(f"{_OPTION}=") else "".join(arguments[at + 1 : at + 2])
        if word.split("=")[0] == _OPTION and value in set(Language):
            found = Language(value)
            del rest[at : at + (1 if "=" in word else 2)]
            break
    return found, rest


if __name__ == "__main__":
    main()
