"""The mails behind the 163 stand-in: folders, UIDs and the headers that Coremail adds to what arrives (pure stdlib)."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FIRST_UID = 1_390_000_000
FOLDERS = {
    "INBOX": (),
    "&g0l6P3ux-": ("\\Drafts",),  # 草稿箱
    "&XfJT0ZAB-": ("\\Sent",),  # 已发送
    "&XfJSIJZk-": ("\\Trash",),  # 已删除
    "&V4NXPpCuTvY-": ("\\Junk",),  # 垃圾邮件
    "&dcVr0mWHTvZZOQ-": (),  # 病毒文件夹
    "&Xn9USpCuTvY-": (),  # 广告邮件
    "&i6KWBZCuTvY-": (),  # 订阅邮件
}
SENT = "&XfJT0ZAB-"
JUNK = "&V4NXPpCuTvY-"
_ATT_DOWN = (
    b'<div class="netease-attDown"><span>1 attachment</span><a href="http://mail.example/down?id=1">download</a></div>'
)


@dataclass
class StoredMail:
    """One mail with its UID."""

    uid: int
    raw: bytes
    date: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class StoredFolder:
    """A folder by its name on the wire."""

    wire: str
    flags: tuple[str, ...]
    uidvalidity: int = 1  # NetEase says 1 for everybody, which proves nothing
    mails: list[StoredMail] = field(default_factory=list)
    highest: int = FIRST_UID

    def next_uid(self) -> int:
        """Ascending, with gaps."""
        self.highest += 1 + self.highest * 7 % 5
        return self.highest


class Store:
    """All folders of the one account. Every method may be called from any thread."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.folders = {wire: StoredFolder(wire, flags) for wire, flags in FOLDERS.items()}

    def load(self, folder: Path, into: str = "INBOX") -> None:
        """Add every .eml of a folder, in order of name."""
        for file in sorted(folder.glob("*.eml")):
            self.add(file.read_bytes(), into)

    def add(self, raw: bytes, folder: str = "INBOX", *, uid: int | None = None, date: datetime | None = None) -> int:
        """A mail arrives; with `uid` given even below the highest one. Gives the UID."""
        with self.lock:
            place = self.folders[folder]
            number = place.next_uid() if uid is None else uid
            place.mails.append(StoredMail(number, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), date or _now()))
            place.mails.sort(key=lambda mail: mail.uid)
            return number

    def expunge(self, folder: str, uids: Iterable[int]) -> None:
        """Mails disappear."""
        gone = set(uids)
        with self.lock:
            place = self.folders[folder]
            place.mails = [mail for mail in place.mails if mail.uid not in gone]

    def move(self, uid: int, source: str, target: str) -> int:
        """A clerk moves a mail on the web: it keeps its old date and gets a new UID."""
        with self.lock:
            mail = next(m for m in self.folders[source].mails if m.uid == uid)
            self.expunge(source, [uid])
            return self.add(mail.raw, target, date=mail.date)

    def renumber(self, folder: str = "INBOX") -> None:
        """UIDVALIDITY changes and every UID with it."""
        with self.lock:
            place = self.folders[folder]
            place.uidvalidity += 1
            place.highest = FIRST_UID - 1_000_000
            for mail in place.mails:
                mail.uid = place.next_uid()

    def mails(self, folder: str = "INBOX") -> tuple[StoredMail, ...]:
        """What lies there now, by UID."""
        with self.lock:
            return tuple(self.folders[folder].mails)


def arrived(raw: bytes, sender: str, *, mx: str = "mx7", forged: str = "", spf: str = "pass") -> bytes:
    """The mail as Coremail delivers it: `Received` on top, its verdict *behind* the sender's own headers and folded
    inside words. `forged` is an Authentication-Results the sender wrote; it ends up above the real one.
    """
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    domain = sender.rpartition("@")[2]
    transid = "gcCowADn"
    received = (
        f"Received: from mail.{domain} (unknown [192.0.2.7])\n\tby {mx} (Coremail) with SMTP id {transid};\n\t"
        "Mon, 02 Mar 2026 10:00:00 +0800 (CST)"
    )
    own = [f"Authentication-Results: {mx}; {forged}"] if forged else []
    verdict = (
        f"X-CM-TRANSID: {transid}\nAuthentication-Results: {mx}; spf={spf} smtp.mail={sender[:6]}\n\t{sender[6:]};\n"
        " dki\n\tm=none\n"
        f"X-Coremail-Antispam: 1Uf129KBjvJXoW7"
    )
    lines = [received, *own, head.decode("utf-8", "surrogateescape"), verdict]
    return "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n\n" + body


def with_download_block(raw: bytes) -> bytes:
    """The block of links that NetEase's IMAP has put into HTML bodies for some clients."""
    return raw.replace(b"</body>", _ATT_DOWN + b"</body>") if b"</body>" in raw else raw + _ATT_DOWN


def _now() -> datetime:
    return datetime.now(UTC)
