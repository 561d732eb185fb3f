"""`mailintake --help` as it was printed before: what lays it out takes ten times as long to load as Python itself."""

import hashlib
import os
import sys
from contextlib import suppress
from io import StringIO

from mailintake.config.catalogue import spoken
from mailintake.config.kept import DIGITS, program, recall, remember

_LOOKS = ("COLUMNS", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")


class _Heard(StringIO):
    """Remembers what is written, and is to whoever asks what stdout is."""

    def isatty(self) -> bool:
        """As the real one."""
        return sys.__stdout__ is not None and sys.__stdout__.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As the real one."""
        return sys.__stdout__.encoding if sys.__stdout__ is not None else "utf-8"

    def fileno(self) -> int:
        """As the real one: how wide is the terminal?"""
        return 1

    def reconfigure(self, **_options: str) -> None:
        """Nothing is encoded here."""


def help_page(arguments: list[str]) -> None:
    """Print it, made anew where the program, the language or the terminal is another."""
    key = _key()
    known = recall(key)
    if known is None:
        known = {"page": _made(arguments)}
        remember(key, known)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    with suppress(BrokenPipeError):  # `mailintake --help | head`: the reader has what it wanted
        sys.stdout.write(str(known["page"]))
        sys.stdout.flush()
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _made(arguments: list[str]) -> str:
    from mailintake.cli import main

    sys.stdout, real = _Heard(), sys.stdout
    try:
        main(arguments)
    except SystemExit:
        return sys.stdout.getvalue()
    finally:
        sys.stdout = real
    return ""


def _key() -> str:
    try:
        wide = os.get_terminal_size().columns
    except OSError:
        wide = 0
    told = (program(), spoken(), sys.stdout.isatty(), sys.stdout.encoding, wide, *map(os.environ.get, _LOOKS))
    return f"help-{hashlib.sha256(repr(told).encode()).hexdigest()[:DIGITS]}"
