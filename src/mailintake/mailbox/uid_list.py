"""Numbers for files that have none: once given, a number stays with its file (what UIDs promise, RFC 3501 2.3.1.1)."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FILE_NAME = ".mailintake-uids"


class UidList:
    """Kept in the folder itself: `uidvalidity`, then one `uid key` a line. Where the folder cannot be written the
    list lives in memory under a new uidvalidity, and known mail is recognised by its bytes.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._uids: dict[str, int] = {}
        self.uidvalidity = secrets.randbelow(2**32 - 1) + 1
        with suppress(FileNotFoundError, ValueError):
            first, *lines = self._path.read_text("utf-8").splitlines()
            uids = {key: int(uid) for uid, _, key in (line.partition(" ") for line in lines)}
            self.uidvalidity, self._uids = int(first), uids

    def numbers(self, keys: Iterable[str]) -> dict[str, int]:
        """The number of each key; new keys get the next ones, in the order given."""
        ordered = tuple(keys)
        following = max(self._uids.values(), default=0) + 1
        new = [key for key in ordered if key not in self._uids]
        self._uids |= {key: uid for uid, key in enumerate(new, following)}
        if new:
            with suppress(OSError):
                self._save()
        return {key: self._uids[key] for key in ordered}

    def _save(self) -> None:
        lines = [str(self.uidvalidity), *(f"{uid} {key}" for key, uid in self._uids.items())]
        temporary = self._path.with_name(f"{FILE_NAME}.new")
        with temporary.open("w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)
