"""Letters into a folder instead of the network: dry runs, the demo, an installation without SMTP."""

from collections.abc import Sequence
from pathlib import Path

from mailintake.errors import MailerRefused, MailerUnavailable
from mailintake.mailer.addresses import wire_address
from mailintake.mailer.port import Accepted


class DropMailer:
    """Each letter becomes one numbered .eml file, wholly there or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> Accepted:
        """Refuses the addresses that SMTP would refuse."""
        for address in (sender, *recipients):
            wire_address(address)
        if not recipients:
            raise MailerRefused("the letter has no recipient")
        try:
            return Accepted(f"250 kept as {drop(self._folder, raw)}")
        except OSError as error:
            raise MailerUnavailable(f"cannot write into {self._folder}: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is held open."""


def drop(folder: Path, raw: bytes) -> str:
    """Write one mail under the next free number; give the file's name."""
    folder.mkdir(parents=True, exist_ok=True)
    number = max((int(p.stem) for p in folder.glob("*.eml") if p.stem.isdigit()), default=0) + 1
    name = f"{number:04d}.eml"
    temporary = folder / f".{name}"
    temporary.write_bytes(raw)
    temporary.replace(folder / name)
    return name
