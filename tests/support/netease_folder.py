"""The mails of the 163 stand-in on disk: a folder for each IMAP folder, a file for each mail, named by its UID."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.support.netease_store import FOLDERS, Store, StoredMail

_PLAIN = {"&g0l6P3ux-": "Drafts", "&XfJT0ZAB-": "Sent", "&XfJSIJZk-": "Trash", "&V4NXPpCuTvY-": "Junk"}


class FolderStore(Store):
    """What is put into the folder as an .eml file arrives; what is sent, appended or expunged is so on disk as well.

    Flags and UIDVALIDITY last as long as the program.
    """

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.places = {wire: root / _PLAIN.get(wire, wire) for wire in FOLDERS}
        for place in self.places.values():
            place.mkdir(parents=True, exist_ok=True)
        self.look()

    def look(self) -> int:
        """Take over files that are new; gives how many. A name that is no UID is exchanged for the next one."""
        count = 0
        with self.lock:
            for wire, place in self.places.items():
                known = {mail.uid for mail in self.folders[wire].mails}
                files = sorted(place.glob("*.eml"), key=lambda file: (not file.stem.isdigit(), file.name))
                for file in files:
                    count += self._take(wire, file, known)
        return count

    def _take(self, wire: str, file: Path, known: set[int]) -> bool:
        folder = self.folders[wire]
        if file.stem.isdigit() and int(file.stem) in known:
            return False
        uid = int(file.stem) if file.stem.isdigit() else folder.next_uid()
        when = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        file = file.rename(file.with_name(f"{uid}.eml"))
        folder.highest = max(folder.highest, uid)
        raw = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        folder.mails.append(StoredMail(uid, raw, when))
        folder.mails.sort(key=lambda mail: mail.uid)
        return True

    def add(self, raw: bytes, folder: str = "INBOX", *, uid: int | None = None, date: datetime | None = None) -> int:
        """As in memory, and on disk."""
        with self.lock:
            number = super().add(raw, folder, uid=uid, date=date)
            mail = next(mail for mail in self.folders[folder].mails if mail.uid == number)
            (self.places[folder] / f"{number}.eml").write_bytes(mail.raw)
            return number

    def expunge(self, folder: str, uids: Iterable[int]) -> None:
        """As in memory, and on disk."""
        gone = tuple(uids)
        with self.lock:
            super().expunge(folder, gone)
            for uid in gone:
                (self.places[folder] / f"{uid}.eml").unlink(missing_ok=True)

    def renumber(self, folder: str = "INBOX") -> None:
        """As in memory, and on disk."""
        with self.lock:
            for file in self.places[folder].glob("*.eml"):
                file.unlink()
            super().renumber(folder)
            for mail in self.folders[folder].mails:
                (self.places[folder] / f"{mail.uid}.eml").write_bytes(mail.raw)
