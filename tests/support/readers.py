"""Readers of tests: those that pass everything on to real ones, and those that are never asked."""

from collections.abc import Mapping
from pathlib import Path

from mailintake.model.facts import TextFacts
from mailintake.readers.port import MessageReading, Readers


class PassingOn(Readers):
    """Does what the real readers do; tests change one of its answers."""

    def __init__(self, real: Readers) -> None:
        self.real = real

    def warm_up(self) -> Mapping[str, bool]:
        return self.real.warm_up()

    def message(self, raw: Path, out: Path) -> MessageReading:
        return self.real.message(raw, out)

    def text(self, file: Path, format_: str) -> TextFacts | None:
        return self.real.text(file, format_)

    def close(self) -> None:
        self.real.close()


class NoReaders(Readers):
    """For tests in which no mail is opened."""

    def warm_up(self) -> Mapping[str, bool]:
        return {}

    def message(self, raw: Path, out: Path) -> MessageReading:
        raise AssertionError("no mail is opened here")

    def text(self, file: Path, format_: str) -> TextFacts | None:
        return None

    def close(self) -> None:
        """Nothing is open."""
