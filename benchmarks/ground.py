"""What every rival works against: a private Dovecot with the mails in as many boxes as are asked for, and an SMTP sink.
Both are processes of their own, so that their CPU is nobody's."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.dovecot import PASSWORD, Dovecot, dovecot


@dataclass
class Ground:
    """Servers that run, and the mails they hold."""

    server: Dovecot
    smtp_port: int
    mails: list[Path]
    boxes: int = 0

    @property
    def target(self) -> dict[str, Any]:
        """Where a client goes: host, port and password; the user comes from `box`."""
        at = self.server
        return {"host": at.host, "port": at.port, "password": PASSWORD, "smtp_port": self.smtp_port}

    def box(self, mails: list[Path] | None = None) -> str:
        """A user with a fresh INBOX of these mails (all of them when none are named): some rivals empty what they
        read."""
        self.boxes += 1
        user = f"box{self.boxes}"
        folder = self._folder(user)
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True)
        self.deliver(user, self.mails if mails is None else mails)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (folder, *folder.iterdir()):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        return user

    def deliver(self, user: str, mails: list[Path]) -> None:
        """Files are linked, not copied."""
        for number, file in enumerate(mails):
            size = file.stat().st_size
            name = f"{1_800_000_000 + number}.M{number}.here,S={size},W={size}:2,"
            os.link(file, self._folder(user) / "cur" / name)

    def _folder(self, user: str) -> Path:
        return self.server.log.parent / "mail" / user


@contextmanager
def ground(mails: list[Path], folder: Path) -> Iterator[Ground]:
    """Servers until the end; `folder` must lie where Dovecot's own may be linked from (the same file system)."""
    copies = folder / "mails"
    copies.mkdir()
    mine = [Path(shutil.copy2(mail, copies)) for mail in mails]
    for file in mine:
        file.chmod(0o644)
    with subprocess.Popen([sys.executable, "-m", "benchmarks.sink"], stdout=subprocess.PIPE, text=True) as sink:
        try:
            assert sink.stdout is not None
            port = int(sink.stdout.readline())
            with dovecot() as server:
                yield Ground(server, port, mine)
        finally:
            sink.kill()
